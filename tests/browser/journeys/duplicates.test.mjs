// mechanism = ["M041", "M042"]
// Two numbers for one household: compared by hand, proposed by the village, confirmed by the township, undone again.
import assert from 'node:assert/strict';
import { sound, soundInBoth, url } from '../browser.mjs';
import { household, households } from '../county.mjs';
import { journey, together } from '../journey.mjs';

together();

const chens = '140430203201';

journey('two households become one and two again: village, township, undo; nothing is lost', async (at) => {
  const chen = await at('chen');
  const all = await households(chen, { area: chens });
  const [stays, goes] = all.filter((one) => one.people >= 2 && one.people <= 4).slice(-4, -2);
  const before = [await household(chen, stays.id), await household(chen, goes.id)];
  const people = before.map((one) => one.members.length);

  // The same number twice is refused with a sentence; two numbers are shown side by side.
  await chen.goto(`${url}/duplicates`);
  await soundInBoth(chen, 'duplicates');
  const compare = chen.locator('form[action="/duplicates/compare"]');
  await compare.locator('input[type=text], input:not([type])').nth(0).fill(stays.number);
  await compare.locator('input[type=text], input:not([type])').nth(1).fill(goes.number);
  await compare.locator('button').click();
  await chen.waitForURL('**/duplicates/pairs/household/**');
  await soundInBoth(chen, 'duplicates-pair');
  const at_pair = chen.url();
  const pick = (page, number) => page.locator(`button[name=pick]`, { hasText: number });
  await chen.locator('textarea[name=reason], input[name=reason]').first().fill('同一户登记了两个户编号');
  await pick(chen, stays.number).click();
  await chen.waitForLoadState();
  assert.notEqual(chen.url(), at_pair, 'the next pair, or the list');
  assert.equal((await household(chen, stays.id)).members.length, people[0], 'nothing changes before the township confirms');

  // The township confirms: one page, all people.
  const bob = await at('bob');
  await bob.goto(`${url}/duplicates?state=proposed`);
  await bob.locator('main a[href^="/duplicates/merges/"]').first().click();
  await bob.waitForURL('**/duplicates/merges/*');
  const merge = bob.url();
  await soundInBoth(bob, 'duplicates-merge');
  await bob.locator('form[action$="/confirm"] button').click();
  await bob.waitForLoadState();
  const one = await household(bob, stays.id);
  assert.equal(one.members.length, people[0] + people[1], 'everybody lives in the one that stays');
  await bob.goto(`${url}/search?q=${goes.number}`);
  assert.ok((await bob.locator(`main a[href^="/households/${stays.id}"]`).count()) > 0 || bob.url().includes(stays.id), 'the old number leads to the one that stays');
  await sound(bob, 'duplicates-old-number');

  // Undone: both as they were.
  await bob.goto(merge);
  const undo = bob.locator('form[action$="/undo"]');
  const read = undo.locator('input[type=checkbox]');
  if ((await read.count()) > 0) await read.first().check();
  await undo.locator('textarea[name=reason], input[name=reason]').first().fill('核对后是两户');
  await soundInBoth(bob, 'duplicates-undo');
  await bob.goto(merge);
  if ((await read.count()) > 0) await read.first().check();
  await undo.locator('textarea[name=reason], input[name=reason]').first().fill('核对后是两户');
  await undo.locator('button').click();
  await bob.waitForLoadState();
  const after = [await household(bob, stays.id), await household(bob, goes.id)];
  assert.deepEqual(after.map((home) => home.members.map((member) => member.name).sort()), before.map((home) => home.members.map((member) => member.name).sort()));
  await bob.goto(`${url}/duplicates?state=undone`);
  assert.match(await bob.locator('main tbody').innerText(), new RegExp(goes.number.slice(-4)));
});
