// mechanism = ["M046"]
// A past view: a page as of a day, as it was known then; the two days go along with every click, nothing can be changed, and
// what came later does not show.
import assert from 'node:assert/strict';
import { smallTargets, sound, soundInBoth, url } from '../browser.mjs';
import { leads } from '../county.mjs';
import { journey, together } from '../journey.mjs';

together();

const day = '2026-10-20';

async function choose(page, asOf, known) {
  await page.locator('#days summary').click();
  await page.locator('#days input[name=as_of]').fill(asOf);
  await page.locator('#days input[name=known_at]').fill(known);
  await page.locator('#days button').click();
  await page.waitForURL((to) => to.searchParams.get('as_of') === asOf && to.searchParams.get('known_at') === known);
}

const inPast = (page) => new URL(page.url()).searchParams.get('as_of') === day;

/** The figures of the tabs above the leads. */
const tabs = async (page) => (await page.locator('.sw-tabs a').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));

journey('the list of leads of a past day: every click stays in it, an answer of today does not show, back to today in one click', async (at) => {
  const alice = await at('alice');
  await alice.goto(`${url}/leads`);
  await choose(alice, day, day);
  assert.match(await alice.locator('.sw-past').innerText(), /截至 2026-10-20.*2026-10-20/s);
  const then = await tabs(alice);
  const due = await alice.locator('main tbody tr').first().innerText();
  await soundInBoth(alice, 'past-leads');

  // A filter, a lead, its household, the areas: all of that day.
  await alice.locator('form select[name=severity]').selectOption('severe');
  await alice.locator('form:has(select[name=severity]) button').click();
  await alice.waitForURL(/severity=severe/);
  assert.ok(inPast(alice), 'the filter keeps the day');
  await alice.locator('main tbody a').first().click();
  await alice.waitForURL(/\/leads\/[0-9a-f]{32}/);
  assert.ok(inPast(alice), 'the lead is that of the day');
  const lead = new URL(alice.url()).pathname;
  assert.equal(await alice.locator('main form[method=post] button:visible').count(), 0, 'nothing can be answered');
  await sound(alice, 'past-lead');
  await alice.locator('.sw-rail a[href^="/areas"]').click();
  await alice.waitForURL(/\/areas/);
  assert.ok(inPast(alice), 'the navigation keeps the day');
  await sound(alice, 'past-areas');

  // What has no past is of today, and does not offer one.
  await alice.goto(`${url}/journal`);
  assert.equal(await alice.locator('#days summary').count(), 0);

  // Who tries all the same is refused.
  const refused = await alice.evaluate(async (to) => (await fetch(to, { method: 'POST', body: '' })).status, `${lead}/answer?as_of=${day}`);
  assert.ok(refused >= 400, `refused with ${refused}`);
  alice.wrong.length = 0;

  // A list of the day may be taken out.
  for (const path of ['/households/export', '/leads/export', '/departments/export']) {
    const taken = await alice.evaluate(async (to) => (await fetch(to)).status, `${path}?as_of=${day}&known_at=${day}`);
    assert.equal(taken, 200, path);
  }

  // Today one more is answered; yesterday stays as it was.
  const bob = await at('bob');
  const open = (await leads(bob, '?state=open'))[0];
  await bob.goto(`${url}/leads/${open.id}`);
  const answer = bob.locator('form[action$="/answer"]');
  await answer.locator('input[name=outcome][value=no_risk]').check();
  if ((await answer.locator('textarea[name=reason]').count()) > 0) await answer.locator('textarea[name=reason]').fill('已入户核实，家庭收入稳定。');
  await answer.locator('button').last().click();
  await bob.locator('#notice .sw-note').waitFor();

  await alice.goto(`${url}/leads?as_of=${day}&known_at=${day}`);
  assert.deepEqual(await tabs(alice), then, 'the figures are those of the day');
  assert.equal(await alice.locator('main tbody tr').first().innerText(), due);
  await alice.locator('.sw-past a.btn').last().click();
  await alice.waitForURL((to) => to.pathname === '/leads' && !to.search.includes('as_of'));
  assert.equal(await alice.locator('.sw-past').count(), 0);
});

journey('on the phone the days are chosen and shown', async (at) => {
  const bob = await at('bob', { width: 'phone' });
  await bob.goto(`${url}/households`);
  await choose(bob, day, day);
  await sound(bob, 'past-phone');
  assert.deepEqual(await smallTargets(bob), []);
  await bob.locator('#days summary').click();
  await sound(bob, 'past-phone-control');
});

journey('a day that is none or lies ahead is said to be so', async (at) => {
  const alice = await at('alice');
  await alice.goto(`${url}/households?as_of=2026-13-01`);
  assert.match(await alice.locator('main').innerText(), /日期无法识别/);
  await alice.goto(`${url}/households?as_of=2099-01-01`);
  assert.match(await alice.locator('main').innerText(), /晚于今天/);
});
