// What the node tells when it is asked, kept up to date by what it tells by itself.
import {get} from './api.js';
import {on} from './live.js';

/**
 * Asks, and asks again whenever something may have been missed. What is told while a question is under way is told once more behind its
 * answer, which may be older; an answer is left out when that to a later question was there before it.
 *
 * @param take called with each answer; throws nothing
 * @param events {EVENT: listener of its data, ...}: none of them is called before the first answer was taken
 * @param changes events that only say that an answer would be another one now: it asks again
 * @return a promise, kept when the first answer was taken, of a function that ends it
 */
export async function looking(path, take, events, changes = []) {
  let looks = 0;
  let answered = 0;
  let asking = 0;
  let since = [];

  async function look(byItself) {
    const mine = ++looks;
    asking += 1;
    try {
      const answer = await get(path, byItself);
      if (mine > answered) {
        answered = mine;
        take(answer);
        since.filter(([at]) => at >= mine).forEach(([, event, data]) => events[event](data));
      }
    } finally {
      asking -= 1;
      if (!asking) {
        since = [];
      }
    }
  }

  function told(event, data) {
    if (asking) {
      since.push([looks, event, data]);
    }
    if (answered) {
      events[event](data);
    }
  }

  // Before the first question, so that nothing is missed. Where the node is away, the page says so, and asks again when it is back.
  const off = [...Object.keys(events).map(event => on(event, data => told(event, data))), ...['again', ...changes].map(event => on(event, () => look(true).catch(() => {})))];
  function end() {
    answered = Infinity;
    off.forEach(each => each());
  }
  try {
    await look(false);
  } catch (error) {
    end();
    throw error;
  }
  return end;
}
