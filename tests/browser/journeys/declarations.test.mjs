// mechanism = ["M043"]
// A household declares on a phone, the township places it, the village answers, the code says so; a village reports; posters.
import assert from 'node:assert/strict';
import { outside, smallTargets, sound, soundInBoth, url } from '../browser.mjs';
import { journey, together } from '../journey.mjs';
import { ask, declare } from '../outside.mjs';

together();

journey('a household declares on a phone, is placed and answered, and learns it by its code', async (at) => {
  assert.ok(outside, 'the public side is served beside the county');
  const phone = await at(null, { width: 'phone' });
  await phone.goto(`${outside}/declare`);
  await sound(phone, 'declare-towns');
  await phone.locator('.sw-out-towns a').first().click();
  assert.deepEqual(await smallTargets(phone), []);
  await soundInBothPublic(phone, 'declare-form');
  await phone.locator('details summary').click();
  await phone.locator('form[action="/declare"] button.btn-primary').click();
  assert.ok((await phone.locator('[data-wrong]').count()) >= 5, 'what is missing is said at its field');
  await sound(phone, 'declare-wrong');
  const name = '石头他爹';
  const code = await declare(phone, name);
  assert.match(code, /^([2-9A-Z]{4}-){3}[2-9A-Z]{4}$/);
  await sound(phone, 'declare-receipt');
  assert.match(await ask(phone, code), /已收到/);
  await sound(phone, 'declare-status');

  const alice = await at('alice');
  for (let i = 0; i < 40; i += 1) {
    await alice.goto(`${url}/declarations`);
    if ((await alice.locator('main tbody a', { hasText: name }).count()) > 0) break;
    await alice.waitForTimeout(250);
  }
  await soundInBoth(alice, 'declarations');
  await alice.locator('main tbody a', { hasText: name }).first().click();
  await alice.waitForURL(/declarations\/[0-9a-f]{32}/);
  assert.match(await alice.locator('main').innerText(), /<b>下雨漏水<\/b>/, 'marks are only text');
  await soundInBoth(alice, 'declaration');
  const here = alice.url();
  await alice.goto(`${url}/households`);
  await alice.locator('main tbody a').first().click();
  const number = (await alice.locator('.sw-strip').innerText()).match(/\d{12,}/)[0];
  await alice.goto(here);
  await alice.locator('form[action$="/place"] [name=number]').fill(number);
  await alice.locator('form[action$="/place"] button').click();
  await alice.waitForURL(/leads\/[0-9a-f]{32}/);
  assert.match(await alice.locator('main').innerText(), /房子不安全/);
  await sound(alice, 'declaration-lead');
  await alice.locator('input[name=outcome][value=helped_ordinary]').check();
  await alice.locator('form[action$="/answer"] button').click();
  await alice.waitForURL('**/leads');
  let told = '';
  for (let i = 0; i < 40 && !/按日常政策解决/.test(told); i += 1) {
    told = await ask(phone, code);
    await phone.waitForTimeout(250);
  }
  assert.match(told, /按日常政策解决/);
  await phone.locator('[name=words]').fill('房子还在漏');
  await phone.locator('form[action="/declare/object"] button').click();
  assert.match(await phone.locator('h1').innerText(), /异议收到了/);
  await sound(phone, 'declare-objected');
});

/** The public pages have no rail; the language stands in the head. */
async function soundInBothPublic(page, name) {
  await sound(page, `${name}-a`);
  const here = page.url();
  await page.context().addCookies([{ name: 'shouwang_lang', value: 'en', url: outside }]);
  await page.goto(here);
  await sound(page, `${name}-b`);
  await page.context().addCookies([{ name: 'shouwang_lang', value: 'zh-CN', url: outside }]);
  await page.goto(here);
}

journey('a page without script takes a declaration in', async (at) => {
  const plain = await at(null, { width: 'phone', script: false });
  assert.match(await declare(plain, '无名'), /^[2-9A-Z]{4}-/);
});

journey('a village worker reports what was found, and the household’s lead says so', async (at) => {
  const chen = await at('chen', { width: 'phone' });
  await chen.goto(`${url}/households`);
  await chen.locator('main tbody a').first().click();
  await chen.locator('a[href^="/declarations/report"]').click();
  await sound(chen, 'declarations-report');
  await chen.locator('[name=kind]').selectOption('accident');
  await chen.locator('[name=words]').fill('上山摔伤了腿');
  await chen.locator('[name=urgent]').check();
  await chen.locator('form[action="/declarations/report"] button').click();
  await chen.locator('#notice .sw-note').waitFor();
  await chen.locator('main a[href^="/declarations/"]', { hasText: '出了意外事故' }).first().click();
  await chen.waitForURL(/declarations\/[0-9a-f]{32}/);
  await sound(chen, 'declarations-reported');
  await chen.locator('main a[href^="/leads/"]').click();
  await chen.waitForURL(/leads\/[0-9a-f]{32}/);
  assert.match(await chen.locator('main').innerText(), /村里发现[^\n]*出了意外事故/);
});

journey('a township enters a call and prints its posters', async (at) => {
  const bob = await at('bob');
  await bob.goto(`${url}/declarations/new`);
  await soundInBoth(bob, 'declarations-new');
  await bob.goto(`${url}/declarations/posters`);
  await soundInBoth(bob, 'declarations-posters');
  await bob.locator('form[action="/declarations/posters/phone"] input[type=tel]').first().fill('0355-7020001');
  await bob.locator('form[action="/declarations/posters/phone"] button').first().click();
  await bob.locator('#notice .sw-note').waitFor();
  await bob.locator('main section a').first().click();
  assert.ok((await bob.locator('article.sw-poster svg').count()) >= 2, 'one for each village');
  assert.match(await bob.locator('article.sw-poster').first().innerText(), /0355-7020001/);
  await sound(bob, 'declarations-poster');
});
