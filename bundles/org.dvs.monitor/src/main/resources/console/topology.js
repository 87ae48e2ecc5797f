// Nodes and the proxy pairs between them, as a picture and as a table.
import {h, s, fill, problem} from './dom.js';
import {get, post} from './api.js';
import {on} from './live.js';
import {inMemory} from './table.js';
import {records} from './format.js';

const WIDTH = 900;
const HEIGHT = 520;

export async function topology(main) {
  const picture = h('div', {class: 'panel'});
  const twin = document.createElement('dvs-table');
  const trouble = h('div');
  const again = h('button', {type: 'button', onclick: () => ask()}, 'Ask again');
  fill(main, h('h1', {}, 'Topology'), h('p', {}, again, ' ', h('span', {class: 'soft'}, 'Lines are proxy pairs; their thickness is what they have sent.')), trouble, picture, h('h2', {}, 'The same as a table'), twin);
  let overview = await get('api/overview');
  let pairs = {columns: [], rows: []};
  let waiting = null;

  async function ask() {
    try {
      fill(trouble);
      waiting = (await post('api/jobs', ['proxy', 'list', '--all', '--timeout=10s'].map(word => ['w', word]))).job;
    } catch (error) {
      fill(trouble, problem(error));
    }
  }

  async function answered(job) {
    if (job.job === waiting && job.complete) {
      waiting = null;
      const tree = await get(`api/jobs/${job.job}`, true);
      const rows = [];
      for (const [at, group] of tree.groups.entries()) {
        if (group.rows) {
          const page = await get(`api/jobs/${job.job}/rows?group=${at}&limit=1000`, true);
          page.rows.forEach(row => rows.push([group.nodes, ...row]));
        }
      }
      pairs = {columns: [{name: 'node', type: 'text', unit: '', help: 'that says so'}, ...tree.columns], rows};
      draw();
    }
  }

  function draw() {
    const nodes = overview.cluster ? overview.cluster.nodes : [];
    const place = new Map(nodes.map((node, at) => {
      const angle = 2 * Math.PI * at / Math.max(1, nodes.length) - Math.PI / 2;
      return [node.node, [WIDTH / 2 + Math.cos(angle) * WIDTH * 0.38, HEIGHT / 2 + Math.sin(angle) * HEIGHT * 0.38]];
    }));
    const all = records({columns: pairs.columns, nodes: {x: pairs.rows}}, 'x');
    const edges = all.map(pair => ({from: place.get(pair.node), to: place.get(pair.peer || pair.name), pair})).filter(edge => edge.from && edge.to);
    const radius = nodes.length > 30 ? 8 : 26;
    fill(picture, s('svg', {class: 'topology', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${nodes.length} nodes, ${edges.length} proxies; the table below says the same`},
      edges.map(edge => s('path', {class: `edge ${/up|connected|running/i.test(String(edge.pair.state ?? 'up')) ? '' : 'down'}`, 'stroke-width': 1.5 + Math.min(7, Math.log10(1 + (edge.pair.sent_bytes || edge.pair.sent || 0))),
        d: `M${edge.from[0]} ${edge.from[1]} Q${WIDTH / 2 + (edge.to[1] - edge.from[1]) * 0.1} ${HEIGHT / 2 - (edge.to[0] - edge.from[0]) * 0.1} ${edge.to[0]} ${edge.to[1]}`})),
      nodes.map(node => {
        const [x, y] = place.get(node.node);
        return [s('circle', {cx: x, cy: y, r: radius, class: node.present ? '' : 'down'}), s('text', {x, y: y + radius + 15, 'text-anchor': 'middle'}, node.node)];
      })));
    twin.show('Proxies', pairs.columns.length ? pairs.columns : [{name: 'node', type: 'text', unit: '', help: ''}], inMemory(pairs.rows));
  }

  draw();
  await ask();
  const off = [on('cluster', now => { overview.cluster = now; draw(); }), on('job', answered), on('again', async () => { overview = await get('api/overview', true); await ask(); })];
  return () => off.forEach(end => end());
}
