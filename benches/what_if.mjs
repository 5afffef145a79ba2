// One rule tried with other thresholds, as a slider asks for it while it moves: before, after, histogram, work, names.
//   node what_if.mjs URL LOGIN:PASSWORD HOW-MANY [DAY] → {"n", "p50", "p95", "p99", "max"} in milliseconds, as the browser sees it
import { spread, visitor } from './visitor.mjs';

const [url, login, many, day] = process.argv.slice(2);
const { ask, found } = await visitor(url, login, 1);
const past = day ? `&day=${day}` : '';

const knobs = [];
for (const rule of await found('/rules', /href="(\/rules\/[a-z0-9-]+)"/g)) {
  const page = await ask('GET', `${rule}/what-if`);
  const [, name, value] = /name="p\.([a-z0-9_]+)" value="([\d.]+)"/.exec(page.text) ?? [];
  if (name) knobs.push({ rule, name, value: Number(value) });
}
if (knobs.length < 5) throw new Error(`only ${knobs.length} rules read a parameter`);

const took = [];
let first = 0;
for (let turn = 0; turn < Number(many); turn += 1) {
  const { rule, name, value } = knobs[turn % knobs.length];
  const share = 50 + 5 * (Math.floor(turn / knobs.length) % 21);
  const tried = Number.isInteger(value) ? Math.round((value * share) / 100) : (value * share) / 100;
  const answered = await ask('GET', `${rule}/what-if?p.${name}=${tried}${past}`);
  if (answered.status !== 200 || !answered.text.includes('sw-stats')) throw new Error(`${rule} ${name}=${tried}: ${answered.status}`);
  // the first of a past day works that day out
  if (day && turn === 0) first = answered.took;
  else took.push(answered.took);
}
console.log(JSON.stringify({ ...spread(took), first: Math.round(first) }));
