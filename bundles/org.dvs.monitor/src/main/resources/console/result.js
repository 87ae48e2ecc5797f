// What became of a job: each node's state while it runs, then the answers, folded.
import {h, fill, copyButton, problem} from './dom.js';
import {get, post} from './api.js';
import {duration} from './format.js';
import {on} from './live.js';
import './table.js';

const STATES = ['ok', 'failed', 'silent', 'skipped'];

/** {element, close()} @param line the command line, if it is known */
export function result(id, line = null) {
  const head = h('div', {class: 'row'});
  const nodes = h('ul', {class: 'chips', 'aria-label': 'Nodes'});
  const body = h('div');
  const trouble = h('div');
  const element = h('section', {class: 'panel', 'aria-label': `Job ${id}`}, head, trouble, nodes, body);
  let shownComplete = false;

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
      if (error.code === 'DVS-CLI-1002' || /confirm/i.test(error.title || '')) {
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
    fill(head, h('b', {}, tree.command), h('span', {class: 'soft'}, `job ${tree.job}`),
      h('span', {class: 'counts', 'data-complete': String(tree.complete)},
        STATES.filter(state => tree[state] || state === 'ok').map(state => h('span', {class: state}, `${tree[state]} ${state} `)),
        tree.complete ? h('span', {class: 'soft'}, `of ${tree.count} nodes, ${duration(tree.elapsedMs)}`) : null),
      tree.complete ? null : [h('progress', {max: tree.count, value: ended, 'aria-label': 'Nodes that have ended'}), h('span', {class: 'soft'}, `${ended} of ${tree.count}`)],
      tree.complete ? null : h('button', {type: 'button', class: 'small', onclick: () => act('cancel')}, 'Cancel'),
      again ? h('button', {type: 'button', class: 'small', onclick: () => act('retry')}, 'Run again where it was not ok') : null,
      tree.complete ? ['json', 'csv'].map(format => h('a', {href: `api/jobs/${id}/download?format=${format}`, download: `${id}.${format}`}, format.toUpperCase())) : null,
      copyButton(() => line || `dvs job info ${id}`));
    fill(nodes, Object.entries(tree.states).slice(0, 400).map(([node, state]) => h('li', {class: state}, `${node} ${state === 'out' ? 'out …' : state}`)));
    if (tree.complete && !shownComplete) {
      shownComplete = true;
      nodes.hidden = tree.count === tree.ok && tree.count > 20;
      load();
    }
  }

  async function load() {
    try {
      const tree = await get(`api/jobs/${id}`, true);
      if (!shownComplete) {
        progress(tree);
      }
      if (tree.complete) {
        fill(body, tree.groups.map((group, at) => folded(group, at, tree)));
      }
    } catch (error) {
      fill(trouble, problem(error));
    }
  }

  function folded(group, at, tree) {
    const title = h('h2', {}, group.nodes, ' ', h('small', {}, `(${group.count})`), ' ', h('span', {class: group.state}, group.state === 'ok' && !group.error ? '' : group.state));
    if (group.error) {
      return [title, h('div', {class: 'problem panel'}, h('p', {}, h('b', {}, `${group.error.code} `), group.error.title, group.error.detail && ` ${group.error.detail}`), h('p', {}, group.error.next))];
    }
    if (!group.rows) {
      return [title, h('p', {class: 'soft'}, tree.columns.length ? 'no rows' : 'done')];
    }
    const long = group.rows === 1 && tree.columns.some(column => column.type === 'text');
    const element = document.createElement('dvs-table');
    element.show(`${tree.command} of ${group.nodes}`, tree.columns, ask => get(`api/jobs/${id}/rows?${new URLSearchParams({group: at, ...ask})}`, true));
    return [title, element, long ? texts(group, at, tree) : null];
  }

  /** Output of programs, line by line. */
  function texts(group, at, tree) {
    const place = h('div');
    get(`api/jobs/${id}/rows?group=${at}&limit=1`, true).then(page => fill(place, tree.columns.map((column, index) => {
      const value = page.rows[0][index];
      return column.type === 'text' && value && value.includes('\n') ? [h('h2', {}, column.name), h('pre', {class: 'words', tabindex: 0}, value)] : null;
    })));
    return place;
  }

  const off = [on('job', tree => { if (tree.job === id) { progress(tree); } }), on('again', load)];
  load();
  return {element, close: () => off.forEach(end => end())};
}
