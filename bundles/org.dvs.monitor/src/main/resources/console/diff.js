// What two texts do not have in common, line by line.
import {h} from './dom.js';

/** More lines than this are compared as a whole. */
const MOST = 1500;

/** @return [[' ' | '-' | '+', line], ...] in order */
export function lines(before, after) {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start += 1;
  }
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end += 1;
  }
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...a.slice(0, start).map(line => [' ', line]), ...middle, ...a.slice(a.length - end).map(line => [' ', line])];
}

/** By the longest common subsequence. */
function between(a, b) {
  if (a.length > MOST || b.length > MOST) {
    return [...a.map(line => ['-', line]), ...b.map(line => ['+', line])];
  }
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const found = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push([' ', a[i]]);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && length[(i + 1) * width + j] >= length[i * width + j + 1])) {
      found.push(['-', a[i]]);
      i += 1;
    } else {
      found.push(['+', b[j]]);
      j += 1;
    }
  }
  return found;
}

/** As a picture; lines that are the same are shown near a change only. */
export function diff(before, after) {
  const all = lines(before, after);
  const near = all.map((line, at) => all.slice(Math.max(0, at - 3), at + 4).some(([sign]) => sign !== ' '));
  const shown = [];
  all.forEach(([sign, line], at) => {
    if (near[at]) {
      shown.push(h('span', {class: sign === '+' ? 'added' : sign === '-' ? 'removed' : false}, `${sign} ${line}`));
    } else if (at === 0 || near[at - 1]) {
      shown.push(h('span', {class: 'soft'}, '⋯'));
    }
  });
  return h('div', {class: 'diff code', role: 'group', tabindex: 0, 'aria-label': 'What would change'}, shown);
}
