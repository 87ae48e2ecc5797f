// Runs before the console's own scripts: a cluster of as many nodes as a test wants, made up in the browser. Nothing is made up
// while simulated.nodes is 0.
window.simulated = {nodes: 0, rows: 100, seen: 0, streams: []};

(() => {
  const node = at => `node[${at}]`;
  const names = () => Array.from({length: simulated.nodes}, (_, at) => node(at));
  const column = (name, type) => ({name, type, unit: '', help: '', wide: false});
  const LOAD = [['load', 'decimal'], ['processors', 'integer'], ['memory', 'size'], ['available', 'size'], ['heap', 'size'], ['heap_max', 'size'], ['up', 'duration'],
    ['version', 'text'], ['java', 'text'], ['bundles', 'integer'], ['faulty', 'integer']].map(each => column(...each));
  const EVENTS = [['time', 'time'], ['event', 'text'], ['changed', 'texts'], ['view', 'integer'], ['primary', 'flag'], ['script', 'text'], ['outcome', 'text']].map(each => column(...each));
  const PAIRS = [['proxy', 'integer'], ['flags', 'text'], ['name', 'text'], ['nodes', 'text'], ['state', 'text'], ['where', 'text'], ['sent', 'integer'], ['received', 'integer'],
    ['queued', 'integer'], ['rtt_us', 'integer'], ['options', 'text'], ['last_fault', 'text']].map(each => column(...each));
  const PROCESSES = [['pid', 'integer'], ['user', 'text'], ['state', 'text'], ['rss', 'size'], ['command', 'text']].map(each => column(...each));
  let turn = 0;
  const running = () => location.hash.startsWith('#/jobs/running');

  const trees = {
    cluster: () => ({local: node(0), view: turn, primary: true, coordinator: node(0), leader: node(0),
      nodes: names().map((name, at) => ({node: name, id: at, present: true, role: at < 5 ? 'voter' : 'learner', leader: at === 0, address: `198.18.0.${at}:7800`}))}),
    load: () => ({at: Date.now(), columns: LOAD, silent: [], nodes: Object.fromEntries(names().map((name, at) => [name,
      [[turn % 7 + at / 10, 8, 3e10, 2e10 - turn * 1e6, 1e8, 2.5e8, turn * 5000, '0.1.0', '17', 108, 0]]]))}),
    dcs: () => ({at: Date.now(), columns: [column('dc', 'integer'), column('name', 'text')], silent: [], nodes: {[node(0)]: Array.from({length: 32}, (_, at) => [at, `DC${at}`])}}),
    events: () => ({at: Date.now(), columns: EVENTS, silent: [], nodes: {[node(0)]: Array.from({length: 1000}, (_, at) => [1.7e12 + turn + at, 'JOIN', [node(at % 100)], at, true, 'join.sh', 'ok'])}}),
    pairs: () => ({at: Date.now(), columns: PAIRS, silent: [], nodes: Object.fromEntries(names().map((name, at) => [name,
      names().map((peer, other) => [other, '7', peer, String(other), 'up', `198.18.0.${other}:3000`, turn * (at + other), turn * other, 0, 150, '', '']).filter(row => row[0] !== at)]))}),
    // Of 200 jobs; of the one that runs, where its page is open.
    job: () => ({job: running() ? 'running' : `${node(0)}-1-${turn % 200}`, user: 'operator', request: 'RQST_DF', command: 'host df', changes: true, nodes: 'node[0-99]',
      count: simulated.nodes, complete: !running() && turn % 2 === 0, ok: turn % 100, failed: 0, silent: 0, skipped: 0, elapsedMs: turn, started: 1.7e12 + turn,
      states: Object.fromEntries(names().map((name, at) => [name, running() && at > turn % 100 ? 'out' : 'ok']))}),
  };
  const process = row => [Math.floor(row / simulated.nodes) + 1, 'root', 'S', row * 4096, `process ${row % simulated.rows} of node ${Math.floor(row / simulated.rows)}`];
  const detail = () => ({job: 'simulated', user: 'operator', request: 'RQST_PS', command: 'host ps', changes: false, nodes: 'node[0-99]', count: simulated.nodes, complete: true,
    ok: simulated.nodes, failed: 0, silent: 0, skipped: 0, elapsedMs: 1, started: 1.7e12, states: Object.fromEntries(names().map(name => [name, 'ok'])), columns: PROCESSES, values: {},
    groups: names().map(name => ({nodes: name, count: 1, state: 'ok', rows: simulated.rows, error: null})),
    answers: names().map(name => ({node: name, state: 'ok', elapsedMs: 1, rows: simulated.rows, error: null}))});

  function answer(url) {
    if (url === 'api/overview') {
      return Object.fromEntries(['cluster', 'load', 'dcs', 'events'].map(name => [name, trees[name]()]));
    }
    if (url === 'api/jobs') {
      return Array.from({length: 200}, (_, at) => ({...trees.job(), job: `${node(0)}-1-${at}`}));
    }
    if (url === 'api/jobs/simulated') {
      return detail();
    }
    if (url === 'api/jobs/running') {
      return {...detail(), ...trees.job(), groups: [], answers: []};
    }
    if (url.startsWith('api/jobs/simulated/rows')) {
      const query = new URLSearchParams(url.split('?')[1]);
      const all = Array.from({length: simulated.nodes * simulated.rows}, (_, row) => [node(Math.floor(row / simulated.rows)), ...process(row)]);
      const left = all.filter(row => String(row[5]).includes(query.get('filter') || ''));
      const offset = Number(query.get('offset') || 0);
      return {total: all.length, count: left.length, offset, rows: left.slice(offset, offset + Number(query.get('limit') || 200))};
    }
    return null;
  }

  const reach = window.fetch;
  window.fetch = (url, options) => {
    const made = simulated.nodes && (!options || !options.method || options.method === 'GET') ? answer(url) : null;
    return made ? Promise.resolve(new Response(JSON.stringify(made), {headers: {'Content-Type': 'application/json'}})) : reach(url, options);
  };
  const Stream = window.EventSource;
  window.EventSource = class extends Stream {
    constructor(url) {
      super(url);
      this.wanted = url;
      simulated.streams.push(this);
      // What the node itself says would disturb what is made up.
      for (const event of Object.keys(trees)) {
        super.addEventListener(event, message => {
          if (simulated.nodes && message.isTrusted) {
            message.stopImmediatePropagation();
          }
        });
      }
    }
  };

  const frame = window.requestAnimationFrame.bind(window);
  let asked = 0;
  window.requestAnimationFrame = work => {
    asked += 1;
    return frame(time => {
      asked -= 1;
      work(time);
    });
  };

  /** Milliseconds of script, style and layout that an event takes: when it comes, and in the frame that the page asks for. How long a frame is waited for is not in it. */
  async function update(tell) {
    let begun = 0;
    // Work of a frame is done in the order in which it was asked for: this is the first.
    frame(() => { begun = performance.now(); });
    const start = performance.now();
    tell();
    for (let step = 0; step < 20; step++) {
      await null;
    }
    const heard = performance.now() - start;
    const drawn = await new Promise(resolve => frame(() => {
      void document.body.offsetHeight;
      resolve(performance.now() - begun);
    }));
    if (asked > 0) {
      throw new Error('one update takes the page more than one frame');
    }
    return heard + drawn;
  }

  let prepared = [];

  /** Makes so many events, so that what is measured then is the page and not the making. */
  simulated.prepare = (event, times) => {
    prepared = Array.from({length: times}, () => {
      turn += 1;
      return JSON.stringify(trees[event]());
    });
  };

  /** What those that were prepared take, one after the other: best, median and worst. */
  simulated.measure = async (stream, event) => {
    const source = simulated.streams.filter(each => each.wanted === stream && each.readyState !== 2).pop();
    if (!source) {
      throw new Error(`nobody listens to ${stream}`);
    }
    const taken = [];
    for (const data of prepared) {
      taken.push(await update(() => source.dispatchEvent(new MessageEvent(event, {data}))));
    }
    taken.sort((a, b) => a - b);
    return [taken[0], taken[Math.floor(taken.length / 2)], taken[taken.length - 1]];
  };

  simulated.count = text => (document.querySelector('main').textContent.split(text).length - 1);

  /** Keeps the time at which something in there changed so that it has the text once more. */
  simulated.watch = (css, text) => {
    const count = () => document.querySelector(css).textContent.split(text).length;
    let before = count();
    if (simulated.observer) {
      simulated.observer.disconnect();
    }
    simulated.observer = new MutationObserver(() => {
      const now = count();
      if (now > before) {
        simulated.seen = Date.now();
      }
      before = now;
    });
    simulated.observer.observe(document.querySelector(css), {childList: true, subtree: true, characterData: true});
  };
})();
