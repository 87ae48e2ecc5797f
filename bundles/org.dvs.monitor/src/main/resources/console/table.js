// <dvs-table>: thousands of rows, of which only those in sight are elements. Order and filter in the head; all of it by keyboard.
import {h, fill} from './dom.js';
import {cell, isNumber, kind} from './format.js';

const ROW = 28;
const MARGIN = 12;
const LONG = 300;
/** Fewer rows need no filter. */
const FEW = 5;

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
      const wanted = filter.toLowerCase();
      left = filter ? rows.filter(row => row.some(value => value !== null && String(value).toLowerCase().includes(wanted))) : rows;
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
  #first = 0;
  #rows = [];
  #turn = 0;
  #selected = -1;
  #body = h('tbody');
  #scroll = null;
  #search = null;
  #counter = h('span', {class: 'soft', role: 'status'});
  #detail = h('div', {class: 'detail', role: 'status'});
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
    this.#search = h('input', {type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${label}`, oninput: () => {
      this.#filter = this.#search.value;
      this.#scroll.scrollTop = 0;
      this.#select(-1);
      this.#draw();
    }});
    this.#heads = this.#columns.map((column, at) => h('th', {scope: 'col', class: isNumber(column) ? 'number' : false, title: column.help || false},
      h('button', {type: 'button', onclick: () => this.#order(at)}, column.name.replaceAll('_', ' '))));
    this.#scroll = h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${label}: arrow keys choose a row, Enter shows all of it`,
      onscroll: () => this.#draw(), onkeydown: event => this.#key(event)},
    h('table', {}, h('thead', {}, h('tr', {}, this.#heads)), this.#body));
    fill(this, h('div', {class: 'tools'}, this.#search, this.#counter), this.#scroll, this.#detail);
  }

  #order(at) {
    this.#down = this.#sort === at && !this.#down;
    this.#sort = at;
    this.#heads.forEach((head, index) => (index === at ? head.setAttribute('aria-sort', this.#down ? 'descending' : 'ascending') : head.removeAttribute('aria-sort')));
    this.#select(-1);
    this.#draw();
  }

  #key(event) {
    if (event.target !== this.#scroll || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.#select(Math.max(0, Math.min(this.#count - 1, this.#selected + (event.key === 'ArrowDown' ? 1 : -1))));
      const top = this.#selected * ROW;
      const room = this.#scroll.clientHeight - 2 * ROW;
      if (top < this.#scroll.scrollTop || top > this.#scroll.scrollTop + room) {
        this.#scroll.scrollTop = Math.max(0, top - room / 2);
      }
    } else if (event.key === 'Enter' && this.#selected >= 0) {
      this.#open(this.#selected);
    } else if (event.key === 'Escape') {
      this.#select(-1);
    }
  }

  #select(index) {
    this.#selected = index;
    fill(this.#detail);
    for (const element of this.#body.children) {
      if (element.dataset.at) {
        element.setAttribute('aria-selected', element.dataset.at === String(index));
      }
    }
  }

  /** All of a row: cells are cut to one line. */
  #open(index) {
    const row = this.#rows[index - this.#first];
    if (row) {
      fill(this.#detail, h('div', {class: 'panel'}, h('dl', {}, this.#columns.map((column, at) => [h('dt', {}, column.name.replaceAll('_', ' ')),
        h('dd', {}, cell(column, row[at]))]))));
    }
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
    this.#first = first;
    this.#rows = answer.rows;
    this.#search.hidden = answer.total <= FEW && !this.#filter;
    const all = `${answer.total.toLocaleString('en')} ${answer.total === 1 ? 'row' : 'rows'}`;
    this.#counter.textContent = answer.count === answer.total ? all : `${answer.count.toLocaleString('en')} of ${all}`;
    this.#scroll.firstChild.setAttribute('aria-rowcount', answer.count + 1);
    fill(this.#body, this.#gap(first), answer.rows.map((row, at) => this.#row(row, first + at)), this.#gap(answer.count - first - answer.rows.length));
  }

  #row(row, index) {
    return h('tr', {'aria-rowindex': index + 2, 'data-at': index, 'aria-selected': String(index === this.#selected), onclick: event => {
      if (!event.target.closest('a, button')) {
        const again = this.#selected === index;
        this.#select(again ? -1 : index);
        if (!again) {
          this.#open(index);
        }
      }
    }}, this.#columns.map((column, at) => {
      const value = row[at];
      const linked = this.#link && this.#link(column, value, row);
      const text = cell(column, value);
      const head = text.length > LONG || text.includes('\n') ? `${text.slice(0, LONG).replaceAll('\n', '↵')}${text.length > LONG ? '…' : ''}` : text;
      const look = kind(column, value);
      return h('td', {class: isNumber(column) ? 'number' : false}, linked || (look ? h('span', {class: `pill ${look}`}, head) : head));
    }));
  }

  #gap(rows) {
    const gap = h('tr', {class: 'gap', 'aria-hidden': 'true'}, h('td', {colspan: this.#columns.length || 1}));
    gap.style.height = `${Math.max(0, rows) * ROW}px`;
    return gap;
  }
}

customElements.define('dvs-table', DvsTable);

/** Columns of tables that no request describes: [name, type]. */
export function columns(list) {
  return list.map(([name, type]) => ({name, type, unit: '', help: ''}));
}
