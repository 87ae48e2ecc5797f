// A node that tells what the test says.
const listeners = new Map();

export function on(event, listener) {
  listeners.set(event, [...(listeners.get(event) || []), listener]);
  return () => listeners.set(event, listeners.get(event).filter(each => each !== listener));
}

export function tell(event, data) {
  (listeners.get(event) || []).forEach(listener => listener(data));
}

export function count() {
  return [...listeners.values()].flat().length;
}
