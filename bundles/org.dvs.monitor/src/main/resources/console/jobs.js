// Jobs that this node has taken, whichever face they came from.
import {h, fill, perFrame, titled} from './dom.js';
import {looking} from './look.js';
import {inMemory, columns} from './table.js';
import {result} from './result.js';

const COLUMNS = columns([['job', 'text'], ['started', 'time'], ['user', 'text'], ['command', 'text'], ['nodes', 'text'], ['outcome', 'text'], ['ok', 'integer'],
  ['failed', 'integer'], ['silent', 'integer'], ['skipped', 'integer'], ['elapsed', 'duration']]);
/** Jobs that the page keeps, as many as the node tells of at first. */
const MOST = 200;
const LOOKS = {ok: 'ok', failed: 'bad', silent: 'warn', skipped: 'warn'};

function outcome(job) {
  return !job.complete ? 'running' : job.failed ? 'failed' : job.cancelled ? 'cancelled' : job.silent ? 'silent' : job.skipped ? 'skipped' : 'ok';
}

export async function jobs(main, path) {
  if (path.length) {
    const shown = result(path[0]);
    fill(main, h('h1', {}, h('a', {href: '#/jobs'}, 'Jobs'), ` / ${path[0]}`), shown.element);
    return shown.close;
  }
  const element = document.createElement('dvs-table');
  fill(main, titled('h1', 'Jobs', 'taken by this node, newest first', 'dvs job list'), element);
  let known = new Map();
  const show = () => element.show('Jobs', COLUMNS, inMemory([...known.values()].map(job => [job.job, job.started, job.user, job.command, job.nodes, outcome(job), job.ok,
    job.failed, job.silent, job.skipped, job.elapsedMs])), (column, value) => (column.name === 'job' ? h('a', {href: `#/jobs/${value}`}, value)
    : column.name === 'outcome' ? h('span', {class: `pill ${LOOKS[value] || ''}`}, value) : null));
  const draw = perFrame(show);
  return looking('api/jobs', all => {
    known = new Map(all.map(job => [job.job, job]));
    draw();
  }, {job: job => {
    if (known.has(job.job)) {
      known.set(job.job, job);
    } else {
      known = new Map([[job.job, job], ...[...known].slice(0, MOST - 1)]);
    }
    draw();
  }});
}
