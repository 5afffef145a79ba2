// mechanism = ["M049", "M104"]
// What kind a village is, by hand and with its document; what its collective earned, and the class that follows.
import assert from 'node:assert/strict';
import { sound, soundInBoth, url } from '../browser.mjs';
import { journey, together } from '../journey.mjs';

together();

const village = '140430203201';
const number = (text) => Number(text.replace(/\D/g, ''));

/** Every kind with how many villages it has, as the page of areas counts them. */
async function kinds(page) {
  const all = page.locator('.sw-kinds a');
  const found = {};
  for (let i = 0; i < (await all.count()); i += 1) found[await all.nth(i).locator('span').innerText()] = number(await all.nth(i).locator('b').innerText());
  return found;
}

const sum = (counts) => Object.values(counts).reduce((whole, one) => whole + one, 0);

journey('alice says of what kind a village is; the kinds add up to all villages before and after', async (at) => {
  const alice = await at('alice');
  await alice.locator('.sw-rail a[href="/areas"]').click();
  await alice.waitForURL('**/areas');
  const before = await kinds(alice);
  const whole = number(await alice.locator('section:has(.sw-kinds) .card-header').innerText());
  assert.equal(sum(before), whole);
  await soundInBoth(alice, 'areas-kinds');
  const [word, count] = Object.entries(before)[0];
  await alice.locator('.sw-kinds a', { hasText: word }).first().click();
  await alice.waitForURL(/class=/);
  assert.equal(await alice.locator('main tbody tr').count(), count, 'the filter shows as many villages');

  await alice.goto(`${url}/areas/${village}/change`);
  await soundInBoth(alice, 'area-kind');
  const form = alice.locator('form[action$="/kind"]');
  const chosen = form.locator('input[name=kind]');
  for (let i = 0; i < (await chosen.count()); i += 1) await chosen.nth(i).uncheck();
  await form.locator('input[name=kind][value="软弱涣散村"]').check();
  await form.locator('input[name=kind][value="百人以下搬迁安置村"]').check();
  await form.locator('input[name=document]').evaluate((field) => field.removeAttribute('required'));
  await form.locator('button').click();
  await alice.locator('main [role=alert]').waitFor();
  assert.ok(await form.locator('input[name=kind][value="软弱涣散村"]').isChecked(), 'what was ticked stays');
  await sound(alice, 'area-kind-refused');
  await form.locator('input[name=document]').fill('沁组发〔2026〕3号');
  await form.locator('button').click();
  await alice.locator('#notice .sw-note').waitFor();
  await alice.goto(`${url}/areas`);
  const after = await kinds(alice);
  assert.equal(sum(after), whole, 'still every village once');
  assert.equal(after['软弱涣散村'], (before['软弱涣散村'] ?? 0) + 1, 'the first of the two counts');
  await alice.goto(`${url}/areas/${village}/change`);
  assert.match(await form.innerText(), /沁组发〔2026〕3号/);
});

journey('bob writes down what the collectives earned, the classes follow, and the county sets one with a document', async (at) => {
  const bob = await at('bob');
  await bob.goto(`${url}/villages`);
  await bob.locator('main a[href^="/villages/income"]').click();
  await bob.waitForURL('**/villages/income**');
  const amounts = bob.locator('input[name^=amount-]');
  const villages = await amounts.count();
  assert.ok(villages > 2);
  await amounts.nth(0).fill('0');
  await amounts.nth(1).fill('十二万');
  await bob.locator('main form button.btn-primary').click();
  await bob.locator('main [role=alert]').waitFor();
  assert.equal(await amounts.nth(1).inputValue(), '十二万', 'nothing that was typed is lost');
  await soundInBoth(bob, 'village-income');
  await amounts.nth(0).fill('0');
  await amounts.nth(1).fill('12,000');
  await amounts.nth(2).fill('86000.50');
  await bob.locator('input[name=document]').fill('2025年村集体经济年报');
  await bob.locator('main form button.btn-primary').click();
  await bob.locator('#notice .sw-note').waitFor();
  const stats = await bob.locator('.sw-stat b').allInnerTexts();
  const [all, ...classes] = stats.map(number);
  assert.equal(all, villages);
  assert.equal(classes.reduce((whole, one) => whole + one, 0), all, 'the classes add up to all villages');
  assert.deepEqual(classes, [1, 1, 1, villages - 3]);
  await soundInBoth(bob, 'villages');
  await bob.locator('.sw-stat', { hasText: '空壳村' }).click();
  await bob.waitForURL(/class=shell/);
  assert.equal(await bob.locator('main tbody tr').count(), 1);

  const alice = await at('alice');
  await alice.goto(`${url}/villages?class=shell`);
  await alice.locator('main tbody a').first().click();
  await alice.waitForURL(/\/villages\/\d{12}/);
  await soundInBoth(alice, 'village');
  await alice.locator('select[name=class]').selectOption('over');
  await alice.locator('input[name=document]').fill('县农经〔2026〕1号');
  await alice.locator('main form button.btn-primary').click();
  await alice.locator('#notice .sw-note').waitFor();
  assert.match(await alice.locator('main').innerText(), /达标村[\s\S]*县里认定/);
  await sound(alice, 'village-by-hand');
  await alice.goto(`${url}/villages?class=shell`);
  assert.equal(await alice.locator('main tbody a[href^="/villages/"]').count(), 0);
});
