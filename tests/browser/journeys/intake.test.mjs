// A department sends a messy list: columns put right, tried, mended, accepted, known again, taken back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { read, sound, soundInBoth, upload, url } from '../browser.mjs';
import { households, unmistakable } from '../county.mjs';
import { journey, together } from '../journey.mjs';
import { csv, letters, readXlsx, xlsx } from '../sheets.mjs';

together();

const heads = ['序号', '姓名', '乡镇', '村', '医院', '结算日期', '总费用', '基本医保', '二次补的钱', '合规自付', '备注'];

journey('a list with faults: columns put right once, tried, given back with its faults, accepted, known again, taken back', async (at) => {
  const dora = await at('dora');
  const alice = await at('alice');
  const homes = (await households(alice, { least: 2 })).slice(-40);
  const [anna, berta, carl, dirk] = await unmistakable(alice, homes);
  const row = (one, [hospital, day, total, basic, paid, note]) => [one.name, '', one.home.village_name, hospital, day, total, basic, 100, paid, note];

  const messy = xlsx(
    [
      ['沁县2025年9月住院医疗费用结算明细表'],
      ['填报单位：沁县医疗保障局　　金额单位：元　　结算期间：2025.9.1-9.30'],
      heads,
      [1, ...row(anna, ['县人民医院', '2025-09-03', 9000, 4000, '3,456.70元', ''])],
      [2, ...row(berta, ['县中医院', '2025.9.11', 8000, 3000, '待核', ''])],
      heads,
      [3, ...row(carl, ['县人民医院', '2025年9月31日', 7000, 2500, 1200, ''])],
      [4, '欧阳不存在', '', anna.home.village_name, '县人民医院', '2025-09-20', 6000, 2000, 0, 800, ''],
      [5, ...row(dirk, ['县人民医院', '20250921', 5000, 1800, '１，０２０．５', '村委代报'])],
      [6, ...row(anna, ['县人民医院', '2025-09-03', 9000, 4000, '3,456.70元', ''])],
      ['', '合计', '', '', '', '', 44000, 17300, '', '', ''],
    ],
    { merged: ['A1:K1', 'A2:K2'] },
  );
  const file = { name: '医保_住院结算_2025-09_旅程.xlsx', buffer: messy };

  // The columns as they were understood, three values of each; one that nobody has seen is put right by hand.
  await upload(dora, file);
  assert.match(new URL(dora.url()).pathname, /^\/intake\/batches\//);
  await dora.locator('main details.sw-fold > summary').click();
  await dora.locator('main a[href$="/mapping"]').click();
  await dora.waitForURL(/\/mapping$/);
  const line = (heading) => dora.locator('main tbody tr', { has: dora.locator('td:first-child', { hasText: `${letters(heads.indexOf(heading))} ${heading}` }) });
  assert.match(await line('村').locator('td').nth(1).innerText(), new RegExp(anna.home.village_name), 'a sample of the column');
  assert.equal(await line('医院').locator('select').inputValue(), 'hospital', 'what is known is mapped');
  await soundInBoth(dora, 'intake-columns');

  // Kept without the column that the list cannot do without: said at once, nothing of what was chosen is lost.
  await line('二次补的钱').locator('select').selectOption('major_fen');
  await line('合规自付').locator('select').selectOption('');
  await dora.locator('main form[action$="/mapping"] .sw-submit button').click();
  await dora.locator('main [role=alert]').waitFor();
  assert.equal(await line('二次补的钱').locator('select').inputValue(), 'major_fen', 'what was chosen stays');
  await sound(dora, 'intake-columns-lack');
  await line('合规自付').locator('select').selectOption('out_of_pocket_fen');
  await dora.locator('main form[action$="/mapping"] .sw-submit button').click();
  await dora.waitForURL(/\/intake\/(batches|readings)\/[0-9a-f]{32}$/);
  await read(dora);

  // The trial: what would be taken, what not, and why, at which cell.
  const batch = new URL(dora.url()).pathname;
  assert.match(batch, /^\/intake\/batches\//);
  const number = async (page, outcome) => Number((await page.locator(`main a[href*="outcome=${outcome}"]`).first().innerText()).match(/\d+/)?.[0] ?? 0);
  const outcomes = async (page) => Object.fromEntries(await Promise.all(['taken', 'rejected', 'duplicate'].map(async (one) => [one, await number(page, one)])));
  assert.deepEqual(await outcomes(dora), { taken: 2, rejected: 2, duplicate: 1 });
  const finding = (cell) => dora.locator('main tbody tr', { hasText: new RegExp(`\\b${cell}\\b`) });
  const money = letters(heads.indexOf('合规自付'));
  const day = letters(heads.indexOf('结算日期'));
  assert.match(await finding(`${money}5`).innerText(), /待核/, 'the finding names what is written there');
  assert.match(await finding(`${day}7`).innerText(), /2025年9月31日/);
  for (const cell of [`${money}5`, `${day}7`]) {
    const advice = await finding(cell).locator('td').nth(2).innerText();
    assert.ok(advice.trim().length > 3, `${cell}: what to do about it`);
  }
  assert.equal(await dora.locator('form[action$="/accept"]').count(), 0, 'the office does not accept its own list');
  await soundInBoth(dora, 'intake-trial');

  // The finding opens the row of the file, the cell marked.
  await finding(`${money}5`).locator('a').first().click();
  await dora.waitForURL(/\/rows\/\d+/);
  assert.equal((await dora.locator('.sw-sheet td.is-marked').innerText()).trim(), '待核');
  assert.equal((await dora.locator('.sw-sheet th.is-marked').innerText()).trim(), money);
  await soundInBoth(dora, 'intake-row');
  await dora.locator(`.sw-crumbs a[href="${batch}"]`).click();
  await dora.waitForURL(`**${batch}`);

  // Their own workbook back, with a column of findings and the cells coloured.
  const [download] = await Promise.all([dora.waitForEvent('download'), dora.locator('main a[href$="/findings.xlsx"]').click()]);
  const marked = readXlsx(readFileSync(await download.path()));
  assert.match(download.suggestedFilename(), /医保_住院结算_2025-09/);
  const remarks = letters(heads.length);
  assert.equal(marked.cells.get('B5'), berta.name, 'their own row');
  assert.match(marked.cells.get(`${remarks}5`) ?? '', /待核/, 'what is wrong beside the row');
  assert.ok(marked.fills.get(`${money}5`), 'the cell is coloured');
  assert.notEqual(marked.fills.get(`${money}4`), marked.fills.get(`${money}5`), 'and only that one');

  // The county accepts what is right; it counts from now on, also after a reload.
  await alice.goto(`${url}/intake?department=medical_insurance&state=ready`);
  await alice.locator('main tbody a', { hasText: '' }).and(alice.locator(`[href="${batch}"]`)).first().click();
  await alice.waitForURL(`**${batch}`);
  await sound(alice, 'intake-to-accept');
  await alice.locator('form[action$="/accept"] button').click();
  await alice.locator('#notice .sw-note').waitFor();
  await alice.goto(`${url}/households/${anna.home.id}`);
  await alice.locator('main', { hasText: '3,456.70' }).waitFor();
  await alice.goto(`${url}${batch}`);
  assert.equal(await alice.locator('form[action$="/accept"]').count(), 0);
  assert.equal(await alice.locator('form[action$="/revert"]').count(), 1);

  // The same file again is known; nothing doubles.
  await upload(dora, file);
  assert.equal(new URL(dora.url()).pathname, batch);
  assert.equal(new URL(dora.url()).searchParams.get('known'), '1');
  await dora.locator('main .sw-note').first().waitFor();
  await soundInBoth(dora, 'intake-known');
  await dora.goto(`${url}/intake?department=medical_insurance`);
  assert.equal(await dora.locator('main tbody tr', { hasText: '2025-09_旅程' }).count(), 1);

  // The office's next list, from another program: its columns are remembered, nobody is asked.
  const next = csv([
    ['沁县2025年8月住院医疗费用结算明细表'],
    ['填报单位：沁县医疗保障局　　金额单位：元　　结算期间：2025.8.1-8.31'],
    heads,
    ['1', ...row(carl, ['县人民医院', '2025-08-05', '4000', '1500', '1888.00', ''])],
    ['2', ...row(dirk, ['县中医院', '2025-08-09', '3000', '1000', '999.99', ''])],
  ]);
  await upload(dora, { name: '医保_住院结算_2025-08_旅程.csv', buffer: next });
  assert.match(new URL(dora.url()).pathname, /^\/intake\/batches\//, 'not asked again');
  assert.deepEqual(await outcomes(dora), { taken: 2, rejected: 0, duplicate: 0 });
  await dora.locator('main details.sw-fold > summary').click();
  const remembered = dora.locator('main details.sw-fold tbody tr', { hasText: '二次补的钱' });
  assert.match(await remembered.innerText(), /大病保险支付/);
  assert.match(await remembered.innerText(), /上次定的/);
  await dora.locator('form[action$="/discard"] button').click();
  await dora.locator('#notice .sw-note').waitFor();
  await dora.goto(`${url}/intake?department=medical_insurance&state=ready`);
  assert.equal(await dora.locator('main tbody tr', { hasText: '2025-08_旅程' }).count(), 0, 'thrown away');

  // The whole batch is taken back, with a reason; the household says so no more.
  await alice.goto(`${url}${batch}`);
  await alice.locator('details', { has: alice.locator('form[action$="/revert"]') }).locator('summary').click();
  await alice.locator('form[action$="/revert"] textarea').fill('送错了月份');
  await alice.locator('form[action$="/revert"] button').click();
  await alice.locator('#notice .sw-note').waitFor();
  await alice.reload();
  assert.equal(await alice.locator('form[action$="/revert"]').count(), 0);
  await sound(alice, 'intake-reverted');
  await alice.goto(`${url}/households/${anna.home.id}`);
  assert.doesNotMatch(await alice.locator('main').innerText(), /3,456\.70/);
  await alice.goto(`${url}/journal`);
  assert.match(await alice.locator('main').innerText(), /撤回/);
});

journey('a list is refused in one clear sentence when it is none', async (at) => {
  const dora = await at('dora');
  await upload(dora, { name: '医保_住院结算.xls', buffer: Buffer.from('<html><table><tr><td>姓名</td></tr></table></html>') });
  assert.match(await dora.locator('main .sw-note.is-red').innerText(), /网页|HTML/i);
  await soundInBoth(dora, 'intake-refused');
  await dora.locator('main a[href="/intake/new"]').click();
  await dora.locator('form[action="/intake/new"] button').evaluate((button) => button.form.setAttribute('novalidate', ''));
  await dora.locator('form[action="/intake/new"] button').click();
  await dora.waitForLoadState();
  assert.ok(await dora.locator('main .is-invalid, main .sw-errors, main [aria-invalid=true]').count(), 'the field says what is missing');
  await sound(dora, 'intake-no-file');
});
