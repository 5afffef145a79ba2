// The county office makes an indicator: a form that says how the condition is understood, a draft, a trial, a second person who
// publishes it, and a number that opens to exactly its rows.
import assert from 'node:assert/strict';
import { soundInBoth, url } from '../browser.mjs';
import { journey, together } from '../journey.mjs';

together();

/** A second person of the county office, at a window of their own, with a password of their own. */
async function colleague(alice, at) {
  await alice.goto(`${url}/accounts/new`);
  await alice.locator('[name=login]').fill('liu');
  await alice.locator('[name=name]').fill('刘芳');
  await alice.locator('[name=role]').selectOption('county');
  const home = alice.locator('select[name=home]');
  if (!(await home.inputValue())) await home.selectOption({ index: 1 });
  await alice.locator('form[action="/accounts/new"] button.btn-primary').click();
  const first = await alice.locator('dl code').innerText();
  const liu = await at();
  await liu.goto(`${url}/sign-in`);
  await liu.locator('input[name=login]').fill('liu');
  await liu.locator('input[name=password]').fill(first);
  await liu.locator('form[action="/sign-in"] button').click();
  await liu.waitForURL('**/account/password');
  await liu.locator('[name=old]').fill(first);
  await liu.locator('[name=password]').fill('guan-shan-2026-yue');
  await liu.locator('form[action="/account/password"] button').click();
  // a new password ends every window: in again with it
  await liu.waitForURL('**/sign-in**');
  await liu.locator('input[name=login]').fill('liu');
  await liu.locator('input[name=password]').fill('guan-shan-2026-yue');
  await liu.locator('form[action="/sign-in"] button').click();
  await liu.waitForURL('**/work');
  return liu;
}

const number = async (locator) => Number((await locator.innerText()).replace(/[^\d]/g, ''));

journey('alice makes an indicator, liu publishes it, its number opens to its rows', async (at) => {
  const alice = await at('alice');
  await alice.goto(`${url}/indicators`);
  await alice.locator('main a[href="/indicators/new"]').first().click();
  await alice.waitForURL('**/indicators/new');
  await soundInBoth(alice, 'indicator-new');
  await alice.locator('[name=id]').fill('journey_small');
  await alice.locator('[name=title_zh]').fill('两口以下的户');
  await alice.locator('[name=title_en]').fill('Households of two or fewer');
  await alice.locator('[name=unit_zh]').fill('户');
  await alice.locator('[name=definition_zh]').fill('现有人口不超过两人的户。');
  await alice.locator('[name=counted][value=household]').check();
  await alice.locator('#f-when').fill('persons > 0 and personss <= 2');
  await alice.locator('#own-check .sw-wrong').waitFor();
  assert.match(await alice.locator('#own-check').innerText(), /personss/, 'what is not understood is said at once');
  await alice.locator('#f-when').fill('persons > 0 and persons <= 2');
  await alice.locator('#own-check strong').first().waitFor();
  await alice.locator('[name=why]').fill('旅程试用');
  await alice.locator('main form.sw-stack button.btn-primary').click();
  await alice.waitForURL('**/policies/drafts/*');
  const draft = new URL(alice.url()).pathname;
  assert.match(await alice.locator('main').innerText(), /两口以下的户/);
  await soundInBoth(alice, 'indicator-draft');

  // Submitting tries it; who made it cannot publish it.
  await alice.locator('form[action$="/submit"] button').click();
  await alice.waitForURL(`**${draft}**`);
  assert.equal(await alice.locator('form[action$="/publish"]').count(), 0, 'a second person publishes');

  const liu = await colleague(alice, at);
  await liu.goto(`${url}${draft}`);
  const publish = liu.locator('form[action$="/publish"]');
  if (await publish.locator('[name=nearly_all]').count()) await publish.locator('[name=nearly_all]').check();
  await publish.locator('button').click();
  await liu.waitForLoadState();
  assert.equal(await liu.locator('form[action$="/publish"]').count(), 0, 'it is published');

  // Bob of the township sees the figure of his own, and every number opens to as many rows.
  const bob = await at('bob');
  await bob.goto(`${url}/indicators`);
  await bob.locator('main a[href="/indicators/journey_small"]').first().click();
  await bob.waitForURL('**/indicators/journey_small');
  await soundInBoth(bob, 'indicator-one');
  const cell = bob.locator('main tbody a[href*="part=hits"]').first();
  const said = await number(cell);
  assert.ok(said > 0);
  await cell.click();
  await bob.waitForURL('**/indicators/journey_small/rows**');
  if (said <= 50) assert.equal(await bob.locator('main tbody tr').count(), said, 'as many rows as the number says');
  await bob.locator('main tbody a').first().click();
  await bob.waitForURL(/\/households\/[0-9a-f]{32}/);
});
