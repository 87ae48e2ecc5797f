// A request of a page's own, of which only the answer counts: asked, waited for, read.
import {get, post} from './api.js';
import {on} from './live.js';

const MOST = 1000;

/** Throws the problem of a node that failed. @return {job, tree, rows}: rows have their nodes in front */
export async function ask(words, confirm = false) {
  const started = await post('api/jobs', [...words.map(word => ['w', word]), ...(confirm ? [['confirm', 'yes']] : [])]);
  const tree = await ended(started.job);
  return {job: started.job, tree, rows: (await get(`api/jobs/${started.job}/rows?group=-1&limit=${MOST}`, true)).rows};
}

/** The same of one node; its error is thrown. @return {job, tree, rows} */
export async function askOne(words, confirm = false) {
  const answer = await ask(words, confirm);
  const wrong = answer.tree.groups.find(group => group.error);
  if (wrong) {
    throw wrong.error;
  }
  return {...answer, rows: answer.rows.map(row => row.slice(1))};
}

async function ended(job) {
  for (;;) {
    const tree = await get(`api/jobs/${job}`, true);
    if (tree.complete) {
      return tree;
    }
    // The event comes at once; should it be missed, the next look finds out.
    await new Promise(resolve => {
      const off = on('job', told => {
        if (told.job === job && told.complete) {
          done();
        }
      });
      const timer = setTimeout(done, 1000);
      function done() {
        off();
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
