// Nodes and the proxy pairs between them with their rates, as a picture and as a table.
import {h, s, fill} from './dom.js';
import {get} from './api.js';
import {on, stream} from './live.js';
import {inMemory, columns} from './table.js';

const WIDTH = 900;
const HEIGHT = 520;
/** Lines drawn: the busiest. The table has all. */
const LINES = 200;
/** With more lines than this they have no titles. */
const TITLES = 60;
const COLUMNS = columns([['node', 'text'], ['peer', 'text'], ['state', 'text'], ['sent_per_s', 'decimal'], ['received_per_s', 'decimal'], ['sent', 'integer'],
  ['received', 'integer'], ['queued', 'integer'], ['rtt_us', 'integer'], ['where', 'text'], ['last_fault', 'text']]);

const [NODE, PEER, STATE, SENT_RATE, RECEIVED_RATE, SENT, RECEIVED] = COLUMNS.keys();

/** All pairs as rows of COLUMNS. Made for ten thousand of them: no object per pair, no look-up by name.
 *  @param table as it came, {at, columns, nodes} @param before Map of node to Map of proxy to row @param names Map of node id to name */
export function pairsOf(table, before, seconds, names) {
  const at = Object.fromEntries(table.columns.map((column, index) => [column.name, index]));
  const rest = COLUMNS.slice(SENT).map(column => at[column.name]);
  const now = new Map();
  const rows = [];
  for (const node of Object.keys(table.nodes)) {
    const mine = new Map();
    const old = before.get(node);
    now.set(node, mine);
    for (const pair of table.nodes[node]) {
      const row = [node, names.get(pair[at.proxy]) || pair[at.name], pair[at.state], null, null, ...rest.map(index => pair[index])];
      const last = old && old.get(pair[at.proxy]);
      // A node that was restarted counts from 0 again.
      if (last && seconds > 0.2 && row[SENT] >= last[SENT] && row[RECEIVED] >= last[RECEIVED]) {
        row[SENT_RATE] = (row[SENT] - last[SENT]) / seconds;
        row[RECEIVED_RATE] = (row[RECEIVED] - last[RECEIVED]) / seconds;
      }
      mine.set(pair[at.proxy], row);
      rows.push(row);
    }
  }
  return {now, rows};
}

/** The busiest, so many at the most. */
function busiest(rows) {
  if (rows.length <= LINES) {
    return rows;
  }
  const sorted = Float64Array.from(rows, row => row[SENT_RATE] || 0).sort();
  const least = sorted[sorted.length - LINES];
  return rows.filter(row => (row[SENT_RATE] || 0) >= least).slice(0, LINES);
}

export async function topology(main) {
  const picture = h('div', {class: 'panel'});
  const twin = document.createElement('dvs-table');
  const note = h('p', {class: 'soft', role: 'status'}, 'Waiting for the nodes …');
  fill(main, h('h1', {}, 'Topology ', h('small', {}, 'lines are proxy pairs, as thick as what goes over them each second')), picture, note, h('h2', {}, 'The same as a table'), twin);
  let overview = await get('api/overview');
  let before = new Map();
  let at = 0;
  let rows = null;

  function heard(table) {
    const names = new Map((overview.cluster ? overview.cluster.nodes : []).map(node => [node.id, node.node]));
    const made = pairsOf(table, before, (table.at - at) / 1000, names);
    before = made.now;
    at = table.at;
    rows = made.rows;
    draw();
  }

  function draw() {
    const nodes = overview.cluster ? overview.cluster.nodes : [];
    const place = new Map(nodes.map((node, at) => {
      const angle = 2 * Math.PI * at / Math.max(1, nodes.length) - Math.PI / 2;
      return [node.node, [WIDTH / 2 + Math.cos(angle) * WIDTH * 0.38, HEIGHT / 2 + Math.sin(angle) * HEIGHT * 0.38]];
    }));
    const all = rows || [];
    const lines = busiest(all).filter(row => place.has(row[NODE]) && place.has(row[PEER]));
    const radius = nodes.length > 30 ? 7 : 24;
    fill(picture, s('svg', {class: 'topology', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${nodes.length} nodes, ${all.length} proxies; the table below says the same`},
      lines.map(row => edge(row, place.get(row[NODE]), place.get(row[PEER]), lines.length <= TITLES)), nodes.map(node => {
        const [x, y] = place.get(node.node);
        return [s('circle', {cx: x, cy: y, r: radius, class: node.present ? '' : 'down'}),
          nodes.length > 60 ? null : s('text', {x, y: y + radius + 15, 'text-anchor': 'middle'}, node.present ? node.node : `${node.node} down`)];
      })));
    note.textContent = !rows ? 'Waiting for the nodes …' : !all.length ? 'No node has proxies: the DVS is not initialised, or there is one node only.'
      : lines.length < all.length ? `The busiest ${lines.length} of ${all.length} are drawn.` : `${all.length} proxies.`;
    twin.show('Proxies', COLUMNS, inMemory(all),
      (column, value) => ((column.name === 'node' || column.name === 'peer') && place.has(value) ? h('a', {href: `#/nodes/${value}/proxy/list`}, value) : null));
  }

  /** Each direction bends to its own side. */
  function edge(row, from, to, titled) {
    const rate = row[SENT_RATE] || 0;
    const x = (from[0] + to[0]) / 2 + (WIDTH / 2 - (from[0] + to[0]) / 2) * 0.15 + (to[1] - from[1]) * 0.1;
    const y = (from[1] + to[1]) / 2 + (HEIGHT / 2 - (from[1] + to[1]) / 2) * 0.15 - (to[0] - from[0]) * 0.1;
    return s('path', {class: `edge ${row[STATE] === 'up' ? rate ? '' : 'idle' : 'down'}`, 'stroke-width': (1.4 + Math.min(9, 1.8 * Math.log10(1 + rate))).toFixed(2),
      d: `M${from[0].toFixed(1)} ${from[1].toFixed(1)} Q${x.toFixed(1)} ${y.toFixed(1)} ${to[0].toFixed(1)} ${to[1].toFixed(1)}`},
    titled ? s('title', {}, `${row[NODE]} to ${row[PEER]}: ${row[STATE]}, ${rate.toFixed(1)} commands a second`) : null);
  }

  draw();
  const source = stream('api/pairs', {pairs: heard});
  const off = [on('cluster', now => { overview.cluster = now; draw(); }), on('again', async () => { overview = await get('api/overview', true); draw(); })];
  return () => {
    source.close();
    off.forEach(end => end());
  };
}
