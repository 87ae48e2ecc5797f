// Nodes and the proxy pairs between them with their rates, as a picture and as a table.
import {h, fill, patch, perFrame, titled} from './dom.js';
import {stream} from './live.js';
import {looking} from './look.js';
import {inMemory} from './table.js';
import {COLUMNS, NODE, PEER, STATE, SENT_RATE, pairsOf, busiest} from './pairs.js';
import {Picture} from './picture.js';

/** Lines drawn: the busiest. The table has all. */
const LINES = 200;
/** With more lines than this they have no titles. */
const TITLES = 60;

function line(row, titled) {
  const rate = row[SENT_RATE] || 0;
  return {from: row[NODE], to: row[PEER], look: row[STATE] === 'up' ? rate ? '' : 'idle' : 'down', width: (1.4 + Math.min(9, 1.8 * Math.log10(1 + rate))).toFixed(2),
    title: titled ? `${row[NODE]} to ${row[PEER]}: ${row[STATE]}, ${rate.toFixed(1)} commands a second` : ''};
}

export async function topology(main) {
  const picture = new Picture();
  const twin = document.createElement('dvs-table');
  const note = h('p', {class: 'soft', role: 'status'});
  fill(main, titled('h1', 'Topology', 'lines are proxy pairs, as thick as what goes over them each second', 'dvs proxy list --all'), h('div', {class: 'panel'}, picture.element), note,
    h('h2', {}, 'The same as a table'), twin);
  let nodes = [];
  let names = new Map();
  let before = new Map();
  let at = 0;
  let rows = null;
  const draw = perFrame(show);

  function cluster(now) {
    nodes = now ? now.nodes : [];
    names = new Map(nodes.map(node => [node.id, node.node]));
    picture.nodes(nodes);
    draw();
  }

  function heard(table) {
    const made = pairsOf(table, before, (table.at - at) / 1000, names);
    before = made.now;
    at = table.at;
    rows = made.rows;
    draw();
  }

  function show() {
    const all = rows || [];
    const lines = busiest(all, LINES).filter(row => picture.has(row[NODE]) && picture.has(row[PEER]));
    picture.lines(lines.map(row => line(row, lines.length <= TITLES)), `${nodes.length} nodes, ${all.length} proxies; the table below says the same`);
    patch(note, !rows ? 'Waiting for the nodes …' : !all.length ? 'No node has proxies: the DVS is not initialised, or there is one node only.'
      : lines.length < all.length ? `The busiest ${lines.length} of ${all.length} are drawn.` : `${all.length} proxies.`);
    twin.show('Proxies', COLUMNS, inMemory(all),
      (column, value) => ((column.name === 'node' || column.name === 'peer') && picture.has(value) ? h('a', {href: `#/nodes/${value}/proxy/list`}, value) : null));
  }

  const end = await looking('api/overview', now => cluster(now.cluster), {cluster});
  show();
  const source = stream('api/pairs', {pairs: heard});
  return () => {
    source.close();
    end();
  };
}
