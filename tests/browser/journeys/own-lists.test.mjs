// mechanism = ["M046", "M101"]
// The county office makes a list nobody foresaw and writes a rule over it; a second person publishes the list.
import assert from 'node:assert/strict';
import { soundInBoth, url } from '../browser.mjs';
import { journey, together } from '../journey.mjs';

together();

journey('alice: a list by a form, its empty workbook, a condition that says at once how it is understood', async (at) => {
  const alice = await at('alice');
  await alice.goto(`${url}/policies/lists`);
  await alice.locator('a[href="/policies/lists/new"]').first().click();
  await alice.waitForURL('**/policies/lists/new');
  await soundInBoth(alice, 'own-list-new');
  await alice.locator('[name=id]').fill('journey_drones');
  await alice.locator('[name=title_zh]').fill('旅程飞手名单');
  await alice.locator('[name=c0_name]').fill('补贴金额');
  await alice.locator('[name=c0_type]').selectOption('amount');
  const put = alice.locator('main form.sw-stack button.btn-primary');
  await put.click();
  await alice.locator('#f-by.sw-field[data-wrong], fieldset[data-wrong]').first().waitFor();
  assert.equal(await alice.locator('[name=c0_name]').inputValue(), '补贴金额', 'nothing that was typed is lost');
  await alice.locator('[name=by][value=household_number]').check();
  await put.click();
  await alice.waitForURL('**/policies/drafts/*');
  const draft = new URL(alice.url()).pathname;
  await alice.locator('main a[href^="/policies/lists/journey_drones"]').first().waitFor();
  await soundInBoth(alice, 'own-list-draft');

  await alice.goto(`${url}/rules/new?draft=${draft.split('/').pop()}`);
  await alice.locator('#f-when').fill("listed('journey_dron', 3)");
  await alice.locator('#own-check .sw-wrong').waitFor();
  assert.match(await alice.locator('#own-check').innerText(), /journey_drones/, 'the list that was perhaps meant');
  await alice.locator('#f-when').fill('persons > 0 and not ');
  await alice.locator('#own-name').fill("listed('journey_drones', 12)");
  await alice.locator('#own-name').dispatchEvent('change');
  assert.match(await alice.locator('#f-when').inputValue(), /not listed\('journey_drones', 12\)$/, 'a chosen name stands where the cursor was');
  await alice.locator('#own-check strong').waitFor();
  await soundInBoth(alice, 'own-rule-new');

  await alice.goto(`${url}${draft}`);
  await alice.locator('form[action$="/withdraw"] button').click();
  await alice.waitForURL('**/policies/changes**');
});
