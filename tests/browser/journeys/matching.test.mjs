// Rows of lists whose person is not certain: side by side, decided by keyboard, kept, taken back.
import assert from 'node:assert/strict';
import { smallTargets, sound, soundInBoth, url } from '../browser.mjs';
import { journey, together } from '../journey.mjs';

together();

const open = async (page) => Number((await page.locator('main strong').first().innerText()).match(/\d+/)[0]);
const decided = async (page) => Number((await page.locator('main strong + span').first().innerText()).match(/\d+/)[0]);

/** The question that is asked: where its row lies, and what speaks for whom. */
async function asked(page) {
  const sides = page.locator('.sw-pair .card');
  return {
    at: await page.locator('form.sw-keys input[name=at]').inputValue(),
    row: await sides.first().locator('a[href*="/rows/"]').getAttribute('href'),
    left: await sides.first().locator('.card-body').innerText(),
    right: await sides.nth(1).locator('.card-body').innerText(),
    choices: await page.locator('form.sw-keys button[name=pick]:not([value=none])').allInnerTexts(),
  };
}

journey('the township tells who a row is about: one is confirmed, one is nobody of the county, one is taken back', async (at) => {
  const alice = await at('alice');
  await alice.locator('.sw-rail a[href="/intake"]').click();
  await alice.locator('main a[href="/intake/match"]').click();
  await alice.waitForURL('**/intake/match');
  const begun = await open(alice);
  assert.ok(begun >= 3, `the demo leaves rows to decide, ${begun}`);
  const already = await decided(alice);
  await soundInBoth(alice, 'match');

  // Side by side, with the reason why it is asked; the very row can be opened.
  const first = await asked(alice);
  assert.match(await alice.locator('main p:has(+ .sw-pair) span').innerText(), /\S{3,}/, 'why it is asked');
  assert.ok(first.choices.length >= 1 && first.left.length > 0 && first.right.length > 0);
  const name = first.choices[0].split(/[，,]/)[0];
  assert.ok(first.right.includes(name), 'the first of the choices is shown beside the row');

  // 1: it is the first. The next question follows; what was decided is kept.
  await alice.keyboard.press('1');
  await alice.waitForURL(/after=/);
  const now = await open(alice);
  assert.ok(now < begun, 'one less to decide');
  assert.equal(await decided(alice), already + (begun - now));
  await alice.reload();
  assert.equal(await open(alice), now);
  await alice.goto(`${url}${first.row}`);
  const outcome = async () => (await alice.locator('section', { hasText: '这一行的结果' }).last().innerText()).replace(/\s+/g, ' ');
  assert.match(await outcome(), /已对上|重复/);
  assert.ok((await outcome()).includes(name), 'the row says whom it is about');
  await sound(alice, 'match-row-decided');

  // N: nobody of the county.
  await alice.goto(`${url}/intake/match`);
  const second = await asked(alice);
  assert.notEqual(second.at, first.at);
  await alice.keyboard.press('n');
  await alice.waitForURL(/after=/);
  await alice.goto(`${url}${second.row}`);
  assert.match(await outcome(), /不在本县/);

  // Decided, then taken back with U: the same question again, and nothing is left of the decision.
  await alice.goto(`${url}/intake/match`);
  const before = await open(alice);
  const third = await asked(alice);
  await alice.locator('form.sw-keys button[name=pick]').first().click();
  await alice.waitForURL(/after=/);
  assert.ok((await open(alice)) < before);
  await alice.keyboard.press('u');
  await alice.waitForURL(/[?&]at=/);
  assert.equal((await asked(alice)).at, third.at, 'the same row is asked again');
  assert.equal(await open(alice), before);
  await alice.goto(`${url}${third.row}`);
  assert.match(await outcome(), /待确认/);

  // Put off: another one comes, nothing is decided.
  await alice.goto(`${url}/intake/match`);
  await alice.keyboard.press('s');
  await alice.waitForURL(/after=/);
  assert.equal(await open(alice), before);
  await alice.goto(`${url}/journal`);
  assert.ok((await alice.locator('main tbody tr').count()) >= 3, 'each decision is in the journal');
});

journey('somebody was faster: the second is told who, and nothing is overwritten', async (at) => {
  const bob = await at('bob');
  const alice = await at('alice');
  await bob.goto(`${url}/intake/match`);
  await sound(bob, 'match-bob');
  const question = await asked(bob);
  await alice.goto(`${url}/intake/match?at=${question.at}`);
  assert.equal((await asked(alice)).at, question.at);
  await bob.locator('form.sw-keys button[name=pick][value=none]').click();
  await bob.waitForURL(/after=/);
  await alice.locator('form.sw-keys button[name=pick]').first().click();
  await alice.locator('main .sw-note').first().waitFor();
  assert.match(await alice.locator('main .sw-note').first().innerText(), /张建国/, 'who was faster');
  await alice.goto(`${url}${question.row}`);
  assert.match(await alice.locator('main').innerText(), /不在本县/, 'what bob said stands');
  await bob.locator('main form[action="/intake/match/undo"] button').click();
  await bob.waitForURL(/[?&]at=/);
});

journey('on a phone two people still stand side by side with their row, and a thumb decides', async (at) => {
  const bob = await at('bob', { width: 'phone' });
  await bob.goto(`${url}/intake/match`);
  await sound(bob, 'match-phone');
  assert.deepEqual(await smallTargets(bob), []);
});
