// mechanism = ["M043", "M056"]
// A county of its own on two days, a week apart: a household on its whole way in, and a campaign that decides about one.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { moveTo, smallTargets, sound, soundInBoth, url } from '../browser.mjs';
import { firstCase, said, send, step } from '../cases.mjs';
import { journey, together } from '../journey.mjs';
import { answerLead, declare, place, told } from '../outside.mjs';
import { folder, serveOn } from '../serve.mjs';

together();

const home = folder();
let server;
let own;
let campaign;
let assessed;

async function on(day) {
  await server?.stop();
  server = await serveOn(home.path, day, 80);
  moveTo(server);
}

before(() => on('2026-10-31'));
after(async () => {
  await server?.stop();
  home.gone();
});

/** The questions of a case are answered: the first with a hit, the others with nothing found. */
async function answerQuestions(page, id, hit) {
  await page.goto(`${url}/cases/questions`);
  const hrefs = await page.locator(`main tbody a[href*="${id}"]`).evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.ok(hrefs.length > 1, 'questions to answer');
  await page.goto(`${url}${hrefs[0]}`);
  const form = page.locator('main tbody form[action^="/cases/questions/"]');
  const csrf = await form.locator('[name=_csrf]').inputValue();
  await send(page, form, { answer: 'hit', found: hit });
  for (const href of hrefs.slice(1)) {
    const item = href.split('#').pop().slice(id.length + 1);
    await page.request.post(`${url}/cases/questions/${id}/${item}`, { form: { _csrf: csrf, answer: 'none' } });
  }
}

journey('the first day: declared on a phone, confirmed, checked with consent, compared, agreed to in a sitting, put up', async (at) => {
  const phone = await at(null, { width: 'phone' });
  const alice = await at('alice', { width: 'office' });
  const chen = await at('chen', { width: 'phone' });
  const name = '村口的老李';
  const code = await declare(phone, name);
  const lead = await place(alice, chen, name);
  await answerLead(chen, lead);
  const href = await firstCase(chen, `life=monitoring&q=${lead.number}`);
  own = { code, href, ...lead, href };
  await told(phone, code, /已受理/);

  await chen.goto(`${url}${href}?do=check#do`);
  assert.match(await chen.locator('#do').innerText(), /承诺授权书/, 'no check without consent');
  await sound(chen, 'case-accepted');
  assert.deepEqual(await smallTargets(chen), []);
  await step(chen, href, 'consent', { signed_by: lead.head, how: 'signed' });
  await step(chen, href, 'risks', { 'risk-1': 'unsafe_housing' }).catch(() => step(chen, href, 'risks', { 'risk-1': 'illness' }));
  await step(chen, href, 'check', { checkers: '陈秀兰、驻村队员小赵', capacity: '两个劳动力在外务工，能还上钱' });
  assert.match(await said(chen, href), /已核实，待信息比对/);
  await sound(chen, 'case-checked');

  await alice.goto(`${url}${href}`);
  await alice.locator(`form[action="${href}/ask"] button`).click();
  await alice.locator('#notice .sw-note').waitFor();
  await answerQuestions(alice, href.split('/').pop(), '名下有一辆农用三轮车');
  await alice.goto(`${url}${href}`);
  await sound(alice, 'case-comparison');
  await chen.goto(`${url}${href}`);
  assert.match(await chen.locator('#do').innerText(), /完成信息比对/, 'whose turn it is stands there');
  assert.equal(await chen.locator('#do form').count(), 0, 'and nothing else is pressed on the village');
  const decide = await chen.locator('main a[href*="do=decide-"]').first().getAttribute('href');
  await chen.goto(`${url}${decide}`);
  await send(chen, chen.locator('#do form'), { decision: 'goes_on', words: '三轮车是拉草料用的，八年前的旧车' });
  await step(alice, href, 'compare', {});

  // the village sits about it
  await chen.goto(`${url}/sittings/new`);
  const row = chen.locator(`main tbody tr`, { hasText: lead.head });
  for (const box of await chen.locator('main tbody input[type=checkbox]').all()) await box.uncheck();
  await row.locator('input[type=checkbox]').check();
  await chen.locator('main form button.btn-primary').click();
  await chen.waitForURL(/sittings\/[0-9a-f]{32}/);
  await sound(chen, 'sitting-open');
  const sitting = chen.locator('main form.sw-stack');
  const held = { place: '村委会议室', presided: '陈秀兰', recorder: '赵志强', present: '17', attending: '村民代表十七人', minutes: '大家都知道他家的难处' };
  for (const [field, value] of Object.entries(held)) await sitting.locator(`[name="${field}"]`).fill(value);
  await sitting.locator('select[name^=result]').selectOption('agreed');
  await sitting.locator('input[name^=agreed]').fill('17');
  await sitting.locator('button[value=hold]').click();
  await chen.locator('#notice .sw-note').waitFor();
  await sound(chen, 'sitting-held');
  assert.match(await said(chen, href), /评议通过，待公示/);
  await step(chen, href, 'post', { place: '村务公开栏' });
  assert.match(await told(phone, code, /公示/), /公示/);
  await chen.goto(`${url}${href}?do=submit#do`);
  assert.equal(await chen.locator('#do form button.btn-primary').count(), 0, 'not before the notice has run');
  await chen.goto(`${url}${href}/papers/notice`);
  const notice = await chen.locator('main').innerText();
  assert.match(notice, new RegExp(lead.head));
  assert.doesNotMatch(notice, /\d{15}|7021234/, 'no number of a person hangs on the board');
});

