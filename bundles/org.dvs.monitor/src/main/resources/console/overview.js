// The whole at a glance: nodes, quorum, DCs, what happened.
import {h, fill, patch, perFrame, titled} from './dom.js';
import {looking} from './look.js';
import {size, duration, records} from './format.js';
import {inMemory, columns} from './table.js';

const EVENTS = columns([['time', 'time'], ['what', 'text'], ['who', 'text'], ['note', 'text']]);
const NODES = columns([['node', 'text'], ['state', 'text'], ['role', 'text'], ['load', 'decimal'], ['available', 'size'], ['heap', 'size'],
  ['up', 'duration'], ['version', 'text'], ['faulty', 'integer']]);
/** With more nodes than this a table takes the place of the cards. */
const CARDS = 24;
/** Changes by operators that the page keeps: the newest. */
const CHANGES = 200;

export async function overview(main) {
  const tiles = h('dl', {class: 'tiles', 'aria-label': 'Cluster'});
  const nodes = h('div', {class: 'cards nodes'});
  const list = document.createElement('dvs-table');
  const dcs = h('div');
  const alarms = h('ul', {class: 'chips', 'aria-label': 'Alarms'});
  const line = document.createElement('dvs-table');
  let state = {};
  const changes = new Map();

  const tile = (name, value, look) => h('div', {}, h('dt', {}, name), h('dd', {class: look || false, title: value}, value));

  function cluster() {
    const now = state.cluster;
    if (!now) {
      patch(tiles, tile('Cluster', 'not joined yet', 'warn'));
      return;
    }
    const present = now.nodes.filter(node => node.present).length;
    const rows = now.nodes.map(node => ({...node, ...(records(state.load, node.node)[0] || {})}));
    const troubles = alarmsOf(now, rows);
    patch(tiles, tile('Nodes up', `${present} of ${now.nodes.length}`, present < now.nodes.length ? 'warn' : 'ok'),
      tile('Majority', now.primary ? 'yes' : 'no', now.primary ? 'ok' : 'bad'), tile('Alarms', String(troubles.length), troubles.length ? 'bad' : 'ok'),
      tile('Coordinator', now.coordinator || '-'), tile('Leader of the log', now.leader || '-'), tile('View', String(now.view)));
    list.hidden = rows.length <= CARDS;
    nodes.hidden = !list.hidden;
    if (list.hidden) {
      patch(nodes, rows.map(node => card(node, now)));
    } else {
      list.show('Nodes', NODES, inMemory(rows.map(node => [node.node, node.present ? 'up' : 'down', node.role, node.load ?? null,
        node.available ?? null, node.heap ?? null, node.up ?? null, node.version ?? null, node.faulty ?? null])),
      (column, value) => (column.name === 'node' ? h('a', {href: `#/nodes/${value}`}, value) : null));
    }
    patch(alarms, troubles);
  }

  function alarmsOf(now, rows) {
    const versions = new Set(rows.map(node => node.version).filter(Boolean));
    const silent = ((state.load && state.load.silent) || []).filter(name => rows.some(node => node.node === name && node.present));
    return [now.primary ? null : h('li', {class: 'bad'}, 'no majority: nothing can be changed'),
      ...rows.filter(node => !node.present).map(node => h('li', {class: 'bad'}, `${node.node} is down`)),
      ...rows.filter(node => node.faulty > 0).map(node => h('li', {class: 'warn'}, `${node.node}: ${node.faulty} bundles do not run`)),
      versions.size > 1 ? h('li', {class: 'warn'}, `nodes run different versions: ${[...versions].join(', ')}`) : null,
      ...silent.map(name => h('li', {class: 'warn'}, `${name} does not answer`))].filter(Boolean);
  }

  function card(node, now) {
    const marks = [node.role, node.leader && 'leader', now.coordinator === node.node && 'coordinator'].filter(Boolean);
    return h('article', {class: `card ${node.present ? node.faulty ? 'warn' : 'ok' : 'bad'}`, 'data-node': node.node},
      h('div', {class: 'row'}, h('b', {}, h('a', {href: `#/nodes/${node.node}`}, node.node)),
        h('span', {class: `pill ${node.present ? 'ok' : 'bad'}`}, node.present ? 'up' : 'down'), marks.map(mark => h('span', {class: 'tag'}, mark))),
      node.present && node.up !== undefined ? gauges(node) : null,
      node.present && node.up !== undefined ? h('p', {}, `up ${duration(node.up)} · DVS ${node.version}`
        + (node.faulty ? ` · ${node.faulty} bundles do not run` : '')) : h('p', {}, node.present ? 'not heard of yet' : node.address || ''));
  }

  function containers() {
    const table = state.dcs;
    const rows = table && Object.values(table.nodes)[0];
    if (!rows || !rows.length) {
      fill(dcs, h('p', {class: 'empty'}, 'No DC has been initialised. ', h('a', {href: '#/requests/dc/init'}, 'dc init'), ' makes one.'));
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
      rows.push([job.started, job.command, job.nodes, `by ${job.user}, job ${job.job}: ${job.complete ? `${job.ok} ok of ${job.count}` : 'running'}`]);
    }
    rows.sort((a, b) => (b[0] || 0) - (a[0] || 0));
    line.show('What happened', EVENTS, inMemory(rows));
  }

  const parts = [cluster, containers, happened];
  const [drawCluster, drawContainers, drawHappened] = parts.map(perFrame);
  const changed = job => {
    if (job.changes) {
      changes.set(job.job, job);
      if (changes.size > CHANGES) {
        changes.delete(changes.keys().next().value);
      }
      drawHappened();
    }
  };
  const end = await looking('api/overview', now => {
    state = now;
    drawCluster();
    drawContainers();
    drawHappened();
  }, {cluster: now => { state.cluster = now; drawCluster(); }, load: now => { state.load = now; drawCluster(); },
    dcs: now => { state.dcs = now; drawContainers(); }, events: now => { state.events = now; drawHappened(); }});
  try {
    const endJobs = await looking('api/jobs', jobs => jobs.reverse().forEach(changed), {job: changed});
    fill(main, titled('h1', 'Overview', null, 'dvs cluster info'), tiles, alarms, nodes, list,
      h('section', {'aria-label': 'Distributed containers'}, titled('h2', 'Distributed containers', null, 'dvs dc list'), dcs),
      h('section', {'aria-label': 'What happened'}, titled('h2', 'What happened', 'joins, departures, partitions and their scripts, and changes that this node was asked for', 'dvs cluster events'), line));
    parts.forEach(part => part());
    return () => {
      end();
      endJobs();
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** Load, memory and heap of a node, as pictures with their numbers. */
export function gauges(node) {
  const used = node.memory === null || node.available === null ? null : node.memory - node.available;
  return [gauge('load', node.load === null ? null : node.load / node.processors, `${node.load === null ? '-' : node.load.toFixed(2)} on ${node.processors}`, 0.8, 1.5),
    gauge('memory', used === null ? null : used / node.memory, used === null ? '-' : `${size(node.available)} free`, 0.85, 0.95),
    gauge('heap', node.heap / node.heap_max, `${size(node.heap)} of ${size(node.heap_max)}`, 0.9, 0.97)];
}

function gauge(name, share, text, warn, bad) {
  const most = Math.max(bad * 1.02, 1);
  return h('div', {class: 'gauge'}, h('span', {}, name), h('meter', {min: 0, max: most, low: warn, high: bad, optimum: 0,
    value: share === null ? 0 : Math.min(share, most), 'aria-label': `${name}: ${text}`}), text);
}
