// Elements without markup: whatever text goes in stays text. The page's policy refuses everything else.

/** h('p', {class: 'soft', onclick: f}, 'text', element, [more]) */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
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

function put(element, children) {
  for (const child of children.flat(9)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
}

export function fill(element, ...children) {
  element.replaceChildren();
  put(element, children);
  return element;
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

/** What went wrong, what to do, and by which number the log knows it. */
export function problem(error) {
  return h('div', {class: 'panel problem', role: 'alert'},
    h('p', {}, h('b', {}, error.title || 'It did not work'), error.detail ? `: ${error.detail}` : ''),
    error.next && h('p', {}, error.next),
    h('p', {class: 'soft'}, [error.code, error.node, error.requestId && `request ${error.requestId}`].filter(Boolean).join(' · ')));
}
