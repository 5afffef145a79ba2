// A person works through the match queue by keyboard: looks at a row beside the people it may speak of, presses the key of one
// of them, and the next question comes.
//   node match.mjs URL LOGIN:PASSWORD HOW-MANY [LIST] → {"decision": {"n", "p50", …}, "next question": {…}} in milliseconds
// `decision` is the time until the key is answered, facts and leads of that household included; `next question` until the page
// that follows is there.
import { proof, said, spread, visitor } from './visitor.mjs';

const [url, login, many, list] = process.argv.slice(2);
const { ask } = await visitor(url, login, 1);

const decided = [];
const shown = [];
let page = await ask('GET', `/intake/match${list ? `?list=${list}` : ''}`);
for (let turn = 0; turn < Number(many); turn += 1) {
  const at = /name="at" value="([^"]+)"/.exec(page.text)?.[1];
  if (page.status !== 200 || !at) throw new Error(`nothing is asked after ${turn} decisions: ${page.status} ${said(page)}`);
  const action = /<form class="sw-keys" method="post" action="([^"]+)"/.exec(page.text)[1].replaceAll('&amp;', '&');
  const keys = [...page.text.matchAll(/name="pick" value="([^"]+)" data-key="(\d)"/g)];
  // one of ten is nobody of them
  const pick = keys.length > 0 && turn % 10 !== 9 ? keys[turn % keys.length][1] : 'none';
  const done = await ask('POST', action, { _csrf: proof(page), at, pick });
  if (done.status !== 303) throw new Error(`${at}: ${done.status} ${said(done)}`);
  decided.push(done.took);
  page = await ask('GET', new URL(done.to, url).pathname + new URL(done.to, url).search);
  shown.push(page.took);
}
console.log(JSON.stringify({ decision: spread(decided), 'next question': spread(shown) }));
