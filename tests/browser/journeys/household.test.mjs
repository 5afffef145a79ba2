// What happens in a household, by hand: the village proposes, the township confirms, and every past day stays as it was.
import assert from 'node:assert/strict';
import { sound, soundInBoth, smallTargets, url } from '../browser.mjs';
import { household, households } from '../county.mjs';
import { journey, together } from '../journey.mjs';

together();

const chens = '140430203201';

/** Households of chen's village in which nothing waits, large enough; from the far end of the list, `nth` of them. */
async function home(page, nth, least) {
  await page.goto(`${url}/households/proposals`);
  const waiting = (await page.locator('main tbody a[href^="/households/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href').split('/')[2])));
  const free = (await households(page, { area: chens, least })).filter((one) => !waiting.includes(one.id) && !one.number.includes('L')).reverse();
  assert.ok(free.length > nth, `only ${free.length} households of ${least} people`);
  return { ...free[nth], ...(await household(page, free[nth].id)) };
}

/** By the search of every page, without a mouse. */
async function search(page, words) {
  await page.keyboard.press('/');
  await page.keyboard.type(words);
  const before = page.url();
  await Promise.all([page.waitForURL((to) => to.href !== before), page.keyboard.press('Enter')]);
}

async function begin(page, id, kind) {
  await page.goto(`${url}/households/${id}`);
  const menu = page.locator('details', { has: page.locator(`a[href$="/change/${kind}"]`) });
  await menu.locator('summary').click();
  await menu.locator(`a[href$="/change/${kind}"]`).click();
  await page.waitForURL(`**/change/${kind}`);
}

const members = (page) => page.locator('.sw-house section').first().locator('.card-body > .sw-list .sw-person strong').allInnerTexts();
const event = (page, words) => page.locator('.sw-time li', { hasText: words });

async function confirm(page, name) {
  await page.goto(`${url}/work`);
  await page.locator('main tbody a[href="/households/proposals"]').first().click();
  await page.waitForURL('**/households/proposals');
  const row = page.locator('main tbody tr', { hasText: name });
  const told = await row.innerText();
  await row.locator('form[action$="/confirm"] button').click();
  await page.locator('#notice .sw-note').waitFor();
  assert.equal(await page.locator('main tbody tr', { hasText: name }).count(), 0, 'no longer waiting');
  return told;
}

async function asOf(page, day) {
  await page.locator('#days summary').click();
  await page.locator('#days input[name=as_of]').fill(day);
  await page.locator('#days button').click();
  await page.waitForURL(new RegExp(`as_of=${day}`));
}

journey('a child is born: the village proposes, the township confirms, yesterday stays as it was', async (at) => {
  const chen = await at('chen');
  const bob = await at('bob');
  const family = await home(chen, 0, 2);
  const child = `${family.head[0]}小满`;

  // Found without a mouse.
  await chen.goto(`${url}/work`);
  await search(chen, family.number);
  await chen.waitForURL(`**/households/${family.id}`);
  const before = await members(chen);

  // A day before the birth is refused at its field; nothing typed is lost.
  await begin(chen, family.id, 'birth');
  await soundInBoth(chen, 'change-birth');
  await chen.locator('input[name=name]').fill(child);
  await chen.locator('input[name=sex][value=female]').check();
  await chen.locator('input[name=birth_day]').fill('2026-10-21');
  await chen.locator('select[name=kin]').selectOption('granddaughter');
  await chen.locator('input[name=on]').fill('2026-10-20');
  await chen.locator('main form button.btn-primary').click();
  await chen.locator('main [role=alert]').waitFor();
  assert.equal(await chen.locator('input[name=name]').inputValue(), child);
  assert.ok(await chen.locator('input[name=sex][value=female]').isChecked());
  await sound(chen, 'change-birth-refused');
  await chen.locator('input[name=on]').fill('2026-10-21');
  await chen.locator('main form button.btn-primary').click();
  await chen.waitForURL(new RegExp(`/households/${family.id}`));
  await chen.locator('#notice .sw-note').waitFor();
  assert.deepEqual(await members(chen), before, 'nothing changes before the township confirms');
  await chen.reload();
  assert.equal(await chen.locator('main a[href="/households/proposals"]').count(), 1, 'the page says that something waits');
  await sound(chen, 'household-waits');

  // The township sees who and when, and confirms.
  assert.match(await confirm(bob, child), /2026-10-21/);
  await chen.goto(`${url}/households/${family.id}`);
  assert.deepEqual([...(await members(chen))].sort(), [...before, child].sort());
  const born = event(chen, child).first();
  assert.equal(await born.locator('time').innerText(), '2026-10-21');
  assert.match(await born.innerText(), /手工登记/, 'where it is known from');
  assert.match(await born.innerText(), /陈秀兰.*张建国/, 'who proposed and who confirmed');
  await soundInBoth(chen, 'household-born');

  // As of the day before: not yet born; then back to today.
  await chen.goto(`${url}/households/${family.id}`);
  await asOf(chen, '2026-10-20');
  assert.ok(!(await members(chen)).includes(child), 'not yet born');
  assert.equal(await event(chen, child).count(), 0);
  await soundInBoth(chen, 'household-past');
  await chen.locator('.sw-past a.btn').last().click();
  await chen.waitForURL((to) => !to.search.includes('as_of'));
  assert.ok((await members(chen)).includes(child));

  // Found by the name, too, by anybody of the township.
  await search(bob, child);
  assert.ok(bob.url().endsWith(family.id) || (await bob.locator(`main a[href^="/households/${family.id}"]`).count()) >= 1);
});

