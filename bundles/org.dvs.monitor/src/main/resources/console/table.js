// <dvs-table>: thousands of rows, of which only those in sight are elements. Order and filter in the head; all of it by keyboard.
import {h, fill, patch, problem} from './dom.js';
import {cell, isNumber} from './format.js';
import {ROW, RowsInSight} from './rows.js';

/** Rows above and below those in sight. */
const MARGIN = 12;
/** Pixels in sight at the most: style.css has the same limit for .scroll. To ask the browser would have it lay the page out. */
const ROOM = 544;
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
  #chosen = '';
  #top = 0;
  #body = new RowsInSight(at => this.#choose(at));
  #table = h('table');
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
    const same = this.#scroll && (columns === this.#columns || JSON.stringify(columns) === JSON.stringify(this.#columns));
    this.#page = page;
    this.#link = link;
    if (!same) {
      this.#columns = columns;
      this.#sort = -1;
      this.#filter = '';
      this.#selected = -1;
      this.#build(label);
    }
    return this.#draw();
  }

  #build(label) {
    this.#search = h('input', {type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${label}`, oninput: () => {
      this.#filter = this.#search.value;
      this.#top = 0;
      this.#scroll.scrollTop = 0;
      this.#select(-1);
      this.#draw();
    }});
    this.#heads = this.#columns.map((column, at) => h('th', {scope: 'col', class: isNumber(column) ? 'number' : false, title: column.help || false},
      h('button', {type: 'button', onclick: () => this.#order(at)}, column.name.replaceAll('_', ' '))));
    this.#scroll = h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${label}: arrow keys choose a row, Enter shows all of it`,
      onscroll: () => this.#scrolled(), onkeydown: event => this.#key(event)}, fill(this.#table, h('thead', {}, h('tr', {}, this.#heads)), this.#body.element));
    this.#body.describe(this.#columns);
    this.#top = 0;
    fill(this, h('div', {class: 'tools'}, this.#search, this.#counter), this.#scroll, this.#detail);
  }

  #scrolled() {
    this.#top = this.#scroll.scrollTop;
    if (this.#wanted() !== this.#first) {
      this.#draw();
    }
  }

  /** Index of the first row that is to be an element. */
  #wanted() {
    return Math.max(0, Math.floor(this.#top / ROW) - MARGIN);
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
    this.#chosen = JSON.stringify(this.#rows[index - this.#first]);
    fill(this.#detail);
    this.#body.select(index);
  }

  #choose(index) {
    const again = this.#selected === index;
    this.#select(again ? -1 : index);
    if (!again) {
      this.#open(index);
    }
  }

  /** Rows that came in front of the chosen one have not changed which one is chosen. */
  #follow() {
    if (this.#selected >= 0 && JSON.stringify(this.#rows[this.#selected - this.#first]) !== this.#chosen) {
      const at = this.#rows.findIndex(row => JSON.stringify(row) === this.#chosen);
      this.#selected = at < 0 ? this.#selected : this.#first + at;
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
    const first = this.#wanted();
    let answer;
    try {
      answer = await this.#page({offset: first, limit: Math.ceil(ROOM / ROW) + 2 * MARGIN, sort: this.#sort, down: this.#down, filter: this.#filter});
    } catch (error) {
      fill(this.#detail, problem(error));
      return;
    }
    if (turn !== this.#turn) {
      return;
    }
    this.#count = answer.count;
    this.#first = first;
    this.#rows = answer.rows;
    this.#follow();
    this.#search.hidden = answer.total <= FEW && !this.#filter;
    const all = `${answer.total.toLocaleString('en')} ${answer.total === 1 ? 'row' : 'rows'}`;
    patch(this.#counter, answer.count === answer.total ? all : `${answer.count.toLocaleString('en')} of ${all}`);
    this.#table.setAttribute('aria-rowcount', answer.count + 1);
    this.#body.show(first, answer.rows, answer.count, this.#selected, this.#link);
  }
}

customElements.define('dvs-table', DvsTable);

/** Columns of tables that no request describes: [name, type]. */
export function columns(list) {
  return list.map(([name, type]) => ({name, type, unit: '', help: ''}));
}
