// Values as people read them, by the type of their column.

const NUMBERS = new Set(['integer', 'decimal', 'size', 'duration']);

export function isNumber(column) {
  return NUMBERS.has(column.type);
}

export function size(bytes) {
  let value = bytes;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || Math.abs(value) >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function duration(ms) {
  if (ms < 1000) {
    return `${ms} ms`;
  }
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const days = Math.floor(seconds / 86400);
  const rest = new Date((seconds % 86400) * 1000).toISOString().slice(11, 19);
  return days ? `${days} d ${rest}` : rest;
}

export function time(ms) {
  const date = new Date(ms);
  const pad = number => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

export function cell(column, value) {
  if (value === null || value === undefined) {
    return '-';
  }
  switch (column.type) {
    case 'size': return size(value);
    case 'duration': return duration(value);
    case 'time': return time(value);
    case 'decimal': return `${Math.round(value * 100) / 100}${column.unit === '%' ? ' %' : ''}`;
    case 'flag': return value ? 'yes' : 'no';
    case 'texts': return value.join(', ');
    default: return String(value);
  }
}

/** Rows as objects by the names of their columns. */
export function records(table, node) {
  const rows = (table && table.nodes[node]) || [];
  return rows.map(row => Object.fromEntries(table.columns.map((column, at) => [column.name, row[at]])));
}

const KINDS = {ok: ['ok', 'up', 'active', 'started', 'running', 'allowed', 'ended', 'answered', 'primary', 'connected', 'INFO'],
  bad: ['failed', 'down', 'refused', 'ERROR', 'uninstalled', 'lost', 'torn', 'dead', 'none'],
  warn: ['silent', 'WARN', 'dialing', 'greeting', 'drained', 'starting', 'stopping', 'skipped', 'installed']};
const STATES = new Set(['state', 'level', 'decision', 'status']);

/** How a state looks, by its word: ok, bad, warn, or nothing. */
export function kind(column, value) {
  return STATES.has(column.name) ? Object.keys(KINDS).find(each => KINDS[each].includes(value)) || '' : '';
}