journey('the first day of a campaign: begun for everybody, one household proposed to leave and put up', async (at) => {
  const alice = await at('alice', { width: 'office' });
  await alice.goto(`${url}/cases/campaigns?life=reassessment#begin`);
  await soundInBoth(alice, 'campaign-ahead');
  await send(alice, alice.locator('#begin form'), { words: '过渡期后逐户评估', due_on: '2026-12-31' });
  await alice.waitForURL(/campaigns\/[0-9a-f-]+/);
  campaign = new URL(alice.url()).pathname;
  await sound(alice, 'campaign-begun');
  const bob = await at('bob');
  await bob.goto(`${url}${campaign}`);
  const list = await bob.locator('main a[href*="state=to_review"]').first().getAttribute('href');
  await bob.goto(`${url}${list}`);
  assessed = await bob.locator('main tbody tr a').first().getAttribute('href');
  await step(bob, assessed, 'leave', { place: '村委会', present: '15', agreed: '15', why: '收入稳定，保障齐全，没有风险' });
  await step(bob, assessed, 'post', { place: '村务公开栏' });
});

journey('a week later: handed in, agreed to, approved, announced; the household reads it', async (at) => {
  await on('2026-11-06');
  const chen = await at('chen', { width: 'phone' });
  await chen.locator(`main a[href^="${own.href}"]`).first().waitFor();
  await sound(chen, 'work-a-week-later');
  await step(chen, own.href, 'submit', { result: '公示期满，无异议' });
  const bob = await at('bob');
  await step(bob, own.href, 'pass', { opinion: '情况属实' });
  const alice = await at('alice', { width: 'office' });
  await alice.goto(`${url}${own.href}?do=approve#do`);
  await soundInBoth(alice, 'case-approve');
  const form = alice.locator('#do form');
  await form.locator('[name=class]').first().check();
  await send(alice, form, { trigger: 'sudden', why: '收入略高于监测范围，修房支出大，没有救助，两个劳动力能逐步还上' });
  await step(alice, own.href, 'announce', { document: '沁防返贫〔2026〕18号' });
  assert.match(await said(alice, own.href), /已公告，待制定帮扶计划/);
  await sound(alice, 'case-announced');
  const phone = await at(null, { width: 'phone' });
  assert.match(await told(phone, own.code, /已纳入监测/), /帮扶计划/);
  await sound(phone, 'case-announced-told');
});

journey('a week later the campaign has decided about one household, and its page says so', async (at) => {
  const [bob, jia, alice] = [await at('bob'), await at('jia'), await at('alice', { width: 'office' })];
  await step(bob, assessed, 'submit', { result: '无异议' });
  await step(jia, assessed, 'pass', { opinion: '同意' });
  await step(alice, assessed, 'decide', { document: '沁防返贫〔2026〕19号' });
  assert.match(await said(alice, assessed), /已审定/);
  await alice.goto(`${url}${campaign}`);
  assert.match(await alice.locator('main .sw-progress').innerText(), /1/);
  await sound(alice, 'campaign-decided');
});
