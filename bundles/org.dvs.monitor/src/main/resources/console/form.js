// A form out of a request's own description.
import {h, fill, freshId} from './dom.js';
import {get} from './api.js';

const PLACEHOLDERS = {duration: 'e.g. 500ms, 30s, 5m', size: 'e.g. 64KiB, 1MiB', texts: 'one per line', integer: 'a whole number', decimal: 'a number'};
const UNITS = {duration: /^\d+(\.\d+)?(ms|s|m|h|d)$/, size: /^\d+(\.\d+)?(B|KiB|MiB|GiB|TiB)$/, integer: /^-?\d+$/, decimal: /^-?\d+(\.\d+)?$/};

const SIZES = [['TiB', 2 ** 40], ['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10], ['B', 1]];
const DURATIONS = [['h', 3600000], ['m', 60000], ['s', 1000], ['ms', 1]];
/** No parameter is limited by what a number of 32 bits can be: whoever reads that learns nothing. */
const ANY = 2 ** 31 - 1;

/** A value as it is typed. */
function typed(type, value) {
  const units = type === 'size' ? SIZES : type === 'duration' ? DURATIONS : null;
  if (!units) {
    return String(value);
  }
  const [unit, many] = (value && units.find(([, each]) => value % each === 0)) || units.at(-1);
  return `${value / many}${unit}`;
}

/** Which values may be typed, in words; empty if any may. */
export function limits({type, min, max}) {
  const low = min !== undefined && min > -ANY - 1;
  const high = max !== undefined && max < ANY;
  const what = type === 'text' ? ' characters' : '';
  return low && high ? `${typed(type, min)} to ${typed(type, max)}${what}` : low ? `at least ${typed(type, min)}${what}` : high ? `at most ${typed(type, max)}${what}` : '';
}

/** What a page can tell before the node does; the node checks all of it again. */
export function wrong(parameter, text) {
  if (text === '' || text === undefined) {
    return parameter.required ? 'It is needed' : '';
  }
  if (UNITS[parameter.type] && !UNITS[parameter.type].test(text)) {
    return `It is not ${parameter.type === 'integer' ? 'a whole number' : parameter.type === 'decimal' ? 'a number' : `a ${parameter.type} with its unit, ${PLACEHOLDERS[parameter.type]}`}`;
  }
  if (parameter.type === 'integer' || parameter.type === 'decimal') {
    const number = Number(text);
    if (parameter.min !== undefined && number < parameter.min || parameter.max !== undefined && number > parameter.max) {
      return `It must be ${limits(parameter) || 'a smaller number'}`;
    }
  }
  return '';
}

class Field {
  constructor(request, parameter, changed) {
    this.parameter = parameter;
    const id = freshId('field');
    const help = freshId('help');
    this.error = h('span', {class: 'wrong', id: freshId('wrong'), role: 'alert'});
    const common = {id, name: parameter.name, 'aria-describedby': `${help} ${this.error.id}`, oninput: () => { this.check(); changed(); }};
    const label = h('label', {for: id}, parameter.name.replaceAll('_', ' '), parameter.required ? ' (needed)' : '');
    const hint = h('span', {class: 'help', id: help}, this.#hint());
    if (parameter.type === 'flag') {
      this.input = h('input', {...common, type: 'checkbox', checked: parameter.default === true});
      this.element = h('div', {class: 'field flag'}, this.input, label, hint, this.error);
      return;
    }
    if (parameter.allowed.length && parameter.type === 'text') {
      this.input = h('select', {...common}, parameter.required ? null : h('option', {value: ''}, '-'), parameter.allowed.map(value => h('option', {value}, value)));
    } else if (parameter.type === 'texts') {
      this.input = h('textarea', {...common, rows: 2, placeholder: PLACEHOLDERS.texts, spellcheck: 'false'});
    } else {
      const list = freshId('list');
      this.list = h('datalist', {id: list});
      this.input = h('input', {...common, list, placeholder: PLACEHOLDERS[parameter.type] || '', spellcheck: 'false', autocomplete: 'off'});
      this.input.addEventListener('input', () => this.#suggest(request));
      this.input.addEventListener('focus', () => this.#suggest(request));
    }
    this.element = h('div', {class: 'field'}, label, this.input, this.list, hint, this.error);
  }

  #hint() {
    const {help, type, default: otherwise} = this.parameter;
    return [help, limits(this.parameter), otherwise === null || otherwise === undefined || otherwise === false ? '' : `else ${typed(type, otherwise)}`].filter(Boolean).join('; ');
  }

  #suggest(request) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        const query = new URLSearchParams({request: request.name, parameter: this.parameter.name, typed: this.input.value});
        fill(this.list, (await get(`api/suggest?${query}`)).map(value => h('option', {value})));
      } catch {
        // Without completion the field works all the same.
      }
    }, 150);
  }

  /** As it stands there. */
  typed() {
    return this.parameter.type === 'flag' ? String(this.input.checked) : this.input.value;
  }

  value() {
    if (this.parameter.type === 'flag') {
      const differs = this.input.checked !== (this.parameter.default === true);
      return differs ? this.input.checked : undefined;
    }
    if (this.parameter.type === 'texts') {
      return this.input.value.split('\n').filter(line => line !== '');
    }
    return this.input.value.trim();
  }

  check() {
    const value = this.value();
    const text = wrong(this.parameter, Array.isArray(value) ? value.join('') : value);
    this.error.textContent = text;
    this.input.setAttribute('aria-invalid', text !== '');
    return text === '';
  }
}

/** {element, values(), typed(), check()} @param given names to texts as typed() gives them */
export function form(request, changed, given = {}) {
  const fields = request.parameters.map(parameter => new Field(request, parameter, changed));
  for (const field of fields) {
    const text = given[field.parameter.name];
    if (text !== undefined) {
      if (field.parameter.type === 'flag') {
        field.input.checked = text === 'true';
      } else {
        field.input.value = text;
      }
    }
  }
  return {
    element: fields.length ? h('fieldset', {}, h('legend', {}, 'What it takes'), h('div', {class: 'fields'}, fields.map(field => field.element))) : null,
    values: () => Object.fromEntries(fields.map(field => [field.parameter.name, field.value()]).filter(([, value]) => value !== undefined)),
    typed: () => fields.map(field => [field.parameter.name, field.typed()]),
    check: () => {
      const bad = fields.filter(field => !field.check());
      if (bad.length) {
        bad[0].input.focus();
      }
      return bad.length === 0;
    },
  };
}
