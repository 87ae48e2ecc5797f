// What happens, as it happens. The browser connects again by itself; the page says while it cannot.

const listeners = new Map();
const EVENTS = ['cluster', 'catalogue', 'load', 'dcs', 'events', 'job', 'ended', 'session', 'beat'];
// The node tells something every ten seconds at the least.
const SILENCE_MS = 25000;
let source = null;
let timer = null;
let watchdog = null;
// A browser has six connections to one node for all of its pages; one that nobody sees needs none.
const HIDDEN_MS = 20000;
let onState = () => {};
let broken = false;
let asleep = false;
let drowsy = null;
const streams = new Set();

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
  wake();
  if (document.hidden) {
    // Another page has logged in.
    doze();
  }
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

/** A stream of a page's own, closed and opened again as the main one is.
 *  @param handlers {opened(), refused(), EVENT: listener of its data, ...} @return {close(), isOpen()} */
export function stream(url, handlers) {
  let own = null;
  const self = {
    open() {
      own = new EventSource(url);
      for (const [event, listener] of Object.entries(handlers)) {
        if (event !== 'opened' && event !== 'refused') {
          own.addEventListener(event, message => listener(JSON.parse(message.data)));
        }
      }
      own.onopen = () => handlers.opened && handlers.opened();
      own.onerror = () => {
        if (own && own.readyState === EventSource.CLOSED && handlers.refused) {
          handlers.refused();
        }
      };
    },
    sleep() {
      if (own) {
        own.close();
        own = null;
      }
    },
    close() {
      streams.delete(self);
      self.sleep();
    },
    isOpen: () => own !== null,
  };
  streams.add(self);
  self.open();
  return self;
}

function fallAsleep() {
  asleep = source !== null;
  if (asleep) {
    stop();
    streams.forEach(each => each.sleep());
  }
}

function doze() {
  clearTimeout(drowsy);
  drowsy = setTimeout(fallAsleep, HIDDEN_MS);
}

function wake() {
  if (asleep) {
    asleep = false;
    broken = true;
    streams.forEach(each => each.open());
  }
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(drowsy);
  if (document.hidden) {
    doze();
  } else if (asleep) {
    connect();
    wake();
  }
});

export function stop() {
  clearTimeout(timer);
  clearTimeout(watchdog);
  if (source) {
    source.close();
    source = null;
  }
}
