// All requests by family; a form for each out of its own description; who will get it; what became of it.
import {h, fill, patch, copyButton, problem, freshId, reveal} from './dom.js';
import {get, post} from './api.js';
import {on} from './live.js';
import {form} from './form.js';
import {words, commandLine} from './words.js';
import {result} from './result.js';

export async function requests(main, path, query) {
  const list = h('nav', {class: 'families', 'aria-label': 'Requests'});
  const search = h('input', {type: 'search', placeholder: 'Find a request', 'aria-label': 'Find a request', oninput: () => drawList()});
  const place = h('div');
  fill(main, h('h1', {}, 'Requests'), h('div', {class: 'split'}, h('div', {}, search, list), place));
  let catalogue = await get('api/catalogue');
  let shown = null;
  let open = null;

  function drawList() {
    const families = new Map();
    const wanted = search.value.trim().toLowerCase();
    for (const request of catalogue.requests.filter(each => `${each.command.join(' ')} ${each.name} ${each.help}`.toLowerCase().includes(wanted))) {
      families.set(request.command[0], [...(families.get(request.command[0]) || []), request]);
    }
    patch(list, families.size ? null : h('p', {class: 'empty'}, 'none'), [...families].map(([family, members]) => [h('h2', {}, family), h('ul', {}, members.map(request => h('li', {}, h('a', {
      href: `#/requests/${request.command.join('/')}`, title: request.help, 'aria-current': shown && request.name === shown.name ? 'page' : false,
      class: request.allowed ? false : 'soft'}, request.command.slice(1).join(' ')))))]));
  }

  function drawForm() {
    const command = path.join(' ');
    const request = catalogue.requests.find(each => each.command.join(' ') === command);
    if (request && shown && JSON.stringify(request) === JSON.stringify(shown)) {
      return;
    }
    if (open) {
      open.close();
      open = null;
    }
    shown = request || null;
    if (!command) {
      fill(place, h('p', {class: 'soft'}, 'Choose a request. Each form is made from what the request says of itself; a bundle with a new one has its form here the moment it is there.'));
    } else if (!request) {
      fill(place, problem({title: `This node serves no request '${command}' now`, next: 'The form comes when the bundle that serves it comes.'}));
    } else {
      open = requestForm(place, request, catalogue, query);
    }
  }

  drawForm();
  drawList();
  reveal(list);
  const again = async () => {
    catalogue = await get('api/catalogue', true);
    drawForm();
    drawList();
  };
  const off = [on('catalogue', again), on('again', again)];
  return () => {
    off.forEach(end => end());
    if (open) {
      open.close();
    }
  };
}

