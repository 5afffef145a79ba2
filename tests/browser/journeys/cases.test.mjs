// mechanism = ["M043", "M044"]
// The way of a household out of the county's care, a return for repair, an objection from outside; whom a matter is about.
import assert from 'node:assert/strict';
import { outside, sound, soundInBoth, url } from '../browser.mjs';
import { firstCase, said, send, step } from '../cases.mjs';
import { journey, together } from '../journey.mjs';
import { answerLead, declare, place, told } from '../outside.mjs';

together();

journey('a risk that is gone: notice over, township, county, announced, looked back at', async (at) => {
  const bob = await at('bob');
  const href = await firstCase(bob, 'life=monitoring&state=removal_noticed');
  await bob.goto(`${url}${href}`);
  await soundInBoth(bob, 'removal-noticed');
  assert.match(await bob.locator('main').innerText(), /人均纯收入超过现行监测范围/, 'each condition stands there');
  assert.equal(await bob.locator('#do form[action$="/steps/submit_removal"]').count(), 1, 'what was waited for is next');
  await step(bob, href, 'submit_removal', { result: '公示期满，无异议' });
  await bob.goto(`${url}${href}?do=pass_removal#do`);
  assert.match(await bob.locator('#do').innerText(), /另一|他人|别人|不同/, 'who handed it in does not agree to it');
  assert.equal(await bob.locator('#do form button.btn-primary').count(), 0);
  const jia = await at('jia');
  await step(jia, href, 'pass_removal', { opinion: '抽查属实，同意消除', spot: 'yes' });
  const alice = await at('alice');
  await step(alice, href, 'approve_removal', { why: '收入稳定超过监测范围，刚性支出已解决，保障齐全，家里有两个劳动力' });
  await sound(alice, 'removal-approved');
  await step(alice, href, 'announce_removal', { document: '沁防返贫〔2026〕17号' });
  assert.match(await said(alice, href), /风险已消除，待回头看/);
  await sound(alice, 'removed');
  await alice.locator('main a[href^="/households/"]').first().click();
  await alice.waitForURL(/households\/[0-9a-f]{32}/);
  await step(bob, href, 'look_back', { found: '羊卖得好，孩子都在校' });
  assert.match(await said(bob, href), /风险已消除，已回头看/);
});

journey('what was sent back is mended by the village and agreed to by the township', async (at) => {
  const chen = await at('chen', { width: 'phone' });
  const href = await firstCase(chen, 'life=monitoring&state=returned');
  const before = await said(chen, href);
  assert.match(before, /退回补正/);
  await sound(chen, 'case-returned');
  await step(chen, href, 'mend', { mended: '补了九月的住院结算单' });
  assert.match(await said(chen, href), /待乡镇审核/);
  const bob = await at('bob', { width: 'office' });
  await bob.goto(`${url}/work`);
  assert.ok((await bob.locator(`main a[href^="${href}"]`).count()) > 0 || /待乡镇审核/.test(await bob.locator('main').innerText()), 'it is bob’s turn');
  await step(bob, href, 'pass', { opinion: '材料齐全' });
  assert.match(await said(bob, href), /待县级审定/);
});

journey('whoever was refused objects from outside, and reads that it was answered', async (at) => {
  const phone = await at(null, { width: 'phone' });
  const alice = await at('alice');
  const chen = await at('chen');
  const code = await declare(phone, '柳树下的人家');
  const lead = await place(alice, chen, '柳树下的人家');
  await answerLead(chen, lead);
  const href = await firstCase(chen, 'life=monitoring&state=accepted&q=' + lead.number);
  await step(chen, href, 'refuse_at_door', { reason: '房子去年已经翻修' });
  assert.match(await told(phone, code, /不纳入监测/), /还不到纳入监测的程度/, 'why, in the words of the pack');
  await sound(phone, 'case-refused-told');
  await phone.locator('[name=words]').fill('翻修的是邻居家，我家后墙还裂着');
  await phone.locator('form[action="/declare/object"] button').click();
  await phone.locator('h1', { hasText: '异议收到了' }).waitFor();
  let answer;
  for (let i = 0; i < 40 && !answer; i += 1) {
    await chen.goto(`${url}${href}`);
    answer = await chen.locator('main a[href*="do=objection-"]').first().getAttribute('href', { timeout: 250 }).catch(() => null);
  }
  assert.match(await chen.locator('main').innerText(), /我家后墙还裂着/);
  await sound(chen, 'case-objection');
  await chen.goto(`${url}${answer}`);
  await send(chen, chen.locator('#do form'), { answer: '明天和住建的人一起上门看' });
  await step(chen, href, 'appeal', { words: '农户说修的是邻居家' });
  assert.match(await told(phone, code, /异议.*已有答复/), /重新办理/, 'and taken up again');
  await sound(phone, 'case-objection-answered');
});

journey('a matter begins with looking for its household', async (at) => {
  const chen = await at('chen', { width: 'phone' });
  await chen.goto(`${url}/cases/new`);
  await sound(chen, 'begin-whom');
  await chen.locator('[name=q]').last().fill('没有这个人');
  await chen.locator('main form[action="/cases/new"] button').click();
  assert.match(await chen.locator('main').innerText(), /没有找到/);
  await chen.goto(`${url}/households`);
  const head = (await chen.locator('main tbody a').first().innerText()).trim();
  await chen.goto(`${url}/cases/new`);
  await chen.locator('main [name=q]').fill(head);
  await chen.locator('main form[action="/cases/new"] button').click();
  await sound(chen, 'begin-found');
  await chen.locator('main a[href^="/cases/new?household="]').first().click();
  await chen.locator('form[action="/cases/new"] input[name=life]').first().waitFor();
  await sound(chen, 'begin-matter');
});
