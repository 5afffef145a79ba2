// My work, lists of cases and pages of cases, one after the other; the export; the cards of a list as one document.
//   node cases.mjs URL LOGIN:PASSWORD TIMES → {"kind": {"n", "p50", "p95", "p99", "max"}} in milliseconds
import { said, spread, visitor } from './visitor.mjs';

const [url, login, times] = process.argv.slice(2);
const { ask, found } = await visitor(url, login, 4);

const cases = await found('/cases', /href="(\/cases\/[0-9a-f]{32})"/g);
const closed = await found('/cases?phase=closed', /href="(\/cases\/[0-9a-f]{32})"/g);
if (cases.length === 0 || closed.length === 0) throw new Error('no case is listed');
const states = ['accepted', 'compared', 'noticed', 'submitted', 'helping', 'removal_proposed'];
const risks = ['illness', 'schooling', 'unstable_work'];
const turn = (all, at) => all[at % all.length];
const kinds = {
  'my work': () => '/work',
  'my work, overdue': () => '/work?show=over',
  'list of cases': () => '/cases',
  'list, one state': (at) => `/cases?state=${turn(states, at)}`,
  'list, one risk': (at) => `/cases?risk=${turn(risks, at)}`,
  'list, overdue of one level': (at) => `/cases?due=overdue&owner=${turn(['village', 'township', 'county'], at)}`,
  'list, one township': (at) => `/cases?area=${turn(['140430100', '140430101', '140430200'], at)}`,
  'list, closed': () => '/cases?phase=closed',
  'one case': (at) => turn([...cases, ...closed], at),
};

async function page(path, most = 60_000) {
  const answered = await ask('GET', path);
  if (answered.status !== 200) throw new Error(`${path}: ${answered.status} ${answered.to ?? said(answered)}`);
  if (answered.took > most) throw new Error(`${path}: ${answered.took} ms`);
  return answered;
}

const told = {};
for (const [kind, path] of Object.entries(kinds)) {
  await page(path(0));
  const took = [];
  for (let at = 0; at < Number(times); at += 1) took.push((await page(path(at))).took);
  told[kind] = spread(took);
}
const exported = await page('/cases/export?phase=running');
const whole = await page('/cases/export?phase=all');
told['export of what runs'] = spread([exported.took]);
told['export of all'] = spread([whole.took]);

const start = performance.now();
let cards = 0;
while (cards < 500) {
  const answered = await page('/cases/papers/card?phase=help');
  cards = [...answered.text.matchAll(/<article class="card sw-paper/g)].length;
  if (cards > 0 && cards < 500) throw new Error(`only ${cards} cards`);
  if (cards === 0) await new Promise((done) => setTimeout(done, 50));
  if (performance.now() - start > 300_000) throw new Error('the cards are not made');
}
told['500 cards in one document'] = spread([performance.now() - start]);
console.log(JSON.stringify(told));
