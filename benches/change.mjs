// One value of one household put right by hand, again and again, each in another household: the household's facts and leads
// are right when the answer comes, because they are written in the same commit.
//   node change.mjs URL LOGIN:PASSWORD HOW-MANY → {"n", "p50", "p95", "p99", "max"} in milliseconds, as the browser sees it
import { proof, spread, visitor } from './visitor.mjs';

const [url, login, many] = process.argv.slice(2);
const { ask, found } = await visitor(url, login, 1);

let households = [];
for (let page = '/households'; page && households.length < Number(many); ) {
  households = households.concat(await found(page, /href="(\/households\/[0-9a-f]{32})"/g));
  const next = await found(page, /href="(\/households\?[^"]*after=[^"]*)"/g);
  page = next.at(-1);
}

const took = [];
for (const household of households.slice(0, Number(many))) {
  const form = await ask('GET', `${household}/change/correct`);
  // the water of the register: safe or not, the other than it was
  const [, what, stands] = /value="(register_household\.w\.[0-9a-f]{32})"[^>]*>([^<]*)/.exec(form.text) ?? [];
  if (form.status !== 200 || !what) throw new Error(`${household}: no value to put right (${form.status})`);
  const day = process.env.TODAY ?? new Date().toISOString().slice(0, 10);
  const fields = { _csrf: proof(form), what, value: /· 是 ·/.test(stands) ? 'no' : 'yes', reason: '入户核实', on: day };
  const done = await ask('POST', `${household}/change/correct`, fields);
  if (done.status !== 303) throw new Error(`${household}: ${done.status} ${done.text.replace(/<[^>]*>/g, ' ').slice(0, 2000)}`);
  took.push(done.took);
}
console.log(JSON.stringify(spread(took)));