journey('a household divides: those who go have a page of their own, those who stay keep theirs, the past stays', async (at) => {
  const chen = await at('chen');
  const bob = await at('bob');
  const family = await home(chen, 1, 4);
  // The eldest who is neither the head nor married to the head goes, with one more.
  const apart = family.members.filter((one) => !['head', 'spouse'].includes(one.kin)).sort((a, b) => a.birth_day.localeCompare(b.birth_day));
  const [heir, other] = apart;

  await begin(chen, family.id, 'split');
  await soundInBoth(chen, 'change-split');
  await chen.locator(`input[name=going][value="${heir.id}"]`).check();
  await chen.locator(`input[name=going][value="${other.id}"]`).check();
  await chen.locator('select[name=head]').selectOption(heir.id);
  await chen.locator('input[name=on]').fill('2026-10-25');
  await chen.locator('input[name=group]').fill('9组');
  await chen.locator('main form button.btn-primary').click();
  await chen.waitForURL(new RegExp(`/households/${family.id}$`));
  assert.equal((await members(chen)).length, family.members.length);

  const told = await confirm(bob, heir.name);
  assert.ok(told.includes(other.name), `the township reads who goes: ${told}`);
  await chen.goto(`${url}/households/${family.id}`);
  const stay = await members(chen);
  assert.equal(stay.length, family.members.length - 2);
  assert.ok(!stay.includes(heir.name) && !stay.includes(other.name));
  assert.equal(await event(chen, heir.name).first().locator('time').innerText(), '2026-10-25');
  await chen.locator('details', { hasText: heir.name }).locator('summary').first().click();
  await soundInBoth(chen, 'household-divided');

  // The new household: its head, its people, its group.
  await search(chen, heir.name);
  const found = await chen.locator('main a[href^="/households/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  const own = /\/households\/[0-9a-f]{32}$/.test(chen.url()) ? chen.url() : `${url}${found.find((href) => /^\/households\/[0-9a-f]{32}/.test(href) && !href.includes(family.id))}`;
  await chen.goto(own);
  assert.match(await chen.locator('.sw-strip').innerText(), /9组/);
  assert.deepEqual([...(await members(chen))].sort(), [heir.name, other.name].sort());
  assert.match(await chen.locator('h1').innerText(), new RegExp(heir.name));
  assert.match(await event(chen, heir.name).first().innerText(), /2026-10-25[\s\S]*手工登记/);
  await sound(chen, 'household-new');

  // The day before, all were one household.
  await chen.goto(`${url}/households/${family.id}`);
  await asOf(chen, '2026-10-24');
  assert.equal((await members(chen)).length, family.members.length);
  assert.ok((await members(chen)).includes(heir.name));
});

journey('what the township sends back comes with its reason; on a phone the form fits a thumb', async (at) => {
  const chen = await at('chen', { width: 'phone' });
  const bob = await at('bob');
  const family = await home(chen, 2, 3);
  const child = `${family.head[0]}立冬`;
  await begin(chen, family.id, 'birth');
  await sound(chen, 'change-phone');
  assert.deepEqual(await smallTargets(chen), []);
  await chen.locator('input[name=name]').fill(child);
  await chen.locator('input[name=sex][value=male]').check();
  await chen.locator('input[name=birth_day]').fill('2026-10-01');
  await chen.locator('input[name=on]').fill('2026-10-01');
  await chen.locator('main form button.btn-primary').click();
  await chen.waitForURL(new RegExp(`/households/${family.id}$`));
  await bob.goto(`${url}/households/proposals`);
  await soundInBoth(bob, 'proposals');
  const row = bob.locator('main tbody tr', { hasText: child });
  await row.locator('input[name=reason]').fill('户口本上没有这个孩子，请核对');
  await row.locator('form[action$="/refuse"] button').click();
  await bob.locator('#notice .sw-note').waitFor();
  await chen.goto(`${url}/households/proposals`);
  await chen.locator('main a[href*="state=refused"]').click();
  await chen.waitForURL(/state=refused/);
  assert.match(await chen.locator('main tbody tr', { hasText: child }).innerText(), /户口本上没有这个孩子/);
  await sound(chen, 'proposals-refused');
  await chen.goto(`${url}/households/${family.id}`);
  assert.ok(!(await members(chen)).includes(child));
});
