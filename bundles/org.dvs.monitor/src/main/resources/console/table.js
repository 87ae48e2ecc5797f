// <dvs-table>: thousands of rows, of which only those in sight are elements. Order and filter in the head; all of it by keyboard.
import {h, fill} from './dom.js';
import {cell, isNumber} from './format.js';

const ROW = 28;
const MARGIN = 12;
const LONG = 300;

/**
 * Where rows come from: page({offset, limit, sort, down, filter}) gives a promise of {total, count, rows}.
 * @param rows all of them, in memory
 */
export function inMemory(rows) {
  let key = null;
  let left = rows;
  return ({offset, limit, sort, down, filter}) => {
    const now = `${sort}/${down}/${filter}`;
    if (now !== key) {
      key = now;
      left = filter ? rows.filter(row => row.some(value => value !== null && String(value).toLowerCase().includes(filter.toLowerCase()))) : rows;
      if (sort >= 0) {
        left = [...left].sort((a, b) => compare(a[sort], b[sort]) * (down ? -1 : 1));
      }
    }
    return Promise.resolve({total: rows.length, count: left.length, rows: left.slice(offset, offset + limit)});
  };
}

function compare(a, b) {
  if (a === null || b === null || a === undefined || b === undefined) {
    return (a ?? null) === (b ?? null) ? 0 : (a ?? null) === null ? -1 : 1;
  }
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

class DvsTable extends HTMLElement {
  #columns = [];
  #page = null;
  #sort = -1;
  #down = false;
  #filter = '';
  #count = 0;
  #turn = 0;
  #body = h('tbody');
  #scroll = null;
  #counter = h('span', {class: 'soft', role: 'status'});
  #heads = [];
  #link = null;

  /** @param label what the table is of
   *  @param columns as requests describe them
   *  @param page see inMemory
   *  @param link (column, value, row) gives an element for a cell, or nothing */
  show(label, columns, page, link = null) {
    const same = this.#scroll && JSON.stringify(columns) === JSON.stringify(this.#columns);
    this.#page = page;
    this.#link = link;
    if (!same) {
      this.#columns = columns;
      this.#sort = -1;
      this.#build(label);
    }
    return this.#draw();
  }

  #build(label) {
    const search = h('input', {type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${label}`, oninput: () => {
      this.#filter = search.value;
      this.#scroll.scrollTop = 0;
      this.#draw();
    }});
    this.#heads = this.#columns.map((column, at) => h('th', {scope: 'col', class: isNumber(column) ? 'number' : false, title: column.help || false},
      h('button', {type: 'button', onclick: () => this.#order(at)}, column.name.replaceAll('_', ' '))));
    this.#scroll = h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label, onscroll: () => this.#draw()},
      h('table', {}, h('thead', {}, h('tr', {}, this.#heads)), this.#body));
    fill(this, h('div', {class: 'tools'}, search, this.#counter), this.#scroll);
  }

  #order(at) {
    this.#down = this.#sort === at && !this.#down;
    this.#sort = at;
    this.#heads.forEach((head, index) => (index === at ? head.setAttribute('aria-sort', this.#down ? 'descending' : 'ascending') : head.removeAttribute('aria-sort')));
    this.#draw();
  }

  async #draw() {
    const turn = ++this.#turn;
    const first = Math.max(0, Math.floor(this.#scroll.scrollTop / ROW) - MARGIN);
    const shown = Math.ceil((this.#scroll.clientHeight || 544) / ROW) + 2 * MARGIN;
    const answer = await this.#page({offset: first, limit: shown, sort: this.#sort, down: this.#down, filter: this.#filter});
    if (turn !== this.#turn) {
      return;
    }
    this.#count = answer.count;
    this.#counter.textContent = answer.count === answer.total ? `${answer.total} rows` : `${answer.count} of ${answer.total} rows`;
    this.#scroll.firstChild.setAttribute('aria-rowcount', answer.count + 1);
    fill(this.#body, this.#gap(first), answer.rows.map((row, at) => this.#row(row, first + at)), this.#gap(answer.count - first - answer.rows.length));
  }

  #row(row, index) {
    return h('tr', {'aria-rowindex': index + 2}, this.#columns.map((column, at) => {
      const value = row[at];
      const linked = this.#link && this.#link(column, value, row);
      const text = cell(column, value);
      const head = text.length > LONG || text.includes('\n') ? `${text.slice(0, LONG).replaceAll('\n', '↵')}${text.length > LONG ? '…' : ''}` : text;
      return h('td', {class: isNumber(column) ? 'number' : false, title: text.length > 60 ? text.slice(0, 2000) : false}, linked || head);
    }));
  }

  #gap(rows) {
    const gap = h('tr', {class: 'gap', 'aria-hidden': 'true'}, h('td', {colspan: this.#columns.length || 1}));
    gap.style.height = `${Math.max(0, rows) * ROW}px`;
    return gap;
  }
}

customElements.define('dvs-table', DvsTable);

/** A table of rows that are all here. */
export function table(label, columns, rows, link = null) {
  const element = document.createElement('dvs-table');
  element.show(label, columns, inMemory(rows), link);
  return element;
}
