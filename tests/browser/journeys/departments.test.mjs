// mechanism = ["M046"]
// What an office owes and what it is asked: the calendar, the list of what is late, a village that asks, the office that answers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accept, sound, soundInBoth, upload, url } from '../browser.mjs';
import { leads } from '../county.mjs';
import { journey, together } from '../journey.mjs';

together();

journey('the calendar says what is late and when the next list is due, and the reminder says the same', async (at) => {
  const alice = await at('alice');
  await alice.locator('.sw-rail a[href="/departments"]').click();
  await alice.waitForURL('**/departments');
  const offices = await alice.locator('main tbody a[href^="/departments/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(offices.length >= 8, `${offices.length} offices`);
  await soundInBoth(alice, 'departments');
  let late = 0;
  for (const office of offices) {
    await alice.goto(`${url}${office}`);
    assert.ok((await alice.locator('.sw-calendar tbody tr').count()) > 0 || (await alice.locator('main').innerText()).length > 50, office);
    late += await alice.locator('.sw-calendar tbody .is-late, .sw-calendar tbody .is-partly').count();
  }
  await alice.goto(`${url}/departments`);
  await alice.locator('main a[href="/departments/late"]').click();
  await alice.waitForURL('**/departments/late');
  const rows = alice.locator('main tbody tr');
  assert.equal(await rows.count(), late, 'the list has what the calendars show');

  // A list is taken back: it is late again, and the reminder names it.
  await alice.goto(`${url}/departments/human_resources`);
  await alice.locator('.sw-calendar tbody td a').last().click();
  await alice.waitForURL('**/intake/batches/*');
  await alice.locator('details', { has: alice.locator('form[action$="/revert"]') }).locator('summary').click();
  await alice.locator('form[action$="/revert"] textarea').fill('送错了月份');
  await alice.locator('form[action$="/revert"] button').click();
  await alice.locator('#notice .sw-note').waitFor();
  await alice.goto(`${url}/departments/late`);
  assert.equal(await rows.count(), late + 1, 'late again');
  assert.match(await rows.filter({ hasText: '2026-09' }).first().innerText(), /人社|失业/);
  const text = await alice.locator('textarea').inputValue();
  assert.equal(text.trim().split('\n').length, late + 2, 'a line for each below the first');
  assert.match(text, /2026-09/);
  assert.doesNotMatch(text, /\d{11}/, 'no number of a person');
  await soundInBoth(alice, 'departments-late');

  // It is sent again: nothing is owed.
  const name = '人社_失业返乡_2026-09.csv';
  await upload(alice, { name, buffer: readFileSync(join(process.env.SHOUWANG_COUNTY, 'sample/departments', name)) });
  await accept(alice);
  await alice.goto(`${url}/departments/late`);
  assert.equal(await rows.count(), late);
});

journey('bob asks the health insurance about a lead, dora answers, both see it in their work', async (at) => {
  const bob = await at('bob');
  const dora = await at('dora');
  const question = '这户的住院自付数额和发票对不上，请核对 9 月那一笔。';
  let asked;
  for (const lead of (await leads(bob, '?state=open')).filter((one) => one.level === 'household')) {
    await bob.goto(`${url}/questions/new?lead=${lead.id}`);
    const offices = await bob.locator('select[name=department] option').evaluateAll((all) => all.map((one) => one.value));
    if (offices.includes('medical_insurance')) {
      asked = lead;
      break;
    }
  }
  assert.ok(asked, 'a lead that rests on the list of bills');
  await bob.goto(`${url}/leads/${asked.id}`);
  await bob.locator('main a[href^="/questions/new"]').first().click();
  await bob.waitForURL('**/questions/new**');
  await soundInBoth(bob, 'question-new');
  await bob.locator('select[name=department]').selectOption('medical_insurance');
  await bob.locator('main form[action="/questions"] button.btn-primary').click();
  await bob.locator('main [role=alert]').waitFor();
  assert.equal(await bob.locator('select[name=department]').inputValue(), 'medical_insurance', 'what was chosen stays');
  await bob.locator('textarea[name=question]').fill(question);
  await bob.locator('main form[action="/questions"] button.btn-primary').click();
  await bob.waitForURL(/\/questions\/[0-9a-f]{32}$/);
  const here = bob.url();

  // It stands in the work of the office with its day, and in the asker's as one that waits.
  await dora.goto(`${url}/work`);
  const line = dora.locator('main tbody tr', { hasText: '住院自付数额' });
  assert.match(await line.innerText(), /2026-11-\d\d/, 'the day by which it is to be answered');
  await line.locator('a').first().click();
  await dora.waitForURL(here);
  await soundInBoth(dora, 'question');
  await bob.goto(`${url}/work?show=waiting`);
  assert.equal(await bob.locator('main tbody tr', { hasText: '住院自付数额' }).count(), 1);
  await dora.locator('textarea[name=answer]').fill('已核对，9 月一笔重复报送，下月更正。');
  await dora.locator('form[action$="/answer"] button').click();
  await dora.locator('#notice .sw-note').waitFor();
  await dora.goto(`${url}/work`);
  assert.equal(await dora.locator('main tbody tr', { hasText: '住院自付数额' }).count(), 0, 'done');
  await bob.goto(`${url}/work`);
  await bob.locator('main tbody tr', { hasText: '住院自付数额' }).locator('a').first().click();
  await bob.waitForURL(here);
  assert.match(await bob.locator('main').innerText(), /重复报送/);
  await sound(bob, 'question-answered');
});
