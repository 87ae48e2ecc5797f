// The configuration files of a node: what stands in them, whether it is good, what counts; and how to change them.
import {h, fill, problem, copyButton, reveal} from './dom.js';
import {get, session} from './api.js';
import {words, commandLine} from './words.js';
import {ask, askOne} from './ask.js';
import {inMemory} from './table.js';
import {diff} from './diff.js';

/** How long the page has a request wait. */
const WAIT = '10s';

/** Errors after which the same change can be made a little later, and what to do then. */
const LATER = {
  // Somebody else was faster.
  'DVS-CLU-1008': 'Below is what your text would change now. Look at it, then change it again.',
  // Changes of one node wait for each other, and the page has no more time to allow.
  'DVS-REQ-0061': `The change was not made within ${WAIT}: another may be under way on this node, see Jobs. Below is what your text would change; change it again when that has ended.`,
};

export async function configuration(main, path) {
  const [overview, catalogue] = await Promise.all([get('api/overview'), get('api/catalogue')]);
  const requests = Object.fromEntries(['files', 'show', 'check', 'explain', 'set'].map(word => [word,
    catalogue.requests.find(request => request.command.join(' ') === `config ${word}`)]));
  const [node = overview.cluster ? overview.cluster.local : session.node, chosen = ''] = path;
  const names = [...new Set([node, ...catalogue.nodes])].sort();
  const choose = h('select', {'aria-label': 'Node', onchange: () => { location.hash = `#/configuration/${choose.value}/${chosen}`; }},
    names.map(name => h('option', {value: name, selected: name === node}, name)));
  const files = h('nav', {class: 'families', 'aria-label': 'Files'});
  const place = h('div');
  fill(main, h('h1', {}, 'Configuration of ', choose, h('small', {}, 'what stands in the files, and what counts')), h('div', {class: 'split'}, files, place));
  const line = (word, values) => words(requests[word], values, [['nodes', node], ['timeout', WAIT]]);
  let text = null;

  async function list() {
    const {rows} = await askOne(line('files', {}));
    fill(files, h('ul', {}, h('li', {}, link('', 'All settings')), rows.map(([name]) => h('li', {}, link(name, name.replace('org.dvs.', ''))))));
    reveal(files);
  }

  function link(name, title) {
    return h('a', {href: `#/configuration/${node}/${name}`, 'aria-current': name === chosen ? 'page' : false, title: name || false}, title);
  }

  /** All settings with their origins, and all problems of the node's files. */
  async function all() {
    const check = h('div');
    fill(place, h('div', {class: 'panel'}, h('h2', {}, 'Check'), check), h('h2', {}, 'What counts, and where it comes from'), await effective({}));
    await checked(check, {});
  }

  async function effective(values) {
    const list = line('explain', values);
    const table = document.createElement('dvs-table');
    try {
      const {rows} = await askOne(list);
      const at = requests.explain.columns.map((column, index) => ({...column, index})).filter(column => !column.wide || column.name === 'default');
      table.show('Settings that count', at, inMemory(rows.map(row => at.map(column => row[column.index]))),
        (column, value) => (column.name === 'origin' && value !== 'default' && value !== 'unset' ? h('b', {}, value) : null));
      return h('div', {}, table, h('p', {}, copyButton(() => commandLine(list))));
    } catch (error) {
      return problem(error);
    }
  }

  /** @return true if nothing is wrong */
  async function checked(where, values) {
    fill(where, h('p', {class: 'soft'}, 'checking …'));
    const {tree, rows} = await ask(line('check', values));
    const wrong = tree.groups.find(group => group.error);
    if (!wrong) {
      fill(where, h('p', {}, h('span', {class: 'pill ok'}, 'good'), ' Nothing is wrong.'));
      return true;
    }
    // A check that finds something ends with its first problem, and its rows are all of them.
    const found = rows.length ? rows.map(row => row.slice(1)) : null;
    fill(where, h('p', {}, h('span', {class: 'pill bad'}, 'not good'), ` ${wrong.error.detail || wrong.error.title}`),
      found && h('ul', {}, found.map(([name, at, column, code, what]) => h('li', {}, h('b', {}, `${name}:${at}:${column}`), ` ${code} ${what}`))));
    return false;
  }

  async function one() {
    const pid = chosen.replace(/\.cfg(\.json)?$/, '').replace(/^(org\.dvs\.[a-z.]+)-/, '$1~');
    const outcome = h('div');
    const editor = h('textarea', {class: 'editor', spellcheck: 'false', wrap: 'off', 'aria-label': `Text of ${chosen}`});
    let before = null;
    fill(place, h('h2', {}, chosen), outcome);
    if (!requests.show.allowed) {
      fill(outcome, h('p', {class: 'panel hint'}, `To see the file itself needs the role ${requests.show.role}; what counts of it is below.`));
      place.append(h('h2', {}, 'What counts, and where it comes from'), await effective({pid}));
      return;
    }
    const may = requests.set && requests.set.allowed;
    const buttons = h('div', {class: 'row'}, h('button', {type: 'button', onclick: guarded(check)}, 'Check'),
      may ? h('button', {type: 'button', class: 'main', onclick: guarded(preview)}, 'Show what would change') : null,
      h('button', {type: 'button', onclick: guarded(load)}, 'Load it anew'),
      may ? null : h('span', {class: 'soft'}, 'To change it needs the role admin; you can try what a change would be worth.'));
    fill(place, h('div', {class: 'panel'}, h('h2', {}, chosen), editor, buttons, outcome), h('h2', {}, 'What counts, and where it comes from'));
    const effect = h('div');
    let effects = 0;
    place.append(effect);
    await guarded(load)();

    function guarded(work) {
      return async () => {
        try {
          await work();
        } catch (error) {
          fill(outcome, problem(error));
        }
      };
    }

    /** The text as it is on the disk: cells of tables are made printable and cut. */
    async function read() {
      const {job} = await askOne(line('show', {file: chosen}));
      const file = await get(`api/jobs/${job}/download?format=json`, true);
      const row = (file.nodes[0].rows || file.groups[0].rows)[0];
      return {text: row.text, sha256: row.sha256};
    }

    async function load() {
      fill(outcome);
      before = await read();
      editor.value = before.text;
      text = before.text;
      await counts();
    }

    /** What counts now; an answer that was overtaken by a later one is not shown. */
    async function counts() {
      const mine = ++effects;
      const now = await effective({pid});
      if (mine === effects) {
        fill(effect, now);
      }
    }

    async function check() {
      await checked(outcome, {file: chosen, text: editor.value});
    }

    async function preview() {
      if (editor.value === before.text) {
        fill(outcome, h('p', {class: 'soft'}, 'Nothing would change.'));
        return;
      }
      const mine = h('div');
      if (await checked(mine, {file: chosen, text: editor.value})) {
        offer(mine, editor.value);
      } else {
        fill(outcome, mine);
      }
    }

    /** Says what has been found, shows what would change, and asks whether to. */
    function offer(found, wanted) {
      fill(outcome, found, diff(before.text, wanted), h('p', {class: 'row'},
        h('button', {type: 'button', class: 'main', onclick: guarded(() => change(wanted))}, `Change ${chosen} on ${node}`),
        copyButton(() => commandLine(line('set', {file: chosen, text: wanted, was: before.sha256})))));
      outcome.querySelector('button.main').focus();
    }

    async function change(wanted) {
      fill(outcome, h('p', {class: 'soft', role: 'status'}, `changing ${chosen} on ${node} …`));
      try {
        await askOne(line('set', {file: chosen, text: wanted, was: before.sha256}));
      } catch (error) {
        const next = LATER[error.code];
        if (next) {
          // What was typed stays, beside what stands there now.
          before = await read();
          offer(problem({...error, next}), editor.value);
          return;
        }
        throw error;
      }
      await load();
      fill(outcome, h('p', {}, h('span', {class: 'pill ok'}, 'changed'), ' It counts within two seconds; see below.'));
      setTimeout(counts, 2500);
    }
  }

  if (!requests.files || !requests.explain || !requests.check) {
    fill(place, problem({title: 'This node serves no requests about the configuration now'}));
    return null;
  }
  await Promise.all([list().catch(error => fill(files, problem(error))), (chosen ? one() : all()).catch(error => fill(place, problem(error)))]);
  const asks = event => {
    const editor = place.querySelector('.editor');
    if (editor && text !== null && editor.value !== text) {
      event.preventDefault();
    }
  };
  addEventListener('beforeunload', asks);
  return () => removeEventListener('beforeunload', asks);
}
