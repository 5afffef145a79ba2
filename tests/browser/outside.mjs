// Who declares on a phone, and what the office does with it.
import assert from 'node:assert/strict';
import { outside, url } from './browser.mjs';

/** Somebody declares on the public page; the code under which the answer is read. */
export async function declare(page, name) {
  await page.goto(`${outside}/declare`);
  await page.locator('.sw-out-towns a').first().click();
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=phone]').fill('0355-7021234');
  await page.locator('[name=number]').fill('记不清');
  await page.locator('[name=village]').selectOption({ index: 1 });
  await page.locator('[name=kind]').selectOption('unsafe_housing');
  await page.locator('[name=words]').fill('后墙裂了，<b>下雨漏水</b>');
  await page.locator('form[action="/declare"] button.btn-primary').press('Enter');
  return (await page.locator('.sw-out-code').innerText()).trim();
}

/** What is read under a code. */
export async function ask(page, code) {
  await page.goto(`${outside}/declare/status`);
  await page.locator('[name=code]').fill(code);
  await page.locator('form[action="/declare/status"] button').click();
  await page.locator('form[action="/declare/status"]').waitFor({ state: 'detached' });
  return page.locator('main').innerText();
}

/** What is read under a code, once it says so: the answer goes outside by itself, a moment later. */
export async function told(page, code, words) {
  let text = '';
  for (let i = 0; i < 40 && !words.test(text); i += 1) {
    text = await ask(page, code);
    if (!words.test(text)) await page.waitForTimeout(250);
  }
  assert.match(text, words);
  return text;
}

/** Opens what somebody declared; it comes in by itself, a moment later. */
export async function received(page, name) {
  for (let i = 0; i < 40; i += 1) {
    await page.goto(`${url}/declarations`);
    if ((await page.locator('main tbody a', { hasText: name }).count()) > 0) break;
    await page.waitForTimeout(250);
  }
  await page.locator('main tbody a', { hasText: name }).first().click();
  await page.waitForURL(/declarations\/[0-9a-f]{32}/);
}

/** The county says that a declaration is about a household of the village worker that has no case; its lead. */
export async function place(county, village, name) {
  const taken = new Set();
  await village.goto(`${url}/cases?phase=all&life=monitoring`);
  for (const row of await village.locator('main tbody tr td:first-child a').allInnerTexts()) taken.add(row.trim());
  const answer = await village.request.get(`${url}/api/v1/households`);
  const { households } = await answer.json();
  const home = households.filter((one) => one.people >= 2 && !taken.has(one.head)).at(-1);
  await received(county, name);
  await county.locator('form[action$="/place"] [name=number]').fill(home.number);
  await county.locator('form[action$="/place"] button').click();
  await county.waitForURL(/leads\/[0-9a-f]{32}/);
  return { href: new URL(county.url()).pathname, number: home.number, head: home.head };
}

/** The village confirms what was declared. */
export async function answerLead(village, lead) {
  await village.goto(`${url}${lead.href}`);
  await village.locator('input[name=outcome][value=risk_confirmed]').check();
  await village.locator('textarea[name=reason]').fill('看了房子，后墙确实裂了');
  await village.locator('form[action$="/answer"] button').click();
  await village.locator('#notice .sw-note').waitFor();
}
