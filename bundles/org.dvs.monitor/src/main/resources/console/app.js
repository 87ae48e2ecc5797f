// The frame: who is logged in, which page the address means, whether it is live.
import {h, fill, problem} from './dom.js';
import {get, post, session, isOf, left, loggedIn, loggedOut, whenAnother, whenEnded, whenOpenedElsewhere} from './api.js';
import * as live from './live.js';
import {loginForm, redeem} from './login.js';
import {overview} from './overview.js';
import {nodes} from './nodes.js';
import {requests} from './requests.js';
import {topology} from './topology.js';
import {jobs} from './jobs.js';
import {audit} from './audit.js';
import {configuration} from './configuration.js';

const PAGES = {overview: ['Overview', overview], nodes: ['Nodes', nodes], topology: ['Topology', topology], requests: ['Requests', requests],
  jobs: ['Jobs', jobs], audit: ['Audit', audit], configuration: ['Configuration', configuration]};
const top = document.getElementById('top');
const main = document.getElementById('main');
const notice = document.getElementById('notice');
let close = null;
let turn = 0;
let dialog = null;
let stranger = '';
let resuming = null;

function address() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [page, ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent);
  return {page: page || 'overview', rest, query: new URLSearchParams(query || '')};
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function theme(next) {
  const now = next || localStorage.getItem('dvs-theme') || '';
  if (now) {
    document.documentElement.dataset.theme = now;
    localStorage.setItem('dvs-theme', now);
  }
}

function header(page) {
  const light = h('button', {type: 'button', class: 'small', onclick: () => {
    theme(isDark() ? 'light' : 'dark');
    light.textContent = isDark() ? 'Light' : 'Dark';
  }}, isDark() ? 'Light' : 'Dark');
  top.hidden = false;
  fill(top, h('a', {class: 'brand', href: '#/overview'}, h('img', {src: 'icon.svg', alt: ''}), 'DVS'),
    h('nav', {'aria-label': 'Pages'}, Object.entries(PAGES).map(([name, [title]]) =>
      h('a', {href: `#/${name}`, 'aria-current': name === page ? 'page' : false}, title))),
    h('span', {class: 'who', title: session.roles.join(', ')}, h('b', {}, session.user), ` on ${session.node}`),
    light, h('button', {type: 'button', class: 'small', onclick: logout}, 'Log out'));
  const current = top.querySelector('[aria-current]');
  if (current) {
    // On narrow screens the row of pages is wider than the screen.
    current.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }
}

async function logout() {
  try {
    await post('api/logout');
  } catch {
    // It had ended already.
  }
  left();
  live.stop();
  location.hash = '';
  welcome();
}

function welcome(trouble = null) {
  end();
  top.hidden = true;
  document.title = 'DVS: log in';
  fill(main, h('section', {class: 'panel login'}, h('h1', {}, h('img', {src: 'icon.svg', alt: ''}), 'DVS'), trouble && problem(trouble), loginForm(enter)));
  document.getElementById('login-user').focus();
}

function end() {
  if (close) {
    close();
    close = null;
  }
}

/** Goes on with the session that the browser has, if it has one: another page may have opened it.
 *  @return {Promise<boolean>} whether there is one; of somebody else, the page has said so */
function resume() {
  resuming = resuming || take().finally(() => { resuming = null; });
  return resuming;
}

async function take() {
  let tree;
  try {
    tree = await get('api/session', true);
  } catch {
    return false;
  }
  if (loggedIn(tree)) {
    goOn();
  }
  return true;
}

function goOn() {
  if (dialog) {
    dialog.close();
    dialog.remove();
    dialog = null;
  }
  stranger = '';
  if (top.hidden) {
    enter();
  } else {
    header(address().page);
    live.start(state);
  }
}

/** The session ended in the middle of something: who logs in again finds the page and its form as they were. */
async function ended() {
  live.stop();
  if (dialog || await resume() || dialog) {
    return;
  }
  over('The session has ended', h('p', {class: 'soft'}, 'Log in again and go on: nothing that you have typed is lost.'), loginForm(goOn));
}

/** Over the page, until somebody has decided. */
function over(title, ...content) {
  if (dialog) {
    dialog.remove();
  }
  dialog = h('dialog', {'aria-labelledby': 'again'}, h('h1', {id: 'again'}, title), content);
  dialog.addEventListener('cancel', event => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
}

/** Somebody else has logged in with this browser: what stands here was made for another one, and is not to be sent for them. */
function another(user) {
  if (stranger === user) {
    return;
  }
  stranger = user;
  live.stop();
  over(`${user} has logged in`, h('p', {}, 'This browser is logged in as ', h('b', {}, user), ' now, by another page of it. This page is of ', h('b', {}, session.user),
    ': nothing of it is sent any more.'),
  h('p', {class: 'row'}, h('button', {type: 'button', class: 'main', onclick: () => location.reload()}, `Load it for ${user}`)),
  h('details', {}, h('summary', {}, `Log in again as ${session.user}, for all pages`), loginForm(goOn)));
}

function state(now) {
  notice.textContent = now === 'live' ? '' : now === 'broken' ? 'Disconnected from the node; connecting again …' : 'The node does not let this page listen; trying again …';
  document.documentElement.dataset.live = now;
  if (now === 'refused') {
    // Whether it is the session that ended, the answer tells; or which one the browser has by now.
    get('api/session', true).then(loggedIn, () => {});
  }
}

/** A place for a page, which the page before makes room for when something stands in it, unless another one is wanted by then. */
function arriving(wanted) {
  const place = h('div');
  new MutationObserver((changes, observer) => {
    observer.disconnect();
    if (wanted()) {
      fill(main, place);
    }
  }).observe(place, {childList: true});
  return place;
}

async function show() {
  const {page, rest, query} = address();
  if (page === 'ticket') {
    return begin();
  }
  const mine = ++turn;
  end();
  const [title, open] = PAGES[page] || [];
  header(page);
  document.title = `DVS: ${title || 'not found'}`;
  if (!open) {
    fill(main, problem({title: `There is no page '${page}'`}));
    return undefined;
  }
  const place = arriving(() => mine === turn);
  try {
    const closing = await open(place, rest, query);
    if (mine === turn) {
      close = closing;
      main.dataset.page = page;
      if (document.activeElement === document.body) {
        // What had the focus went with the page before: the next Tab is to find the first thing of this one.
        main.focus({preventScroll: true});
      }
    } else if (closing) {
      closing();
    }
  } catch (error) {
    if (error.status !== 401) {
      fill(place, h('h1', {}, title), problem(error.title ? error : {title: 'The page has a defect', detail: String(error)}));
    }
  }
  return undefined;
}

function enter() {
  live.start(state);
  if (address().page === 'ticket') {
    location.replace('#/overview');
  } else {
    show();
  }
}

async function begin() {
  const {page, rest} = address();
  if (page === 'ticket') {
    const ticket = rest[0];
    history.replaceState(null, '', '#/overview');
    try {
      await redeem(ticket || '');
      enter();
    } catch (error) {
      welcome(error);
    }
    return;
  }
  try {
    loggedIn(await get('api/session'));
    enter();
  } catch (error) {
    welcome(error.status === 401 ? null : error);
  }
}

theme();
whenEnded(ended);
whenAnother(another);
whenOpenedElsewhere(resume);
document.addEventListener('visibilitychange', () => {
  if (dialog && !document.hidden) {
    resume();
  }
});
live.on('ended', () => { loggedOut(); ended(); });
live.on('session', ({user}) => isOf(user));
addEventListener('hashchange', show);
begin();
