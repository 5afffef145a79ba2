// A lead from its inbox to its answer: filters in the address, the reason and the very cell behind it, two people at once.
import assert from 'node:assert/strict';
import { accept, smallTargets, sound, soundInBoth, upload, url } from '../browser.mjs';
import { household, households, leads } from '../county.mjs';
import { journey, together } from '../journey.mjs';
import { letters, xlsx } from '../sheets.mjs';

together();

const heads = ['序号', '姓名', '乡镇', '村', '医院', '结算日期', '总费用', '基本医保', '合规自付'];
const paid = letters(heads.indexOf('合规自付'));

/** A list that makes a lead of a household each: high bills of the heads of `number` households that have no lead yet. */
async function bills(alice, number, file, amount) {
  const known = new Set((await leads(alice, '?state=open')).map((lead) => lead.household));
  const all = await households(alice);
  const bobs = all.filter((home) => home.village.startsWith('140430203') && !home.village.startsWith('140430203201'));
  const once = bobs.filter((home) => all.filter((other) => other.head === home.head && other.village === home.village).length === 1);
  const free = [];
  for (const home of once.reverse()) {
    const namesakes = (await Promise.all(bobs.filter((other) => other.village === home.village).map((other) => household(alice, other.id)))).flatMap((one) => one.members).filter((one) => one.name === home.head);
    if (!known.has(home.id) && namesakes.length === 1) free.push(home);
    if (free.length === number) break;
  }
  assert.equal(free.length, number, 'households without a lead');
  const row = (home, n) => [n + 1, home.head, '', home.village_name, '省人民医院', `2026-10-0${n + 1}`, 150000, 40000, amount + n];
  const rows = [['沁县2026年10月住院医疗费用结算明细表'], ['填报单位：沁县医疗保障局　　金额单位：元'], heads, ...free.map(row)];
  await upload(alice, { name: `${file}.xlsx`, buffer: xlsx(rows) });
  await accept(alice);
  return free;
}

const lead = (page, home) => page.locator('main tbody tr', { hasText: home.number });

