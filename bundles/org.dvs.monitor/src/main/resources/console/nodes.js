// One node: its tables as the requests give them, asked again by a button.
import {h, fill, problem} from './dom.js';
import {get, post} from './api.js';
import {on} from './live.js';
import {words, commandLine} from './words.js';
import {result} from './result.js';

/** What a node's page asks, in its order; what the node does not serve is left out. */
const TABLES = [['node load'], ['node bundles'], ['node features'], ['dvs info'], ['dc list'], ['node info'], ['proxy list'], ['proxy info'], ['cluster info'], ['host ps'], ['host df'], ['host netstat']];

export async function nodes(main, path) {
  const [overview, catalogue] = await Promise.all([get('api/overview'), get('api/catalogue')]);
  const names = overview.cluster ? overview.cluster.nodes.map(node => node.node) : catalogue.nodes;
  const name = path[0] || names[0];
  const tab = path.slice(1).join(' ') || 'node load';
  const served = TABLES.map(([command]) => catalogue.requests.find(request => request.command.join(' ') === command)).filter(request => request && !request.parameters.some(parameter => parameter.required));
  const request = served.find(each => each.command.join(' ') === tab);
  const place = h('div');
  const state = h('span', {role: 'status'});
  const choose = h('select', {'aria-label': 'Node', onchange: () => { location.hash = `#/nodes/${choose.value}/${tab.replaceAll(' ', '/')}`; }}, names.map(node => h('option', {value: node, selected: node === name}, node)));
  fill(main, h('h1', {}, 'Node ', choose, ' ', state), h('nav', {class: 'row', 'aria-label': 'Tables'}, served.map(each => {
    const command = each.command.join(' ');
    return h('a', {href: `#/nodes/${name}/${each.command.join('/')}`, 'aria-current': command === tab ? 'page' : false, title: each.help}, command);
  })), place);
  let shown = null;

  function present(cluster) {
    const node = cluster && cluster.nodes.find(each => each.node === name);
    state.className = node && node.present ? 'ok' : 'bad';
    state.textContent = node ? node.present ? 'up' : 'down: what is shown is what it last said' : 'not registered';
  }

  async function ask() {
    const list = words(request, {}, [['nodes', name], ['timeout', '10s']]);
    try {
      const tree = await post('api/jobs', list.map(word => ['w', word]));
      if (shown) {
        shown.close();
      }
      shown = result(tree.job, commandLine(list));
      fill(place, h('p', {}, h('button', {type: 'button', onclick: ask}, 'Ask again'), ' ', h('span', {class: 'soft'}, request.help)), shown.element);
    } catch (error) {
      fill(place, problem(error));
    }
  }

  present(overview.cluster);
  if (request) {
    await ask();
  } else {
    fill(place, problem({title: `No request '${tab}' is served here`}));
  }
  const off = on('cluster', present);
  return () => {
    off();
    if (shown) {
      shown.close();
    }
  };
}
