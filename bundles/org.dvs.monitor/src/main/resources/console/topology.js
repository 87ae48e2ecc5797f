// Nodes and the proxy pairs between them with their rates, as a picture and as a table.
import {h, s, fill} from './dom.js';
import {get} from './api.js';
import {on, stream} from './live.js';
import {inMemory, columns} from './table.js';
import {records} from './format.js';

const WIDTH = 900;
const HEIGHT = 520;
/** Lines drawn: the busiest. The table has all. */
const LINES = 300;
const COLUMNS = columns([['node', 'text'], ['peer', 'text'], ['state', 'text'], ['sent_per_s', 'decimal'], ['received_per_s', 'decimal'], ['sent', 'integer'],
  ['received', 'integer'], ['queued', 'integer'], ['rtt_us', 'integer'], ['where', 'text'], ['last_fault', 'text']]);

/** Commands a second between two looks, by node and proxy. @param before, now {at, pairs: Map of 'node/proxy' to pair} */
export function rates(before, now) {
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  for (const [key, pair] of now.pairs) {
    const old = before && before.pairs.get(key);
    // A node that was restarted counts from 0 again.
    const known = old && seconds > 0.2 && pair.sent >= old.sent && pair.received >= old.received;
    pair.sent_per_s = known ? (pair.sent - old.sent) / seconds : null;
    pair.received_per_s = known ? (pair.received - old.received) / seconds : null;
  }
  return now;
}

export async function topology(main) {
  const picture = h('div', {class: 'panel'});
  const twin = document.createElement('dvs-table');
  const note = h('p', {class: 'soft', role: 'status'}, 'Waiting for the nodes …');
  fill(main, h('h1', {}, 'Topology ', h('small', {}, 'lines are proxy pairs, as thick as what goes over them each second')), picture, note, h('h2', {}, 'The same as a table'), twin);
  let overview = await get('api/overview');
  let last = null;

  function heard(table) {
    const pairs = new Map();
    const names = new Map((overview.cluster ? overview.cluster.nodes : []).map(node => [node.id, node.node]));
    for (const node of Object.keys(table.nodes)) {
      for (const pair of records(table, node)) {
        pairs.set(`${node}/${pair.proxy}`, {...pair, node, peer: names.get(pair.proxy) || pair.name});
      }
    }
    last = rates(last, {at: table.at, pairs});
    draw();
  }

  function draw() {
    const nodes = overview.cluster ? overview.cluster.nodes : [];
    const place = new Map(nodes.map((node, at) => {
      const angle = 2 * Math.PI * at / Math.max(1, nodes.length) - Math.PI / 2;
      return [node.node, [WIDTH / 2 + Math.cos(angle) * WIDTH * 0.38, HEIGHT / 2 + Math.sin(angle) * HEIGHT * 0.38]];
    }));
    const all = last ? [...last.pairs.values()] : [];
    const lines = all.map(pair => ({from: place.get(pair.node), to: place.get(pair.peer), pair, rate: pair.sent_per_s || 0})).filter(line => line.from && line.to)
      .sort((a, b) => b.rate - a.rate).slice(0, LINES);
    const radius = nodes.length > 30 ? 7 : 24;
    fill(picture, s('svg', {class: 'topology', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${nodes.length} nodes, ${all.length} proxies; the table below says the same`},
      lines.map(edge), nodes.map(node => {
        const [x, y] = place.get(node.node);
        return [s('circle', {cx: x, cy: y, r: radius, class: node.present ? '' : 'down'}),
          nodes.length > 60 ? null : s('text', {x, y: y + radius + 15, 'text-anchor': 'middle'}, node.present ? node.node : `${node.node} down`)];
      })));
    note.textContent = !last ? 'Waiting for the nodes …' : !all.length ? 'No node has proxies: the DVS is not initialised, or there is one node only.'
      : lines.length < all.length ? `The busiest ${lines.length} of ${all.length} are drawn.` : `${all.length} proxies.`;
    twin.show('Proxies', COLUMNS, inMemory(all.map(pair => COLUMNS.map(column => pair[column.name] ?? null))),
      (column, value) => ((column.name === 'node' || column.name === 'peer') && place.has(value) ? h('a', {href: `#/nodes/${value}/proxy/list`}, value) : null));
  }

  /** Each direction bends to its own side. */
  function edge({from, to, pair, rate}) {
    const x = (from[0] + to[0]) / 2 + (WIDTH / 2 - (from[0] + to[0]) / 2) * 0.15 + (to[1] - from[1]) * 0.1;
    const y = (from[1] + to[1]) / 2 + (HEIGHT / 2 - (from[1] + to[1]) / 2) * 0.15 - (to[0] - from[0]) * 0.1;
    const up = pair.state === 'up';
    return s('path', {class: `edge ${up ? rate ? '' : 'idle' : 'down'}`, 'stroke-width': (1.4 + Math.min(9, 1.8 * Math.log10(1 + rate))).toFixed(2), 'data-rate': rate.toFixed(1),
      d: `M${from[0].toFixed(1)} ${from[1].toFixed(1)} Q${x.toFixed(1)} ${y.toFixed(1)} ${to[0].toFixed(1)} ${to[1].toFixed(1)}`},
    s('title', {}, `${pair.node} to ${pair.peer}: ${pair.state}, ${rate.toFixed(1)} commands a second`));
  }

  draw();
  const source = stream('api/pairs', {pairs: heard});
  const off = [on('cluster', now => { overview.cluster = now; draw(); }), on('again', async () => { overview = await get('api/overview', true); draw(); })];
  return () => {
    source.close();
    off.forEach(end => end());
  };
}
