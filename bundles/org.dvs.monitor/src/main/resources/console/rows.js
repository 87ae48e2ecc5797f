// Those rows of a table that are elements. They stay, and what differs in them is changed, so that little is to be laid out and the focus stays.
import {h, patch} from './dom.js';
import {cell, isNumber, kind} from './format.js';

/** Pixels that a row is high. */
export const ROW = 28;
/** Characters of a cell. */
const LONG = 300;

function oneLine(text) {
  return text.length > LONG || text.includes('\n') ? `${text.slice(0, LONG).replaceAll('\n', '↵')}${text.length > LONG ? '…' : ''}` : text;
}

export class RowsInSight {
  #above = gap();
  #below = gap();
  element = h('tbody', {}, this.#above.element, this.#below.element);
  #columns = [];
  #rows = [];
  #first = 0;

  /** @param choose called with the index of a row that is clicked on */
  constructor(choose) {
    this.element.addEventListener('click', event => {
      const row = event.target.closest('a, button, tr');
      if (row && row.dataset.at) {
        choose(Number(row.dataset.at));
      }
    });
  }

  /** Begins anew, with these columns. */
  describe(columns) {
    this.#columns = columns.map(column => ({column, number: isNumber(column)}));
    this.#rows.splice(0).forEach(row => row.element.remove());
    this.#above.span(columns.length);
    this.#below.span(columns.length);
  }

  /** @param first index of the first of these rows @param count rows that there are altogether @param link see dvs-table */
  show(first, rows, count, selected, link) {
    this.#move(first - this.#first);
    this.#first = first;
    this.#rows.splice(rows.length).forEach(row => row.element.remove());
    rows.forEach((row, at) => {
      if (at === this.#rows.length) {
        this.#rows.push(this.#make());
        this.#below.element.before(this.#rows[at].element);
      }
      place(this.#rows[at], first + at, selected);
      this.#columns.forEach((each, index) => set(this.#rows[at].cells[index], each.column, row[index], link && link(each.column, row[index], row)));
    });
    this.#above.rows(first);
    this.#below.rows(count - first - rows.length);
  }

  select(index) {
    this.#rows.forEach(row => place(row, row.index, index));
  }

  /** Scrolled by so many rows: what stays in sight stays the same element. */
  #move(by) {
    if (by > 0 && by < this.#rows.length) {
      const gone = this.#rows.splice(0, by);
      this.#below.element.before(...gone.map(row => row.element));
      this.#rows.push(...gone);
    } else if (by < 0 && -by < this.#rows.length) {
      const gone = this.#rows.splice(by);
      this.#above.element.after(...gone.map(row => row.element));
      this.#rows.unshift(...gone);
    }
  }

  #make() {
    const cells = this.#columns.map(({number}) => ({element: h('td', {class: number ? 'number' : false}, ''), text: '', look: ''}));
    return {element: h('tr', {}, cells.map(each => each.element)), cells, index: -1, selected: null};
  }
}

function place(row, index, selected) {
  if (row.index !== index) {
    row.index = index;
    row.element.setAttribute('aria-rowindex', index + 2);
    row.element.dataset.at = index;
  }
  if (row.selected !== (index === selected)) {
    row.selected = index === selected;
    row.element.setAttribute('aria-selected', row.selected);
  }
}

/** @param own an element instead of the text, or nothing */
function set(here, column, value, own) {
  if (own) {
    here.text = null;
    patch(here.element, own);
    return;
  }
  const text = oneLine(cell(column, value));
  const look = kind(column, value);
  if (here.text !== text || here.look !== look) {
    here.text = text;
    here.look = look;
    patch(here.element, look ? h('span', {class: `pill ${look}`}, text) : text);
  }
}

/** The room of rows that are no elements. */
function gap() {
  const cell = h('td');
  const element = h('tr', {class: 'gap', 'aria-hidden': 'true'}, cell);
  let height = -1;
  return {
    element,
    span: columns => { cell.colSpan = columns || 1; },
    rows: count => {
      if (height !== Math.max(0, count)) {
        height = Math.max(0, count);
        element.style.height = `${height * ROW}px`;
      }
    },
  };
}
