// The log of one node as it comes: filter, pause, and everything in it as text only.
import {h, fill, copyButton, problem} from './dom.js';
import {get, post} from './api.js';
import {stream} from './live.js';
import {inMemory} from './table.js';
import {words, commandLine} from './words.js';

/** Lines kept by the page; older ones go. */
const MOST = 5000;
const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
/** How long one request follows the log; then the page sends the next. */
const FOLLOW = [['lines', '500'], ['interval', '300ms'], ['count', '2000']];
const SHOWN = ['time', 'level', 'logger', 'message', 'thread', 'trace'];

/** {close()} @param request of the log, as the catalogue describes it */
export function log(place, node, request) {
  const table = document.createElement('dvs-table');
  const state = h('span', {class: 'pill', role: 'status'}, 'connecting');
  const trouble = h('div');
  const none = h('p', {class: 'empty', hidden: true}, 'Nothing of that level has been logged since the console was started there; it comes here the moment it is.');
  const level = h('select', {'aria-label': 'Least level', onchange: () => draw()}, LEVELS.map(each => h('option', {value: each, selected: each === 'INFO'}, each)));
  const pause = h('button', {type: 'button', 'aria-pressed': 'false', onclick: () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    pause.textContent = paused ? 'Go on' : 'Pause';
    kept = lines;
    draw();
  }}, 'Pause');
  const clear = h('button', {type: 'button', onclick: () => {
    lines = [];
    kept = [];
    draw();
  }}, 'Empty the page');
  const pick = SHOWN.map(name => request.columns.findIndex(column => column.name === name));
  const columns = pick.map(index => request.columns[index]);
  const line = words(request, {}, [['nodes', node]]);
  let lines = [];
  let kept = [];
  let newest = 0;
  let paused = false;
  let source = null;
  let job = null;
  let timer = null;
  let closed = false;

  fill(place, h('div', {class: 'row'}, h('label', {}, 'From level ', level), pause, clear, state, h('span', {class: 'end'}, copyButton(() => commandLine(line)))), trouble, table, none);

  function draw() {
    timer = null;
    const least = LEVELS.indexOf(level.value);
    const shown = (paused ? kept : lines).filter(row => LEVELS.indexOf(row[2]) >= least);
    const waiting = paused ? lines.filter(row => row[0] > (kept.length ? kept[0][0] : 0)).length : 0;
    state.className = `pill ${paused ? 'warn' : source ? 'ok' : ''}`;
    state.textContent = paused ? `paused, ${waiting} new` : source ? 'live' : 'connecting';
    none.hidden = shown.length > 0 || !source;
    table.show(`Log of ${node}`, columns, inMemory(shown.map(row => pick.map(index => row[index]))),
      (column, value) => (column.name === 'logger' ? h('span', {title: value}, value.slice(value.lastIndexOf('.') + 1)) : null));
  }

  /** Many lines make one picture. */
  function soon() {
    timer = timer || setTimeout(draw, 150);
  }

  function come(rows) {
    const more = rows.filter(row => row[0] > newest).reverse();
    if (more.length) {
      newest = more[0][0];
      lines = [...more, ...lines].slice(0, MOST);
      soon();
    }
  }

  async function start(byItself = true) {
    try {
      const list = words(request, Object.fromEntries(FOLLOW), [['nodes', node], ['timeout', '15m']]);
      const tree = await post('api/jobs', list.map(word => ['w', word]), byItself);
      if (closed) {
        post(`api/jobs/${tree.job}/cancel`, [], true).catch(() => {});
        return;
      }
      job = tree.job;
      fill(trouble);
      source = stream(`api/jobs/${job}/stream`, {rows: told => come(told.rows), done: over, refused: over});
      soon();
    } catch (error) {
      fill(trouble, problem(error));
      again(5000);
    }
  }

  /** The request has run out, or its node has gone: the next one goes on behind the newest line. */
  async function over() {
    stop();
    soon();
    try {
      const tree = await get(`api/jobs/${job}`, true);
      const wrong = tree.groups.find(group => group.error);
      if (wrong) {
        fill(trouble, problem(wrong.error));
        again(5000);
        return;
      }
    } catch {
      // The node of this page was restarted, or the session has ended: the next try tells.
    }
    again(1000);
  }

  function again(millis) {
    if (!closed) {
      clearTimeout(retry);
      retry = setTimeout(start, millis);
    }
  }
  let retry = null;

  function stop() {
    if (source) {
      source.close();
      source = null;
    }
  }

  draw();
  start(false);
  return {close: () => {
    closed = true;
    clearTimeout(timer);
    clearTimeout(retry);
    const running = source;
    stop();
    if (running && job) {
      // Nobody looks any more: the node need not go on.
      post(`api/jobs/${job}/cancel`, [], true).catch(() => {});
    }
  }};
}
