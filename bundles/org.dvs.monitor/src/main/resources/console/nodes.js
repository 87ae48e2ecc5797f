// All nodes, and one: how it is, its tables as the requests give them, its log.
import {h, fill, patch, perFrame, problem, titled} from './dom.js';
import {get, post} from './api.js';
import {looking} from './look.js';
import {words, commandLine} from './words.js';
import {result} from './result.js';
import {records, duration, size} from './format.js';
import {inMemory, columns} from './table.js';
import {gauges} from './overview.js';
import {log} from './log.js';

/** What a node's page asks, in its order; what the node does not serve is left out. */
const TABLES = [['node bundles', 'Bundles'], ['node features', 'Features'], ['node log', 'Log'], ['dvs info', 'DVS'], ['dc list', 'DCs'],
  ['proc list', 'Endpoints'], ['node list', 'Nodes it knows'], ['proxy list', 'Proxies'], ['cluster info', 'Cluster'], ['config explain', 'Settings'],
  ['host ps', 'Processes'], ['host df', 'Disks'], ['host netstat', 'Sockets'], ['node load', 'Load']];
const LOG = 'node log';
const LIST = columns([['node', 'text'], ['state', 'text'], ['role', 'text'], ['address', 'text'], ['load', 'decimal'], ['available', 'size'], ['heap', 'size'],
  ['up', 'duration'], ['version', 'text'], ['bundles', 'integer'], ['faulty', 'integer']]);

export async function nodes(main, path) {
  return path.length ? one(main, path) : all(main);
}

async function all(main) {
  let state = {};
  const table = document.createElement('dvs-table');
  const show = () => table.show('Nodes', LIST, inMemory((state.cluster ? state.cluster.nodes : []).map(node => {
    const load = records(state.load, node.node)[0] || {};
    return [node.node, node.present ? 'up' : 'down', [node.role, node.leader && 'leader'].filter(Boolean).join(', '), node.address, load.load ?? null,
      load.available ?? null, load.heap ?? null, load.up ?? null, load.version ?? null, load.bundles ?? null, load.faulty ?? null];
  })), (column, value) => (column.name === 'node' ? h('a', {href: `#/nodes/${value}`}, value) : null));
  const draw = perFrame(show);
  const end = await looking('api/overview', now => { state = now; draw(); },
    {cluster: now => { state.cluster = now; draw(); }, load: now => { state.load = now; draw(); }});
  fill(main, titled('h1', 'Nodes', 'registered, up or not', 'dvs node list'), table);
  show();
  return end;
}

async function one(main, path) {
  let known = {};
  let draw = () => {};
  const end = await looking('api/overview', now => { known = now; draw(); },
    {cluster: now => { known.cluster = now; draw(); }, load: now => { known.load = now; draw(); }});
  let catalogue;
  try {
    catalogue = await get('api/catalogue');
  } catch (error) {
    end();
    throw error;
  }
  const names = known.cluster ? known.cluster.nodes.map(node => node.node) : catalogue.nodes;
  const [name, ...rest] = path;
  const tab = rest.join(' ') || TABLES[0][0];
  const served = TABLES.map(([command, title]) => [catalogue.requests.find(request => request.command.join(' ') === command), title])
    .filter(([request]) => request && !request.parameters.some(parameter => parameter.required));
  const request = (served.find(([each]) => each.command.join(' ') === tab) || [])[0];
  const place = h('div');
  const state = h('span', {class: 'pill', role: 'status'});
  const facts = h('div', {class: 'panel two'});
  const choose = h('select', {'aria-label': 'Node', onchange: () => { location.hash = `#/nodes/${choose.value}/${tab.replaceAll(' ', '/')}`; }},
    [...new Set([name, ...names])].sort().map(node => h('option', {value: node, selected: node === name}, node)));
  fill(main, h('h1', {}, 'Node ', choose, state), facts, h('nav', {class: 'tabs', 'aria-label': 'Tables'}, served.map(([each, title]) => {
    const command = each.command.join(' ');
    return h('a', {href: `#/nodes/${name}/${each.command.join('/')}`, 'aria-current': command === tab ? 'page' : false, title: each.help}, title);
  })), place);
  let shown = null;
  let asks = 0;

  function present() {
    const node = known.cluster && known.cluster.nodes.find(each => each.node === name);
    const load = records(known.load, name)[0];
    state.className = `pill ${node && node.present ? 'ok' : 'bad'}`;
    state.textContent = node ? node.present ? 'up' : 'down' : 'not registered';
    const fact = (title, value) => h('div', {}, h('dt', {}, title), h('dd', {}, value));
    patch(facts, h('dl', {class: 'facts'}, node ? [fact('role', [node.role, node.leader && 'leader of the log'].filter(Boolean).join(', ')), fact('id', node.id), fact('address', node.address || '-')] : null,
      load ? [fact('DVS', load.version), fact('Java', load.java), fact('up', duration(load.up)), fact('memory', size(load.memory || 0)),
        fact('bundles', load.faulty ? `${load.bundles}, ${load.faulty} do not run` : load.bundles)] : null,
      node && !node.present ? h('p', {class: 'bad'}, 'It is down: what stands here is what it last said.') : null), load ? h('div', {}, gauges(load)) : null);
  }

  async function ask() {
    const mine = ++asks;
    const list = words(request, {}, [['nodes', name], ['timeout', '10s']]);
    try {
      const tree = await post('api/jobs', list.map(word => ['w', word]));
      if (mine !== asks) {
        return;
      }
      if (shown) {
        shown.close();
      }
      shown = result(tree.job, commandLine(list));
      fill(place, h('p', {class: 'row'}, h('button', {type: 'button', onclick: ask}, 'Ask again'), h('span', {class: 'soft'}, request.help)), shown.element);
    } catch (error) {
      if (mine === asks) {
        fill(place, problem(error));
      }
    }
  }

  draw = perFrame(present);
  present();
  if (!request) {
    fill(place, problem({title: `No request '${tab}' is served here`}));
  } else if (!request.allowed) {
    fill(place, h('p', {class: 'panel hint'}, `'${tab}' needs the role ${request.role}, which you do not have.`));
  } else if (tab === LOG) {
    shown = log(place, name, request);
  } else {
    await ask();
  }
  return () => {
    end();
    asks += 1;
    if (shown) {
      shown.close();
    }
  };
}
