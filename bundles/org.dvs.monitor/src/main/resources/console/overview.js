// The whole at a glance: nodes, quorum, DCs, what happened.
import {h, fill} from './dom.js';
import {get} from './api.js';
import {on} from './live.js';
import {size, duration, records} from './format.js';
import {inMemory} from './table.js';

const EVENTS = [['time', 'time'], ['what', 'text'], ['who', 'text'], ['note', 'text']].map(([name, type]) => ({name, type, unit: '', help: ''}));
const NODES = [['node', 'text'], ['state', 'text'], ['role', 'text'], ['load', 'decimal'], ['available', 'size'], ['heap', 'size'], ['up', 'duration'], ['version', 'text'], ['faulty', 'integer']]
  .map(([name, type]) => ({name, type, unit: '', help: ''}));
/** With more nodes than this a table takes the place of the cards. */
const CARDS = 24;

export async function overview(main) {
  const facts = h('dl', {class: 'facts', 'aria-label': 'Cluster'});
  const nodes = h('div', {class: 'cards nodes'});
  const list = document.createElement('dvs-table');
  const dcs = h('div');
  const alarms = h('ul', {class: 'chips', 'aria-label': 'Alarms'});
  const line = document.createElement('dvs-table');
  let state = await get('api/overview');
  const changes = new Map();
  (await get('api/jobs')).filter(job => job.changes).forEach(job => changes.set(job.job, {...job, seen: null}));
  fill(main, h('h1', {}, 'Overview'), h('section', {class: 'panel', 'aria-label': 'State'}, facts, alarms), nodes, list,
    h('section', {'aria-label': 'Distributed containers'}, h('h2', {}, 'Distributed containers'), dcs), h('section', {'aria-label': 'What happened'}, h('h2', {}, 'What happened'), line));

  const fact = (name, value, kind) => h('div', {}, h('dt', {}, name), h('dd', {class: kind || false}, value));

  function cluster() {
    const now = state.cluster;
    if (!now) {
      fill(facts, fact('cluster', 'this node has not joined one yet', 'warn'));
      return;
    }
    const present = now.nodes.filter(node => node.present).length;
    fill(facts, fact('nodes up', `${present} of ${now.nodes.length}`, present < now.nodes.length ? 'warn' : 'ok'), fact('quorum', now.primary ? 'yes' : 'no', now.primary ? 'ok' : 'bad'),
      fact('coordinator', now.coordinator || '-'), fact('leader of the log', now.leader || '-'), fact('view', now.view), fact('you look through', now.local));
    const rows = now.nodes.map(node => ({...node, ...(records(state.load, node.node)[0] || {})}));
    list.hidden = rows.length <= CARDS;
    nodes.hidden = !list.hidden;
    if (list.hidden) {
      fill(nodes, rows.map(node => card(node, now)));
    } else {
      list.show('Nodes', NODES, inMemory(rows.map(node => [node.node, node.present ? 'up' : 'down', node.role, node.load ?? null, node.available ?? null, node.heap ?? null, node.up ?? null,
        node.version ?? null, node.faulty ?? null])), (column, value) => (column.name === 'node' ? h('a', {href: `#/nodes/${value}`}, value) : null));
    }
    const versions = new Set(rows.map(node => node.version).filter(Boolean));
    fill(alarms, now.primary ? null : h('li', {class: 'bad'}, 'no majority: nothing can be changed'), rows.filter(node => !node.present).map(node => h('li', {class: 'bad'}, `${node.node} is down`)),
      rows.filter(node => node.faulty > 0).map(node => h('li', {class: 'warn'}, `${node.node}: ${node.faulty} bundles do not run`)),
      versions.size > 1 ? h('li', {class: 'warn'}, `nodes run different versions: ${[...versions].join(', ')}`) : null,
      ((state.load && state.load.silent) || []).filter(name => rows.some(node => node.node === name && node.present)).map(name => h('li', {class: 'warn'}, `${name} does not answer`)));
  }

  function card(node, now) {
    const marks = [node.role, node.leader && 'leader', now.coordinator === node.node && 'coordinator'].filter(Boolean).join(', ');
    return h('article', {class: `card ${node.present ? node.faulty ? 'warn' : 'ok' : 'bad'}`, 'data-node': node.node},
      h('div', {class: 'row'}, h('b', {}, h('a', {href: `#/nodes/${node.node}`}, node.node)), h('span', {class: node.present ? 'ok' : 'bad'}, node.present ? 'up' : 'down'), h('span', {class: 'soft'}, marks)),
      node.present && node.up !== undefined ? [
        h('p', {}, `load ${node.load === null ? '-' : node.load.toFixed(2)} on ${node.processors} processors`),
        h('p', {}, `${node.available === null ? '-' : size(node.available)} of ${node.memory === null ? '-' : size(node.memory)} free, node ${size(node.heap)}`),
        h('p', {}, `up ${duration(node.up)}, DVS ${node.version}`)] : h('p', {}, node.present ? 'not heard of yet' : node.address || ''));
  }

  function containers() {
    const table = state.dcs;
    const rows = table && Object.values(table.nodes)[0];
    if (!rows || !rows.length) {
      fill(dcs, h('p', {class: 'soft'}, 'none'));
      return;
    }
    const element = dcs.querySelector('dvs-table') || fill(dcs, document.createElement('dvs-table')).firstChild;
    element.show('Distributed containers', table.columns, inMemory(rows));
  }

  function happened() {
    const local = state.cluster && state.cluster.local;
    const rows = records(state.events, local).map(event => [event.time, event.event, (event.changed || []).join(', '),
      `view ${event.view}${event.primary ? '' : ', no majority'}${event.script ? `; ${event.script}: ${event.outcome}` : ''}`]);
    for (const job of changes.values()) {
      rows.push([job.seen, job.command, job.nodes, `by ${job.user}, job ${job.job}: ${job.complete ? `${job.ok} ok of ${job.count}` : 'running'}`]);
    }
    rows.sort((a, b) => (b[0] || 0) - (a[0] || 0));
    line.show('What happened', EVENTS, inMemory(rows));
  }

  cluster();
  containers();
  happened();
  const load = async () => {
    state = await get('api/overview', true);
    cluster();
    containers();
    happened();
  };
  const off = [on('cluster', now => { state.cluster = now; cluster(); }), on('load', now => { state.load = now; cluster(); }), on('dcs', now => { state.dcs = now; containers(); }),
    on('events', now => { state.events = now; happened(); }), on('job', job => {
      if (job.changes) {
        changes.set(job.job, {...job, seen: (changes.get(job.job) || {}).seen || Date.now()});
        happened();
      }
    }), on('again', load)];
  return () => off.forEach(end => end());
}
