// Calls to the node. A call throws the problem document that came instead of an answer.

let csrf = '';
let ended = () => {};
// All pages of one browser have one session, that of its cookie: who logs in tells the others.
const others = new BroadcastChannel('dvs-session');

export const session = {user: '', roles: [], node: '', version: ''};

export function whenEnded(listener) {
  ended = listener;
}

export function loggedIn(tree) {
  csrf = tree.csrf;
  Object.assign(session, tree);
}

/** A login of this page. */
export function opened(tree) {
  loggedIn(tree);
  others.postMessage('opened');
}

/** @param listener called when another page of this browser has logged in */
export function whenOpenedElsewhere(listener) {
  others.onmessage = listener;
}

export function loggedOut() {
  csrf = '';
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, {credentials: 'same-origin', cache: 'no-cache', ...options});
  } catch {
    throw {title: 'The node cannot be reached', next: 'The page tries again by itself; dvs status tells whether the node runs.'};
  }
  if (response.ok) {
    return response.json();
  }
  let wrong;
  try {
    wrong = await response.json();
  } catch {
    wrong = {title: `The node answered ${response.status}`};
  }
  wrong.status = response.status;
  if (response.status === 401 && csrf) {
    loggedOut();
    ended();
  }
  throw wrong;
}

/** @param byItself true for what no person asked for: it keeps no session alive */
export function get(path, byItself = false) {
  return call(path, {headers: byItself ? {'X-DVS-Background': '1'} : {}});
}

/** @param form [[name, value], ...] @param byItself as for get */
export function post(path, form = [], byItself = false) {
  return call(path, {method: 'POST', headers: {'X-DVS-CSRF': csrf, ...(byItself ? {'X-DVS-Background': '1'} : {})}, body: new URLSearchParams(form)});
}
