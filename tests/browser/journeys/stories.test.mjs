// The six doors of the demo: each person does the three steps that the first page promises.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sound, soundInBoth, upload, url } from '../browser.mjs';
import { household, households } from '../county.mjs';
import { journey, together } from '../journey.mjs';
import { readXlsx } from '../sheets.mjs';

together();

const number = (text) => Number((text.match(/[\d,]+/)?.[0] ?? '').replace(/,/g, ''));
/** The count that a tab or a foot shows. */
const counted = async (page) => number(await page.locator('[role=tablist] [aria-current], .sw-tabs [aria-current], nav [aria-current=page] b').last().innerText());
const stat = (page, key) => page.locator(`a[href="/work?show=${key}"]`);

journey('alice: how much there is and what is due; why a rule hits and where from; a batch taken back takes its leads along', async (at) => {
  const alice = await at('alice');
  // 1. The numbers are true: each opens exactly as many lines.
  for (const key of ['today', 'over']) {
    await alice.goto(`${url}/work`);
    const told = number(await stat(alice, key).innerText());
    await stat(alice, key).click();
    await alice.waitForURL(`**/work?show=${key}`);
    assert.equal(await alice.locator('main tbody tr').count(), told, `${key}: as many as told`);
  }
  // 2. A rule: in words, its threshold, the lists it reads; its hits open the leads that name it.
  await alice.locator('.sw-rail a[href="/rules"]').click();
  await alice.locator('main tbody a[href="/rules/dropout"]').click();
  await alice.waitForURL('**/rules/dropout');
  assert.match(await alice.locator('main').innerText(), /疑似失学辍学名单|疑似失学/);
  await sound(alice, 'story-rule');
  const hits = alice.locator('main dd a[href^="/leads?"]').first();
  const told = number(await hits.innerText());
  await hits.click();
  await alice.waitForURL(/\/leads\?.*rule=dropout/);
  const rows = alice.locator('main tbody tr');
  assert.equal(await rows.count(), told);
  const hrefs = await rows.locator('td a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  // 3. The list that brought them is taken back: the leads are withdrawn, and say so.
  await alice.goto(`${url}/intake?department=education`);
  const lists = await alice.locator('main tbody tr', { hasText: '疑似失学辍学_' }).locator('a').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
  for (const list of lists) {
    await alice.goto(`${url}${list}`);
    await alice.locator('details', { has: alice.locator('form[action$="/revert"]') }).locator('summary').click();
    await alice.locator('form[action$="/revert"] textarea').fill('教育局来电：名单排错了月份');
    await alice.locator('form[action$="/revert"] button').click();
    await alice.locator('#notice .sw-note').waitFor();
  }
  await alice.goto(`${url}/leads?rule=dropout`);
  assert.equal(await rows.count(), 0, 'no open lead rests on what was taken back');
  await alice.goto(`${url}/leads?state=withdrawn`);
  const gone = await rows.locator('td a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(hrefs.some((href) => gone.includes(href)), 'withdrawn, not lost');
  await alice.goto(`${url}${hrefs.find((href) => gone.includes(href))}`);
  assert.match(await alice.locator('main').innerText(), /已自动撤销/);
  await soundInBoth(alice, 'story-withdrawn');
});

journey('bob: confirms a change, decides a match, answers a lead', async (at) => {
  const bob = await at('bob');
  await bob.locator('main tbody a[href="/households/proposals"]').first().click();
  const row = bob.locator('main tbody tr', { hasText: '浩宇' });
  const home = await row.locator('a[href^="/households/"]').getAttribute('href');
  await row.locator('form[action$="/confirm"] button').click();
  await bob.locator('#notice .sw-note').waitFor();
  await bob.goto(`${url}${home}`);
  assert.match(await bob.locator('.sw-house section').first().innerText(), /浩宇/);

  await bob.goto(`${url}/work`);
  await bob.locator('main tbody a[href="/intake/match"]').first().click();
  await bob.waitForURL('**/intake/match');
  const open = async () => number(await bob.locator('main strong').first().innerText());
  const before = await open();
  await bob.keyboard.press('1');
  await bob.waitForURL(/after=/);
  assert.ok((await open()) < before);

  await bob.goto(`${url}/leads?department=water`);
  const lead = await bob.locator('main tbody tr td a').first().getAttribute('href');
  await bob.goto(`${url}${lead}`);
  await sound(bob, 'story-village-lead');
  const form = bob.locator('form[action$="/answer"]');
  await form.locator('input[name=outcome][value=helped_ordinary]').check();
  await form.locator('textarea[name=reason]').fill('水管已修好，全村恢复供水。');
  await form.locator('button').click();
  await bob.locator('#notice .sw-note').waitFor();
  await bob.goto(`${url}${lead}`);
  assert.match(await bob.locator('main').innerText(), /水管已修好/);
});

journey('chen, on a phone: what is due today, a lead answered, a birth sent to the township', async (at) => {
  const chen = await at('chen', { width: 'phone' });
  assert.ok(number(await stat(chen, 'today').innerText()) >= 1, 'something is due today');
  await stat(chen, 'today').click();
  await chen.waitForURL('**/work?show=today');
  await sound(chen, 'story-today');
  await chen.locator('main tbody tr a').first().click();
  await chen.waitForURL(/\/leads\/[0-9a-f]{32}/);
  assert.match(await chen.locator('main').innerText(), /今天到期/);

  await chen.goto(`${url}/leads?department=agriculture`);
  const lead = await chen.locator('main tbody tr td a').first().getAttribute('href');
  await chen.goto(`${url}${lead}`);
  const form = chen.locator('form[action$="/answer"]');
  await form.locator('input[name=outcome][value=risk_confirmed]').check();
  await form.locator('textarea[name=reason]').fill('上学花销大，秋收又减产，确有困难。');
  await form.locator('button').click();
  await chen.locator('#notice .sw-note').waitFor();
  await chen.goto(`${url}${lead}`);
  assert.match(await chen.locator('main').innerText(), /秋收又减产/);

  const [home] = (await households(chen, { least: 2 })).filter((one) => one.head).slice(3);
  await chen.goto(`${url}/households/${home.id}/change/birth`);
  await chen.locator('input[name=name]').fill(`${home.head[0]}冬至`);
  await chen.locator('input[name=sex][value=male]').check();
  await chen.locator('input[name=birth_day]').fill('2026-10-30');
  await chen.locator('input[name=on]').fill('2026-10-30');
  await chen.locator('main form button.btn-primary').click();
  await chen.locator('#notice .sw-note').waitFor();
  await chen.goto(`${url}/work?show=waiting`);
  assert.match(await chen.locator('main').innerText(), new RegExp(home.head), 'it waits for the township');
});

journey('dora: a list tried before it counts, each problem with its cell, the list back with its problems', async (at) => {
  const county = process.env.SHOUWANG_COUNTY;
  assert.ok(county, 'SHOUWANG_COUNTY names the folder that demo made');
  const folder = join(county, 'sample', 'to-try');
  const [name] = readdirSync(folder);
  const dora = await at('dora');
  await upload(dora, { name, buffer: readFileSync(join(folder, name)) });
  assert.match(new URL(dora.url()).pathname, /^\/intake\/batches\//);
  await sound(dora, 'story-try');
  const findings = dora.locator('main tbody tr', { has: dora.locator('td code') });
  assert.ok((await findings.count()) >= 1, 'the list has problems');
  for (const row of await findings.all()) {
    assert.match(await row.locator('code').innerText(), /[A-Z]+\d+/, 'its cell');
    assert.ok((await row.locator('td').nth(2).innerText()).trim().length > 3, 'what to do');
  }
  const cell = (await findings.first().locator('code').innerText()).match(/([A-Z]+)(\d+)$/);
  const [download] = await Promise.all([dora.waitForEvent('download'), dora.locator('main a[href$="/findings.xlsx"]').first().click()]);
  const marked = readXlsx(readFileSync(await download.path()));
  assert.ok(marked.fills.get(cell[0]), `${cell[0]} is coloured`);
  await dora.locator('form[action$="/discard"] button').click();
  await dora.locator('#notice .sw-note').waitFor();
});

journey('eve opens nothing of another township, by address, by search, by the API; feng reads that she tried', async (at) => {
  const eve = await at('eve');
  const bob = await at('bob');
  const feng = await at('feng');
  const [home] = await households(bob);
  const answer = await eve.goto(`${url}/households/${home.id}`);
  assert.equal(answer.status(), 404);
  assert.doesNotMatch(await eve.locator('main').innerText(), new RegExp(home.head));
  await soundInBoth(eve, 'story-not-found');
  assert.equal((await eve.request.get(`${url}/api/v1/households/${home.id}`)).status(), 404);
  await eve.goto(`${url}/work`);
  await eve.keyboard.press('/');
  await eve.keyboard.type(home.number);
  await Promise.all([eve.waitForURL(/[?&]q=/), eve.keyboard.press('Enter')]);
  assert.equal(await eve.locator(`main a[href="/households/${home.id}"]`).count(), 0);
  await eve.goto(`${url}/leads`);
  assert.doesNotMatch(await eve.locator('main').innerText(), new RegExp(home.number));

  await feng.goto(`${url}/journal/access`);
  assert.match(await feng.locator('main tbody').innerText(), /赵艳/, 'the attempt is kept');
  await sound(feng, 'story-access');
});

journey('feng: who changed what and when, that the journal holds, the story of a household', async (at) => {
  const feng = await at('feng');
  await feng.locator('.sw-rail a[href="/journal"]').click();
  await feng.waitForURL('**/journal');
  const first = await feng.locator('main tbody tr').first().innerText();
  assert.match(first, /2026-10-\d\d/, 'when');
  assert.ok((await feng.locator('main tbody tr').count()) >= 10);
  await feng.locator('main a[href="/journal/verify"]').first().click();
  await feng.waitForURL('**/journal/verify');
  await feng.locator('main .sw-note.is-green').waitFor();
  await soundInBoth(feng, 'story-verify');
  const [home] = await households(feng, { least: 3 });
  await feng.goto(`${url}/households/${home.id}`);
  const { members } = await household(feng, home.id);
  const told = await feng.locator('main').innerText();
  for (const one of members) assert.ok(told.includes(one.name));
  assert.equal(await feng.locator('main a[href*="/change/"]').count(), 0, 'who only reads changes nothing');
  assert.equal(await feng.locator('main a[href*="/reveal"]').count(), 0);
});
