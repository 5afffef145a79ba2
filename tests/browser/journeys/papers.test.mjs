// mechanism = ["M046", "M055"]
// A village that works on paper: its slip for the group chat, its leads as sheets, the township that types in what was written.
import assert from 'node:assert/strict';
import { smallTargets, sound, soundInBoth, url } from '../browser.mjs';
import { leads } from '../county.mjs';
import { journey, together } from '../journey.mjs';

together();

const today = '2026-10-31';
/** What no paper for a group chat may hold: numbers of people, phones, households. */
const personal = /\d{17}[\dXx]|1\d{10}|\d{12}/;

journey('chen copies the slip and prints the sheets, bob types one in, and both names stand in the lead', async (at) => {
  const chen = await at('chen');
  const open = (await leads(chen, '?state=open')).filter((one) => one.level === 'household');
  assert.ok(open.length > 0, 'the village has open leads');

  // The slip: numbers, no person.
  await chen.goto(`${url}/leads`);
  await chen.locator('main a[href="/slips"]').click();
  await chen.waitForURL('**/slips');
  const slip = await chen.locator('textarea').first().inputValue();
  assert.match(slip, /【.+】2026-10-31/);
  assert.doesNotMatch(slip, personal);
  const counted = Number(await chen.locator('.sw-stat', { hasText: '在办' }).locator('strong, b, .sw-figure').first().innerText());
  assert.match(slip, new RegExp(`在办共 ${counted} 条`), 'the figure above and the text say the same');
  await soundInBoth(chen, 'slips');

  // The sheets: one page for each open lead; the same number on every print.
  await chen.locator('main a[href^="/leads/sheets"]').first().click();
  await chen.waitForURL('**/leads/sheets**');
  assert.equal(await chen.locator('.sw-paper').count(), counted);
  const lead = open[0];
  await chen.goto(`${url}/leads/sheets?lead=${lead.id}`);
  assert.equal(await chen.locator('.sw-paper').count(), 1);
  const number = await chen.locator('.sw-paper strong').first().innerText();
  assert.match(number, /^[0-9A-F]{4}-[0-9A-F]{4}$/);
  assert.ok(lead.id.endsWith(number.replace('-', '').toLowerCase()));
  await soundInBoth(chen, 'sheets');
  const paper = await chen.pdf({ preferCSSPageSize: true });
  assert.equal(paper.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1, 'a household is one page on paper');
  await chen.goto(`${url}/leads/entry`);
  assert.equal(await chen.locator('form[action="/leads/entry"]').count(), 0, 'a village answers for itself');

  // Bob has the paper on his desk. A number that is not there, then the right one as people write it.
  const bob = await at('bob');
  await bob.goto(`${url}/slips`);
  await bob.locator('main a[href="/leads/entry"]').click();
  await bob.waitForURL('**/leads/entry');
  const find = bob.locator('form[action="/leads/entry"]:not([method=post])');
  await find.locator('input[name=sheet]').fill('0000-0000');
  await find.locator('button').click();
  await bob.locator('main [role=alert]').waitFor();
  await soundInBoth(bob, 'entry-not-found');
  await find.locator('input[name=sheet]').fill(` ${number.replace('-', ' ').toLowerCase()} `);
  await find.locator('button').click();
  const form = bob.locator('form[action="/leads/entry"][method=post]');
  await form.waitFor();
  await soundInBoth(bob, 'entry');

  // Who answered is asked for; nothing that was typed is lost.
  await form.locator('input[name=outcome][value=helped_ordinary]').check();
  await form.locator('textarea[name=reason]').fill('已申请临时救助，家中有人在外务工。');
  await form.locator('button.btn-primary').click();
  await bob.locator('main [role=alert]').waitFor();
  assert.ok(await form.locator('input[name=outcome][value=helped_ordinary]').isChecked());
  assert.match(await form.locator('textarea[name=reason]').inputValue(), /临时救助/);
  await form.locator('input[name=by]').fill('王会计');
  await form.locator('input[name=on]').fill('2026-10-31');
  await form.locator('button.btn-primary').click();
  await bob.locator('#notice .sw-note').waitFor();

  // The lead says both names and the sheet; the same paper twice is said to be over.
  await chen.goto(`${url}/leads/${lead.id}`);
  const told = await chen.locator('main').innerText();
  assert.match(told, /王会计/);
  assert.ok(told.includes(number) && told.includes('张建国'), 'who typed, and from which sheet');
  await bob.goto(`${url}/leads/entry?sheet=${number}`);
  assert.equal(await form.count(), 0);
  const alice = await at('alice');
  await alice.goto(`${url}/journal`);
  assert.match(await alice.locator('main').innerText(), /代录纸单结论/);
});

journey('the brief of the morning is one screen of a phone, and every figure opens to as many rows', async (at) => {
  const bob = await at('bob', { width: 'phone' });
  await bob.goto(`${url}/work`);
  await bob.locator('main a[href="/brief"]').click();
  await bob.waitForURL('**/brief');
  await sound(bob, 'brief-phone');
  assert.deepEqual(await smallTargets(bob), []);
  const last = await bob.locator('.sw-needs').first().locator('li').last().boundingBox();
  assert.ok(last.y + last.height < 844, 'what needs action stands on the first screen');
  const rows = bob.locator('.sw-needs a');
  const figures = [];
  for (let i = 0; i < (await rows.count()); i += 1) figures.push([await rows.nth(i).getAttribute('href'), await rows.nth(i).innerText()]);
  assert.ok(figures.length >= 7, `${figures.length} figures`);
  const due = (await leads(bob, '?state=open')).map((one) => one.due_on);
  const rowsOf = { '/leads?due=overdue': due.filter((day) => day < today).length, '/leads?due=today': due.filter((day) => day === today).length };
  for (const [href, told] of figures) {
    const answer = await bob.goto(`${url}${href}`);
    assert.equal(answer.status(), 200, href);
    if (!(href in rowsOf)) continue;
    assert.equal(Number(told.replace(/\D/g, '')), rowsOf[href], `${href}: the figure`);
    assert.equal(await bob.locator('main tbody tr').count(), rowsOf[href], `${href}: its rows`);
  }
});

journey('areas over a threshold have a list of their own', async (at) => {
  const alice = await at('alice', { width: 'phone' });
  await alice.goto(`${url}/leads`);
  await alice.locator('main a[href="/alarms"]').click();
  await alice.waitForURL('**/alarms');
  await sound(alice, 'alarms-phone');
  const asked = alice.locator('main section tbody tr');
  assert.ok((await asked.count()) >= 4, 'the alarms of the pack');
  const over = await asked.evaluateAll((rows) => rows.map((row) => Number(row.querySelector('.sw-num').innerText.replace(/\D/g, ''))));
  assert.equal(await alice.locator('main tbody a[href^="/alarms/"]').count(), over.reduce((sum, number) => sum + number, 0), 'what stands is what is over');
});