/** {close()} */
export function requestForm(place, request, catalogue, query) {
  const line = h('code', {class: 'words', 'aria-label': 'The command that does the same'});
  const preview = h('p', {class: 'soft preview', role: 'status'});
  const outcome = h('div');
  const fields = form(request, changed, Object.fromEntries(query));
  const set = h('input', {id: freshId('nodes'), value: query.get('nodes') || '', placeholder: 'e.g. node[0-2], @group, *,!node1', spellcheck: 'false', oninput: () => { pick.value = 'set'; changed(); }});
  const pick = h('select', {'aria-label': 'Nodes', onchange: () => { if (pick.value === 'set') { set.focus(); } changed(); }},
    h('option', {value: 'local'}, 'this node'), h('option', {value: 'all', selected: query.has('all')}, `all (${catalogue.nodes.length})`),
    Object.keys(catalogue.groups).map(group => h('option', {value: `@${group}`}, `group ${group}`)), h('option', {value: 'set', selected: query.has('nodes')}, 'a set'));
  const options = catalogue.options.filter(option => !['nodes', 'group', 'all'].includes(option.word)).map(option => {
    const id = freshId('option');
    const input = h('input', {id, name: option.word, placeholder: option.placeholder, spellcheck: 'false', oninput: changed});
    return {word: option.word, input, element: h('div', {class: 'field'}, h('label', {for: id}, option.word), input, h('span', {class: 'help'}, option.help))};
  });
  const confirm = h('input', {type: 'checkbox', id: freshId('confirm'), onchange: changed});
  const send = h('button', {class: 'main', disabled: !request.allowed}, request.changes ? 'Do it' : 'Ask');
  let running = null;
  let timer = null;

  function current() {
    const chosen = [];
    if (pick.value === 'all') {
      chosen.push(['all', true]);
    } else if (pick.value === 'set') {
      chosen.push(['nodes', set.value.trim()]);
    } else if (pick.value.startsWith('@')) {
      chosen.push(['nodes', pick.value]);
    }
    options.filter(option => option.input.value.trim() !== '').forEach(option => chosen.push([option.word, option.input.value.trim()]));
    if (request.destructive && confirm.checked) {
      chosen.push(['yes', true]);
    }
    return words(request, fields.values(), chosen);
  }

  function changed() {
    line.textContent = commandLine(current());
    clearTimeout(timer);
    timer = setTimeout(plan, 250);
  }

  async function plan() {
    if (!request.allowed) {
      // To be refused is a line in the audit.
      return;
    }
    try {
      const tree = await post('api/plan', current().map(word => ['w', word]));
      preview.className = 'soft preview';
      preview.textContent = `Goes to ${tree.folded} (${tree.nodes.length}); needs role ${tree.role}${tree.destructive ? '; destroys something' : tree.changes ? '; changes something' : ''}.`;
    } catch (error) {
      preview.className = 'preview bad';
      preview.textContent = `${error.title || ''} ${error.detail || ''}`;
    }
  }

  /** What is sent to whom, and what was found out about it without sending it. */
  async function dry() {
    if (!fields.check()) {
      return;
    }
    try {
      const tree = await post('api/plan', current().map(word => ['w', word]));
      fill(outcome, h('section', {class: 'panel', 'aria-label': 'Dry run'}, h('h2', {}, 'Dry run ', h('small', {}, 'nothing was sent')), h('dl', {class: 'facts'},
        [['request', tree.request], ['nodes', `${tree.folded} (${tree.nodes.length})`], ['role', tree.role],
          ['does', tree.destructive ? 'destroys something' : tree.changes ? 'changes something' : 'only reads'],
          ...Object.entries(tree.values).map(([name, value]) => [name, Array.isArray(value) ? value.join(' ') : String(value)])]
          .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
      h('p', {class: 'soft'}, 'Checked here: the request is known, you have its role, each value is of its type and in its range, the nodes are registered. '
        + 'What only a node can know, such as whether a file is there, it says when it is asked.')));
    } catch (error) {
      fill(outcome, problem(error));
    }
  }

  async function submit(event) {
    event.preventDefault();
    if (!fields.check()) {
      return;
    }
    if (request.destructive && !confirm.checked) {
      fill(outcome, problem({title: 'This destroys something; nothing was sent', next: 'If you mean it, say so above.'}));
      confirm.focus();
      return;
    }
    await start();
  }

  async function start() {
    send.disabled = true;
    try {
      const list = current();
      const tree = await post('api/jobs', [...list.map(word => ['w', word]), ...(confirm.checked ? [['confirm', 'yes']] : [])]);
      if (running) {
        running.close();
      }
      running = result(tree.job, commandLine(list), request.parameters.some(parameter => parameter.name === 'interval'));
      fill(outcome, running.element);
    } catch (error) {
      fill(outcome, problem(error));
    } finally {
      send.disabled = !request.allowed;
    }
  }

  fill(place, h('form', {class: 'panel', onsubmit: submit, novalidate: true},
    h('h2', {}, request.command.join(' '), ' ', h('small', {}, request.name), ' ',
      h('span', {class: 'tag'}, request.role), request.changes ? [' ', h('span', {class: 'tag'}, request.destructive ? 'destroys' : 'changes')] : null), h('p', {}, request.help), fields.element,
    h('fieldset', {}, h('legend', {}, 'Who gets it'), h('div', {class: 'row'}, pick, h('label', {for: set.id}, 'set'), set),
      h('details', {}, h('summary', {}, 'How'), h('div', {class: 'fields'}, options.map(option => option.element)))),
    request.destructive ? h('p', {class: 'row'}, confirm, h('label', {for: confirm.id}, 'Yes, I know that it destroys something')) : null,
    preview, h('div', {class: 'row'}, send, h('button', {type: 'button', onclick: dry, disabled: !request.allowed}, 'Dry run'), line, copyButton(() => commandLine(current()))),
    request.allowed ? null : h('p', {class: 'warn'}, `It needs the role ${request.role}, which you do not have.`)), outcome);
  changed();
  return {close: () => {
    clearTimeout(timer);
    if (running) {
      running.close();
    }
  }};
}
