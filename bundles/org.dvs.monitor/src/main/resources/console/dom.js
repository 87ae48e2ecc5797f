// Elements without markup: whatever text goes in stays text. The page's policy refuses everything else.

/** Elements that do something of their own: none of them is made into another. */
const lively = new WeakSet();

/** h('p', {class: 'soft', onclick: f}, 'text', element, [more]) */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
      lively.add(element);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  put(element, children);
  return element;
}

/** The same for SVG. */
export function s(name, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  put(element, children);
  return element;
}

const some = children => children.flat(9).filter(child => child !== null && child !== undefined && child !== false);

function put(element, children) {
  element.append(...some(children).map(child => (child instanceof Node ? child : String(child))));
}

export function fill(element, ...children) {
  element.replaceChildren();
  put(element, children);
  return element;
}

/** Has the same in it as fill would, but touches only what differs: the focus, what is marked and what is scrolled stay.
 *  Elements that listen are taken as they are, never changed; who keeps one keeps its focus. */
export function patch(element, ...children) {
  const wanted = some(children).map(child => (child instanceof Node ? child : document.createTextNode(String(child))));
  const kept = new Set(wanted.filter(child => child.parentNode === element));
  let at = element.firstChild;
  for (const child of wanted) {
    if (child === at) {
      at = at.nextSibling;
    } else if (!at || kept.has(at) || kept.has(child)) {
      element.insertBefore(child, at);
    } else {
      const old = at;
      at = at.nextSibling;
      if (alike(old, child)) {
        become(old, child);
      } else {
        old.replaceWith(child);
      }
    }
  }
  while (at) {
    const rest = at;
    at = at.nextSibling;
    rest.remove();
  }
  return element;
}

function alike(old, made) {
  return old.nodeName === made.nodeName && !old.nodeName.includes('-') && !lively.has(old) && !lively.has(made);
}

function become(old, made) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== made.data) {
      old.data = made.data;
    }
    return;
  }
  for (const {name} of [...old.attributes]) {
    if (!made.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const {name, value} of made.attributes) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  patch(old, ...made.childNodes);
}

/** @return a function that has the work done once in the next frame, however often it is called before */
export function perFrame(work) {
  let waiting = false;
  return () => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        work();
      });
    }
  };
}

let ids = 0;
/** An id that no other element has. */
export function freshId(stem) {
  ids += 1;
  return `${stem}-${ids}`;
}

/** A button that puts text where the user can paste it. */
export function copyButton(text, label = 'Copy as command') {
  const button = h('button', {type: 'button', class: 'small', onclick: async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not permitted here';
    }
    setTimeout(() => { button.textContent = label; }, 1500);
  }}, label);
  return button;
}

/** A title, a note beside it, and the command that shows the same. */
export function titled(level, title, note, command) {
  return h('div', {class: 'row titled'}, h(level, {}, title, ' ', note && h('small', {}, note)), h('span', {class: 'end'}, copyButton(() => command)));
}

/** Scrolls a list by itself until what is chosen in it is in sight. */
export function reveal(list) {
  const chosen = list.querySelector('[aria-current=page]');
  if (chosen) {
    const at = chosen.getBoundingClientRect().top - list.getBoundingClientRect().top;
    if (at < 0 || at + chosen.offsetHeight > list.clientHeight) {
      list.scrollTop += at - list.clientHeight / 2;
    }
  }
}

/** What went wrong, what to do, and by which number the log knows it. */
export function problem(error) {
  const title = error.title || 'It did not work';
  return h('div', {class: 'panel problem', role: 'alert'},
    h('p', {}, h('b', {}, error.detail ? title.replace(/\.$/, '') : title), error.detail ? `: ${error.detail}` : ''),
    error.next && h('p', {}, error.next),
    h('p', {class: 'soft'}, [error.code, error.node, error.requestId && `request ${error.requestId}`].filter(Boolean).join(' · ')));
}
