// What became of a job: each node's state while it runs, rows as they come, then the answers: folded, merged, compared.
import {h, fill, patch, perFrame, copyButton, problem} from './dom.js';
import {get, post} from './api.js';
import {duration} from './format.js';
import {on, stream} from './live.js';
import {inMemory} from './table.js';

const STATES = ['ok', 'failed', 'silent', 'skipped'];
/** Rows of a running job that are shown while they come. */
const LIVE = 2000;
/** Folded answers that are named one by one. */
const GROUPS = 12;

/** {element, close()} @param line the command line, if it is known @param streams true if its rows tell of one moment after the other */
export function result(id, line = null, streams = false) {
  const head = h('div', {class: 'row'});
  const nodes = h('ul', {class: 'chips', 'aria-label': 'Nodes'});
  const body = h('div');
  const trouble = h('div');
  const element = h('section', {class: 'panel', 'aria-label': `Job ${id}`}, head, trouble, nodes, body);
  const cancel = h('button', {type: 'button', class: 'small', title: `dvs job cancel ${id}`, onclick: () => act('cancel')}, 'Cancel');
  const retry = h('button', {type: 'button', class: 'small', title: `dvs job retry ${id}`, onclick: () => act('retry')}, 'Run again where it was not ok');
  const copy = copyButton(() => line || `dvs job info ${id}`);
  let shownComplete = false;
  let drawn = false;
  let closed = false;
  let source = null;

  async function act(what, confirm) {
    try {
      fill(trouble);
      const tree = await post(`api/jobs/${id}/${what}`, confirm ? [['confirm', 'yes']] : []);
      if (what === 'retry') {
        location.hash = `#/jobs/${tree.job}`;
      } else {
        progress(tree);
      }
    } catch (error) {
      if (error.code === 'DVS-CLI-1002') {
        if (window.confirm('It destroys something. Really again?')) {
          await act(what, true);
        }
      } else {
        fill(trouble, problem(error));
      }
    }
  }

  function progress(tree) {
    // What was asked for may be older than what was heard meanwhile.
    if (shownComplete && !tree.complete) {
      return;
    }
    const ended = STATES.reduce((sum, state) => sum + tree[state], 0);
    const again = tree.complete && tree.count > tree.ok;
    patch(head, h('b', {}, tree.command),
      h('span', {class: 'counts row', 'data-complete': String(tree.complete)},
        STATES.filter(state => tree[state] || state === 'ok').map(state => h('span', {class: `pill ${state}`}, `${tree[state]} ${state}`)),
        tree.complete ? h('span', {class: 'soft'}, `of ${tree.count} ${tree.count === 1 ? 'node' : 'nodes'}, ${duration(tree.elapsedMs)}`) : null),
      tree.complete ? null : [h('progress', {max: tree.count, value: ended, 'aria-label': 'Nodes that have ended'}), h('span', {class: 'soft'}, `${ended} of ${tree.count}`)],
      tree.complete ? null : cancel,
      // Not in the place of the other one: who means to cancel at the last moment is not to start it anew.
      h('span', {class: 'row end'}, again ? retry : null, h('a', {class: 'soft', href: `#/jobs/${tree.job}`, title: 'Address of this result'}, `job ${tree.job}`),
        tree.complete ? ['json', 'csv'].map(format => h('a', {class: 'button small', href: `api/jobs/${id}/download?format=${format}`, download: `${id}.${format}`}, format.toUpperCase())) : null),
      copy);
    patch(nodes, Object.entries(tree.states).slice(0, 400).map(([node, state]) => h('li', {class: state}, `${node} ${state === 'out' ? 'out …' : state}`)));
    nodes.hidden = tree.complete && (tree.count === 1 || tree.count === tree.ok);
    if (tree.complete && !shownComplete) {
      shownComplete = true;
      quiet();
      load();
    }
  }

  async function load() {
    try {
      const tree = await get(`api/jobs/${id}`, true);
      if (closed) {
        return;
      }
      if (!shownComplete) {
        progress(tree);
      }
      if (tree.complete && !drawn) {
        // It changes no more, and who looks at a part of it already goes on looking at that.
        drawn = true;
        fill(body, answers(tree));
      } else if (streams && !source && !shownComplete) {
        follow(tree);
      }
    } catch (error) {
      fill(trouble, problem(error));
    }
  }

  /** Rows as they come, the newest first. */
  function follow(tree) {
    const element = document.createElement('dvs-table');
    const columns = [{name: 'node', type: 'text', unit: '', help: 'that says so'}, ...tree.columns];
    let rows = [];
    const draw = perFrame(() => element.show(`Rows of ${tree.command} as they come`, columns, inMemory(rows)));
    fill(body, element);
    source = stream(`api/jobs/${id}/stream`, {
      // After a break all of it comes again.
      opened: () => { rows = []; },
      rows: ({node, rows: more}) => {
        rows = [...more.map(row => [node, ...row]).reverse(), ...rows].slice(0, LIVE);
        draw();
      },
      done: quiet,
    });
  }

  function quiet() {
    if (source) {
      source.close();
      source = null;
    }
  }

  function answers(tree) {
    // A node may have said something before it failed.
    const good = tree.groups.map((group, at) => ({...group, at})).filter(group => !group.error || group.rows);
    const rows = good.reduce((sum, group) => sum + group.rows, 0);
    return [failures(tree), rows ? table(tree, good) : good.length && !tree.groups.some(group => group.error)
      ? h('p', {class: 'empty'}, tree.columns.length ? 'no rows' : 'done') : null];
  }

  /** What went wrong on several nodes for one reason is told once, with what each of them says of it. */
  function failures(tree) {
    const alike = new Map();
    for (const group of tree.groups.filter(each => each.error)) {
      const reason = `${group.state} ${group.error.code}`;
      alike.set(reason, [...(alike.get(reason) || []), group]);
    }
    return [...alike.values()].map(groups => failed(groups, tree));
  }

  function failed(groups, tree) {
    const {state, error} = groups[0];
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    const once = groups.every(group => group.error.detail === error.detail);
    return h('div', {class: 'problem panel'}, h('p', {}, h('b', {}, count === tree.count ? tree.nodes : groups.map(group => group.nodes).join(', ')), ` (${count}) `,
      h('span', {class: `pill ${state}`}, state)), h('p', {}, h('b', {}, `${error.code} `), error.title, once && error.detail && ` ${error.detail}`), h('p', {}, error.next),
    once ? null : h('details', {open: groups.length <= GROUPS}, h('summary', {}, 'What each says'), h('ul', {}, groups.map(group => h('li', {}, h('b', {}, group.nodes), ` ${group.error.detail}`)))));
  }

  /** One table for all that answered; which part of it, a row of buttons says. */
  function table(tree, good) {
    const place = h('div');
    const alike = good.length === 1;
    const merged = [{name: 'nodes', type: 'text', unit: '', help: 'that say so'}, ...tree.columns];
    const views = alike ? [[`${good[0].nodes} (${good[0].count})`, () => rowsOf(good[0].at, tree.columns, good[0])]]
      : [[`All rows`, () => rowsOf(-1, merged)], ['What differs', () => difference(tree)],
        ...good.slice(0, GROUPS).map(group => [`${group.nodes} (${group.count})`, () => rowsOf(group.at, tree.columns, group)])];
    const buttons = views.map(([name, open]) => h('button', {type: 'button', 'aria-pressed': 'false', onclick: event => {
      buttons.forEach(each => each.setAttribute('aria-pressed', String(each === event.currentTarget)));
      open();
    }}, name));

    function rowsOf(group, columns, single = null) {
      const element = document.createElement('dvs-table');
      element.show(`${tree.command} of ${single ? single.nodes : tree.nodes}`, columns, page => get(`api/jobs/${id}/rows?${new URLSearchParams({group, ...page})}`, true));
      fill(place, element, single && single.rows === 1 ? texts(group, tree) : null);
    }

    function difference(shown) {
      const element = document.createElement('dvs-table');
      const note = h('p', {class: 'soft'});
      const boxes = shown.columns.map((column, index) => {
        const box = h('input', {type: 'checkbox', id: `by-${id}-${index}`, onchange: () => draw(boxes.map((each, at) => (each[0].checked ? at : -1)).filter(at => at >= 0))});
        return [box, h('label', {for: box.id}, column.name.replaceAll('_', ' '))];
      });
      async function draw(by) {
        const query = page => new URLSearchParams([...Object.entries(page), ...by.map(column => ['by', column])]);
        try {
          const first = await get(`api/jobs/${id}/diff?${query({limit: 1})}`, true);
          boxes.forEach(([box], index) => { box.checked = first.by.includes(index); });
          note.textContent = first.total ? 'Rows that some nodes have and others have not. Rows are the same row if they are equal in:'
            : 'In these columns all nodes that answered say the same. Compared:';
          await element.show(`What differs in ${tree.command}`, [{name: 'on', type: 'text', unit: '', help: 'who has this row'}, {name: 'not on', type: 'text', unit: '',
            help: 'who has it not'}, ...first.by.map(index => shown.columns[index])], page => get(`api/jobs/${id}/diff?${query(page)}`, true));
        } catch (error) {
          fill(trouble, problem(error));
        }
      }
      fill(place, note, h('div', {class: 'row', role: 'group', 'aria-label': 'Columns that are compared'}, boxes), element);
      draw([]);
    }

    if (buttons.length) {
      buttons[0].click();
    }
    return [h('div', {class: 'tabs', role: 'group', 'aria-label': 'Answers'}, buttons, good.length > GROUPS && !alike ? h('span', {class: 'soft'}, ` and ${good.length - GROUPS} more`) : null), place];
  }

  /** Output of programs, line by line. */
  function texts(group, tree) {
    const place = h('div');
    get(`api/jobs/${id}/rows?group=${group}&limit=1`, true).then(page => fill(place, tree.columns.map((column, index) => {
      const value = page.rows[0][index];
      return column.type === 'text' && value && value.includes('\n') ? [h('h2', {}, column.name), h('pre', {class: 'words', tabindex: 0}, value)] : null;
    }))).catch(error => fill(trouble, problem(error)));
    return place;
  }

  const off = [on('job', tree => { if (tree.job === id) { progress(tree); } }), on('again', load)];
  load();
  return {element, close: () => {
    closed = true;
    off.forEach(end => end());
    quiet();
  }};
}