journey('a lead is found by its filters, understood down to the cell, answered, and the second person sees who was faster', async (at) => {
  const alice = await at('alice');
  const bob = await at('bob');
  const [home] = await bills(alice, 1, '医保_住院结算_2026-10_线索', 87654);

  // The inbox: what is chosen stands in the address and stays.
  await bob.locator('.sw-rail a[href="/leads"]').click();
  await bob.locator('select[name=department]').selectOption('medical_insurance');
  await bob.locator('select[name=severity]').selectOption('severe');
  await bob.locator('main form[action="/leads"] button').click();
  await bob.waitForURL(/department=medical_insurance/);
  assert.equal(new URL(bob.url()).searchParams.get('severity'), 'severe');
  await bob.reload();
  assert.equal(await bob.locator('select[name=department]').inputValue(), 'medical_insurance');
  for (const text of await bob.locator('main tbody tr').allInnerTexts()) assert.match(text, /医保局/);
  assert.match(await lead(bob, home).innerText(), /87,654/, 'the reason stands in the list');
  await soundInBoth(bob, 'leads-filtered');

  // The lead: the sentence with its numbers; why; and each number opens to the very cell.
  await lead(bob, home).locator('a').first().click();
  await bob.waitForURL(/\/leads\/[0-9a-f]{32}/);
  const page = bob.url();
  assert.ok((await bob.locator('h1').innerText()).includes(home.head));
  const why = bob.locator('.sw-why', { hasText: '87,654' }).first();
  assert.match(await why.locator('p').first().innerText(), /20,000/, 'the threshold stands in the sentence');
  await why.locator('summary').click();
  assert.match(await why.innerText(), /国办发|县/, 'with its basis');
  await soundInBoth(bob, 'lead');
  await bob.goto(page);
  await why.locator('summary').click();
  await why.locator('dt', { hasText: '合规自付' }).first().locator('+ dd a.sw-source').first().click();
  await bob.waitForURL(/\/intake\/batches\/.*\/rows\//);
  assert.match(await bob.locator('h1').innerText(), /线索\.xlsx/, 'the file');
  assert.equal((await bob.locator('.sw-sheet td.is-marked').innerText()).trim(), '87654', 'the cell');
  assert.equal((await bob.locator('.sw-sheet th.is-marked').innerText()).trim(), paid, 'its column');
  assert.match(await bob.locator('.sw-sheet tr.is-row').innerText(), new RegExp(home.head));
  await soundInBoth(bob, 'lead-row');

  // Two people have it open. Bob answers; an answer without a reason is not taken.
  await alice.goto(page);
  await bob.goto(page);
  const answer = (who) => who.locator('form[action$="/answer"]');
  await answer(bob).locator('input[name=outcome][value=not_found]').check();
  await answer(bob).locator('button').click();
  await bob.locator('main [role=alert]').waitFor();
  assert.ok(await answer(bob).locator('input[name=outcome][value=not_found]').isChecked(), 'what was chosen stays');
  await sound(bob, 'lead-no-reason');
  await answer(bob).locator('input[name=outcome][value=helped_ordinary]').check();
  await answer(bob).locator('textarea[name=reason]').fill('已申请医疗救助，家里三个劳动力都有活干。');
  await answer(bob).locator('button').click();
  await bob.waitForURL(/\/leads(\?|$)|\/leads\/[0-9a-f]{32}$/);
  await bob.locator('#notice .sw-note').waitFor();
  await bob.goto(`${url}/leads?department=medical_insurance`);
  assert.equal(await lead(bob, home).count(), 0, 'no longer to be answered');

  await answer(alice).locator('input[name=outcome][value=risk_confirmed]').check();
  await answer(alice).locator('textarea[name=reason]').fill('我看有风险。');
  await answer(alice).locator('button').click();
  await alice.locator('main [role=alert]').waitFor();
  const refused = await alice.locator('main [role=alert]').innerText();
  assert.match(refused, /张建国/, 'who was faster');
  assert.match(refused, /日常帮扶/, 'and what was answered');
  await alice.goto(page);
  assert.match(await alice.locator('main').innerText(), /三个劳动力都有活干/);
  assert.doesNotMatch(await alice.locator('main').innerText(), /我看有风险/, 'nothing is overwritten');
  assert.equal(await answer(alice).count(), 0);
  await soundInBoth(alice, 'lead-answered');
  await alice.goto(`${url}/leads?state=answered`);
  assert.match(await lead(alice, home).innerText(), /日常帮扶/);
});

journey('several leads are answered together with one reason, and each says so', async (at) => {
  const alice = await at('alice');
  const bob = await at('bob');
  const homes = await bills(alice, 2, '医保_住院结算_2026-10_一并', 65432);
  await bob.goto(`${url}/leads?department=medical_insurance`);
  const hrefs = [];
  for (const home of homes) {
    hrefs.push(await lead(bob, home).locator('a').first().getAttribute('href'));
    await lead(bob, home).locator('input[type=checkbox]').check();
  }
  const together = bob.locator('main form[action="/leads/answer"]');
  await together.locator('details > summary').click();
  await together.locator('input[name=outcome][value=already_covered]').check();
  await together.locator('textarea[name=reason]').fill('两户都已纳入医疗救助。');
  await sound(bob, 'leads-together');
  await together.locator('button.btn-primary').click();
  await bob.locator('#notice .sw-note').waitFor();
  for (const home of homes) assert.equal(await lead(bob, home).count(), 0);
  for (const href of hrefs) {
    await bob.goto(`${url}${href}`);
    const told = await bob.locator('main').innerText();
    assert.match(told, /两户都已纳入医疗救助/);
    assert.match(told, /共 2 条/, 'answered with another one');
  }
});

journey('a village worker answers on a phone', async (at) => {
  const chen = await at('chen', { width: 'phone' });
  await chen.locator('.sw-bar a[href="/leads"]').click();
  await chen.waitForURL('**/leads');
  await sound(chen, 'leads-phone');
  await chen.locator('main tbody tr a').first().click();
  await chen.waitForURL(/\/leads\/[0-9a-f]{32}/);
  await sound(chen, 'lead-phone');
  assert.deepEqual(await smallTargets(chen), []);
  assert.equal(await chen.locator('form[action$="/answer"] button').count(), 1);
});
