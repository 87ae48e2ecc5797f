// Calls to the node. A call throws the problem document that came instead of an answer.

let csrf = '';
let ended = () => {};
let another = () => {};
// All pages of one browser have one session, that of its cookie: who logs in tells the others.
const others = new BroadcastChannel('dvs-session');

export const session = {user: '', roles: [], node: '', version: ''};

export function whenEnded(listener) {
  ended = listener;
}

/** @param listener called with the name of who has logged in meanwhile, in another page of this browser, as somebody else than this one */
export function whenAnother(listener) {
  another = listener;
}

/** A page is its user's: without the word of the session that the browser has now, nothing of it is sent for anybody else.
 *  @return {boolean} whether the page is theirs */
export function isOf(user) {
  if (session.user && session.user !== user) {
    another(user);
    return false;
  }
  return true;
}

/** The session that the browser has. @return {boolean} whether it is of this page's user */
export function loggedIn(tree) {
  if (!isOf(tree.user)) {
    return false;
  }
  csrf = tree.csrf;
  Object.assign(session, tree);
  return true;
}

/** A login of this page: whoever it is has said so here. */
export function opened(tree) {
  session.user = tree.user;
  loggedIn(tree);
  others.postMessage('opened');
}

/** The page is nobody's again. */
export function left() {
  csrf = '';
  session.user = '';
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
