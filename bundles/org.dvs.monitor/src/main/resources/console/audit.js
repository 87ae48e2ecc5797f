// Who asked what of which node, and what came of it: filter, take away as a file, verify.
import {h, fill, problem, copyButton} from './dom.js';
import {get, post} from './api.js';
import {form} from './form.js';
import {words, commandLine} from './words.js';
import {result} from './result.js';

export async function audit(main, path, query) {
  const catalogue = await get('api/catalogue');
  const [list, verify] = ['audit list', 'audit verify'].map(command => catalogue.requests.find(request => request.command.join(' ') === command));
  const place = h('div');
  fill(main, h('h1', {}, 'Audit ', h('small', {}, 'who asked what of which node, and what came of it')), place);
  if (!list || !verify) {
    fill(place, problem({title: 'This node serves no requests about the audit now'}));
    return null;
  }
  if (!list.allowed) {
    fill(place, h('p', {class: 'panel hint'}, `The audit is for the role ${list.role}, which you do not have. The command: `, h('code', {class: 'code'}, 'dvs audit list --all')));
    return null;
  }
  const outcome = h('div');
  const fields = form(list, changed, Object.fromEntries(query));
  const nodes = h('input', {id: 'audit-nodes', value: query.get('nodes') || '*', spellcheck: 'false', oninput: changed});
  const line = h('code', {class: 'words', 'aria-label': 'The command that does the same'});
  let shown = null;
  let asks = 0;

  const current = (request, values) => words(request, values, [['nodes', nodes.value.trim() || '*']]);

  function changed() {
    line.textContent = commandLine(current(list, fields.values()));
  }

  async function start(request, values) {
    const mine = ++asks;
    try {
      const all = current(request, values);
      const tree = await post('api/jobs', all.map(word => ['w', word]));
      if (mine !== asks) {
        return;
      }
      if (shown) {
        shown.close();
      }
      shown = result(tree.job, commandLine(all));
      fill(outcome, shown.element);
    } catch (error) {
      if (mine === asks) {
        fill(outcome, problem(error));
      }
    }
  }

  fill(place, h('form', {class: 'panel', novalidate: true, onsubmit: async event => {
    event.preventDefault();
    if (fields.check()) {
      await start(list, fields.values());
    }
  }}, h('details', {open: query.size > 0}, h('summary', {}, 'Filter'), fields.element), h('div', {class: 'row'}, h('label', {for: 'audit-nodes'}, 'Nodes'), nodes,
    h('button', {class: 'main'}, 'Show'), h('button', {type: 'button', onclick: () => start(verify, {})}, 'Verify'), line, copyButton(() => line.textContent)),
  h('p', {class: 'soft'}, 'JSON and CSV beside the result are all of it, for other tools.')), outcome);
  changed();
  await start(list, fields.values());
  return () => {
    asks += 1;
    if (shown) {
      shown.close();
    }
  };
}
