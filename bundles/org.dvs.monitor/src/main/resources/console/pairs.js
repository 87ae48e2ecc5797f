// All proxy pairs of all nodes, as rows with their rates. Made for ten thousand of them: no object per pair, no look-up by name.
import {columns} from './table.js';

export const COLUMNS = columns([['node', 'text'], ['peer', 'text'], ['state', 'text'], ['sent_per_s', 'decimal'], ['received_per_s', 'decimal'], ['sent', 'integer'],
  ['received', 'integer'], ['queued', 'integer'], ['rtt_us', 'integer'], ['where', 'text'], ['last_fault', 'text']]);
export const [NODE, PEER, STATE, SENT_RATE, RECEIVED_RATE, SENT, RECEIVED] = COLUMNS.keys();

/** Seconds below which two looks tell no rate. */
const CLOSE = 0.2;

/** @param table as it came, {at, columns, nodes} @param before what this gave last, or an empty Map @param names Map of node id to name
 *  @return {now: Map of node to rows by proxy, rows: of COLUMNS} */
export function pairsOf(table, before, seconds, names) {
  const at = Object.fromEntries(table.columns.map((column, index) => [column.name, index]));
  const {proxy, name, state} = at;
  const rest = COLUMNS.slice(SENT).map(column => at[column.name]);
  const now = new Map();
  const rows = [];
  for (const node of Object.keys(table.nodes)) {
    const mine = [];
    const old = before.get(node) || [];
    now.set(node, mine);
    for (const pair of table.nodes[node]) {
      const row = [node, names.get(pair[proxy]) || pair[name], pair[state], null, null];
      for (const index of rest) {
        row.push(pair[index]);
      }
      const last = old[pair[proxy]];
      // A node that was restarted counts from 0 again.
      if (last && seconds > CLOSE && row[SENT] >= last[SENT] && row[RECEIVED] >= last[RECEIVED]) {
        row[SENT_RATE] = (row[SENT] - last[SENT]) / seconds;
        row[RECEIVED_RATE] = (row[RECEIVED] - last[RECEIVED]) / seconds;
      }
      mine[pair[proxy]] = row;
      rows.push(row);
    }
  }
  return {now, rows};
}

/** Those that send most, so many at the most, in the order in which they came. */
export function busiest(rows, most) {
  if (rows.length <= most) {
    return rows;
  }
  const rates = new Float64Array(rows.length);
  rows.forEach((row, index) => { rates[index] = row[SENT_RATE] || 0; });
  const least = rates.slice().sort()[rates.length - most];
  const found = [];
  let room = most - rates.reduce((sum, rate) => sum + (rate > least), 0);
  rows.forEach((row, index) => {
    if (rates[index] > least || (rates[index] === least && room-- > 0)) {
      found.push(row);
    }
  });
  return found;
}
