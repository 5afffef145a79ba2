// mechanism = ["M046"]
// Two days side by side: from a past page to the comparison with today, a number to its rows, a row to its household with the
// reason; the same day known later; nobody sees households of others.
import assert from 'node:assert/strict';
import { smallTargets, sound, soundInBoth, url } from '../browser.mjs';
import { households, leads } from '../county.mjs';
import { journey, together } from '../journey.mjs';

together();

const day = '2026-10-20';
const ready = (page) => page.locator('main .sw-stats').waitFor({ timeout: 60_000 });
const number = async (locator) => Number((await locator.innerText()).replace(/[^\d]/g, ''));

journey('bob: what changed since a past day, who came and went, and why', async (at) => {
  const bob = await at('bob');
  // Today somebody answers a lead: it goes out of the open ones.
  const open = (await leads(bob, '?state=open')).find((lead) => lead.household);
  await bob.goto(`${url}/leads/${open.id}`);
  const answer = bob.locator('form[action$="/answer"]');
  await answer.locator('input[name=outcome][value=no_risk]').check();
  if ((await answer.locator('textarea[name=reason]').count()) > 0) await answer.locator('textarea[name=reason]').fill('已入户核实，情况稳定。');
  await answer.locator('button').last().click();
  await bob.locator('#notice .sw-note').waitFor();

  await bob.goto(`${url}/households?as_of=${day}&known_at=${day}`);
  await bob.locator('.sw-past a[href^="/compare"]').click();
  await bob.waitForURL('**/compare**');
  await ready(bob);
  assert.equal(new URL(bob.url()).searchParams.get('from'), day);
  await soundInBoth(bob, 'compare');

  const gone = bob.locator('main tbody a[href*="of=lead."][href*="way=out"]').first();
  const said = await number(gone);
  assert.ok(said >= 1);
  await gone.click();
  await bob.waitForURL('**/compare/rows**');
  const rows = bob.locator('main tbody tr');
  assert.equal(await rows.count(), Math.min(said, 20), 'as many rows as the number says');
  assert.match(await bob.locator('main').innerText(), /答复/, 'who answered is told');
  await soundInBoth(bob, 'compare-rows');
  await rows.first().locator('a[href^="/compare/households/"]').click();
  await bob.waitForURL('**/compare/households/**');
  await bob.locator('main h1').waitFor();
  await soundInBoth(bob, 'compare-household');

  // The same day, known now instead of then; and from a household's own page.
  await bob.goto(`${url}/compare?from=${day}&known_from=${day}&to=${day}&known_to=2026-10-31`);
  await ready(bob);
  assert.match(await bob.locator('main .sw-note').first().innerText(), /更正/);
  await bob.goto(`${url}/households/${open.household}`);
  await bob.locator('main a[href^="/compare/households/"]').first().click();
  await bob.waitForURL('**/compare/households/**');
  await bob.locator('main input[name=from]').waitFor({ timeout: 60_000 });

  // Eve of another township finds nothing of it.
  const eve = await at('eve');
  const to = `/compare/households/${open.household}?from=${day}`;
  await eve.goto(`${url}${to}`);
  await eve.waitForFunction(() => !document.querySelector('main [hx-trigger^="load"]'), undefined, { timeout: 60_000 });
  assert.ok(!(await eve.locator('main').innerText()).includes(open.household));
  assert.equal((await eve.request.get(`${url}${to}`)).status(), 404);
  eve.wrong.length = 0;
});

journey('a day beside itself is empty and says so; the file says what the page says', async (at) => {
  const alice = await at('alice');
  await alice.goto(`${url}/compare?from=${day}&known_from=${day}&to=${day}&known_to=${day}`);
  await ready(alice);
  await alice.locator('main .sw-empty').waitFor();
  await sound(alice, 'compare-empty');
  for (const path of ['/compare/export', '/compare/rows/export?of=households&way=in']) {
    const and = path.includes('?') ? '&' : '?';
    const taken = await alice.request.get(`${url}${path}${and}from=${day}&known_from=${day}`);
    assert.equal(taken.status(), 200, path);
    assert.match(taken.headers()['content-type'], /spreadsheetml/);
  }
  // By place, down to a village.
  await alice.goto(`${url}/compare?from=${day}&known_from=${day}`);
  await ready(alice);
  await alice.locator('#places tbody a[href*="area="]').first().click();
  await alice.waitForURL('**area=**');
  await ready(alice);
  assert.ok((await alice.locator('#places tbody tr').count()) >= 1);
});

journey('on the phone', async (at) => {
  const chen = await at('chen', { width: 'phone' });
  assert.ok((await households(chen)).length > 0);
  await chen.goto(`${url}/compare?from=${day}`);
  await ready(chen);
  await sound(chen, 'compare-phone');
  assert.deepEqual(await smallTargets(chen), []);
});
