// What happens, as it happens. The browser connects again by itself; the page says while it cannot.

const listeners = new Map();
const EVENTS = ['cluster', 'catalogue', 'load', 'dcs', 'events', 'job', 'ended', 'beat'];
// The node tells something every ten seconds at the least.
const SILENCE_MS = 25000;
let source = null;
let timer = null;
let watchdog = null;
let onState = () => {};
let broken = false;

/** @return a function that ends it */
export function on(event, listener) {
  if (!listeners.has(event)) {
    listeners.set(event, new Set());
  }
  listeners.get(event).add(listener);
  return () => listeners.get(event).delete(listener);
}

function tell(event, data) {
  (listeners.get(event) || []).forEach(listener => listener(data));
}

/** @param state called with 'live', 'broken' or 'refused' */
export function start(state) {
  onState = state;
  stop();
  connect();
}

function connect() {
  source = new EventSource('api/events');
  for (const event of EVENTS) {
    source.addEventListener(event, message => {
      watch();
      tell(event, JSON.parse(message.data));
    });
  }
  watch();
  source.onopen = () => {
    onState('live');
    if (broken) {
      broken = false;
      // What was missed meanwhile nobody sends again.
      tell('again', {});
    }
  };
  source.onerror = () => {
    broken = true;
    if (source.readyState === EventSource.CLOSED) {
      // The node refused: no session any more, too many pages, or it is just coming up.
      onState('refused');
      clearTimeout(timer);
      timer = setTimeout(connect, 3000);
    } else {
      onState('broken');
    }
  };
}

/** A node that hangs keeps its connections: only its silence tells. */
function watch() {
  clearTimeout(watchdog);
  watchdog = setTimeout(() => {
    broken = true;
    onState('broken');
    source.close();
    connect();
  }, SILENCE_MS);
}

export function stop() {
  clearTimeout(timer);
  clearTimeout(watchdog);
  if (source) {
    source.close();
    source = null;
  }
}
