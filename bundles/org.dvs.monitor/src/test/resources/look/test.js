// Run by LookTest, beside the console's own look.js.
import assert from 'node:assert/strict';
import {asked} from './api.js';
import {tell, count} from './live.js';
import {looking} from './look.js';

const settled = () => new Promise(resolve => setImmediate(resolve));
const seen = [];
const page = looking('api/x', answer => seen.push(answer), {load: data => seen.push(data)});

// What is told before the first answer is newer than it, and nobody's before it.
tell('load', 'told 1');
assert.deepEqual(seen, []);
asked[0].answer('answer 1');
const end = await page;
assert.deepEqual(seen.splice(0), ['answer 1', 'told 1']);
assert.deepEqual([asked[0].path, asked[0].byItself], ['api/x', false]);

// Told twice while a question is under way: at once, and behind the answer.
tell('again');
tell('load', 'told 2');
assert.deepEqual(seen.splice(0), ['told 2']);
asked[1].answer('answer 2');
await settled();
assert.deepEqual(seen.splice(0), ['answer 2', 'told 2']);
assert.equal(asked[1].byItself, true);

// An answer that comes behind that to a later question is left out, and one that comes before it is not.
tell('again');
tell('load', 'told 3');
tell('again');
tell('load', 'told 4');
seen.splice(0);
asked[3].answer('answer 4');
await settled();
asked[2].answer('answer 3');
await settled();
assert.deepEqual(seen.splice(0), ['answer 4', 'told 4']);
tell('again');
tell('load', 'told 5');
tell('again');
seen.splice(0);
asked[4].answer('answer 5');
await settled();
assert.deepEqual(seen.splice(0), ['answer 5', 'told 5']);
asked[5].fail('the node is away');
await settled();
tell('load', 'told 6');
assert.deepEqual(seen.splice(0), ['told 6']);

// Who has left hears nothing more, of what is under way neither.
tell('again');
end();
asked[6].answer('answer 7');
await settled();
tell('load', 'told 7');
assert.deepEqual([seen, count()], [[], 0]);

// A first question that fails is the page's problem, and leaves nobody behind.
const failing = looking('api/y', () => assert.fail(), {load: () => assert.fail()});
asked[7].fail('no');
await assert.rejects(failing, problem => problem === 'no');
tell('load', 'told 8');
assert.equal(count(), 0);
