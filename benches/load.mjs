// Several browsers without a screen at once: how long each kind of page takes, and a lead answered now and then.
//   node load.mjs URL LOGIN:PASSWORD SECONDS WINDOWS [answers] → {"kind": {"n", "p50", "p95", "p99", "max"}} in milliseconds
// The kinds take turns, so that slow ones do not crowd the quick ones out. With `answers` one of ten requests answers a lead.
import { proof, spread, visitor } from './visitor.mjs';

const [url, login, time, windows, answers] = process.argv.slice(2);
const { ask, found } = await visitor(url, login, Number(windows));

const households = await found('/households', /href="(\/households\/[0-9a-f]{32})"/g);
if (households.length === 0) throw new Error('no household is listed');
const leads = await found('/leads', /href="(\/leads\/[0-9a-f]{32})"/g);
const rules = await found('/rules', /href="(\/rules\/[a-z0-9-]+)"/g);
const batches = await found('/intake', /href="(\/intake\/batches\/[0-9a-f]{32})"/g);
const areas = await found('/areas', /href="(\/areas\?[^"]+)"/g);
const pages = await found('/households', /href="(\/households\?[^"]*)"/g);
const numbers = [...(await ask('GET', '/households')).text.matchAll(/>(\d{12,19})</g)].map((match) => match[1]);

const pick = (all) => all[Math.floor(Math.random() * all.length)];
const any = (all, otherwise) => (all.length > 0 ? pick(all) : otherwise);
const names = ['王', '李建', '张', 'zw', 'lj', '刘', 'wangjing', 'chen', '李静'];
const search = (text) => `/households?q=${encodeURIComponent(text)}`;
const kinds = {
  household: () => pick(households),
  'list of households': () => '/households',
  'list, next or sorted': () => any(pages, '/households'),
  'search by name': () => search(pick(names)),
  'search by number': () => search(any(numbers, '140430')),
  'search by last six': () => search(String(100000 + Math.floor(Math.random() * 899999))),
  'search everywhere': () => `/search?q=${encodeURIComponent(pick(names))}`,
  leads: () => '/leads',
  'leads, waiting': () => '/leads?state=waiting',
  'leads, one rule': () => `/leads?rule=${any(rules, '/rules/none').split('/').pop()}`,
  'one lead': () => any(leads, '/leads'),
  work: () => '/work',
  rules: () => '/rules',
  'one rule': () => any(rules, '/rules'),
  areas: () => any(areas, '/areas'),
  intake: () => '/intake',
  'one batch': () => any(batches, '/intake'),
  'rows of a batch': () => `${any(batches, '/intake').split('?')[0]}/rows`,
  'match queue': () => '/intake/match',
  journal: () => '/journal',
  accounts: () => '/accounts',
};

const took = { ...Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []])), 'answer a lead': [] };
const bad = new Map();
let open = answers ? [...leads] : [];
let turn = 0;

async function answer() {
  if (open.length === 0) open = await found('/leads', /href="(\/leads\/[0-9a-f]{32})"/g);
  const path = open.shift();
  if (!path) return;
  const page = await ask('GET', path);
  const version = /name="version" value="([^"]+)"/.exec(page.text)?.[1];
  if (!version) return;
  const fields = { _csrf: proof(page), version, outcome: 'helped_ordinary', reason_code: '', reason: '已由村里帮扶' };
  const done = await ask('POST', `${path}/answer`, fields);
  // 409: what was imported changed the lead while its page was open; that is said, and it is an answer.
  if (done.status === 303 || done.status === 409) took['answer a lead'].push(done.took);
  else bad.set(`answer: ${done.status}`, (bad.get(`answer: ${done.status}`) ?? 0) + 1);
}

const end = Date.now() + Number(time) * 1000;
async function window() {
  const all = Object.keys(kinds);
  while (Date.now() < end) {
    turn += 1;
    if (answers && turn % 10 === 0) {
      await answer();
      continue;
    }
    const kind = all[turn % all.length];
    const path = kinds[kind]();
    const answered = await ask('GET', path);
    // a search that finds one thing leads to it
    if (answered.status === 200 || answered.status === 303) took[kind].push(answered.took);
    else bad.set(`${path}: ${answered.status}`, (bad.get(`${path}: ${answered.status}`) ?? 0) + 1);
  }
}
await Promise.all(Array.from({ length: Number(windows) }, window));
if (bad.size > 0) throw new Error([...bad].map(([what, n]) => `${what} × ${n}`).join('\n'));

const told = {};
for (const [kind, times] of [...Object.entries(took), ['all', Object.values(took).flat()]]) {
  if (times.length > 0) told[kind] = spread(times);
}
console.log(JSON.stringify(told));
