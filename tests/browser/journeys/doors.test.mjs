// mechanism = ["M046"]
// The first minutes: six doors, both languages, without a mouse, without a script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enter, launch, open, sound, url } from '../browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const lang of ['zh-CN', 'en']) {
  test(`the first page shows six people and lets one in by one click (${lang})`, async () => {
    const page = await open(browser, { lang });
    await page.goto(url);
    await sound(page, `start-${lang}`);
    assert.equal(await page.locator('html').getAttribute('lang'), lang);
    for (const person of ['alice', 'bob', 'chen']) await enter(page, person);
    await sound(page);
    await page.context().close();
  });
}

test('six people have doors; the helper and the bank sign in, and see only theirs', async () => {
  const page = await open(browser);
  await page.goto(`${url}/doors`);
  assert.equal(await page.locator('.sw-door').count(), 6);
  const said = await page.locator('main').innerText();
  assert.ok(said.includes('gao') && said.includes('han'), 'the page names who has no door');
  await page.context().close();
  const gao = await open(browser);
  await enter(gao, 'gao');
  await gao.goto(`${url}/households`);
  assert.equal(await gao.locator('main tbody tr').count(), 6, 'a helper sees six households');
  await gao.context().close();
  const han = await open(browser);
  await enter(han, 'han');
  await han.goto(`${url}/intake`);
  const offices = await han.locator('main tbody td[data-label="部门"]').allInnerTexts();
  assert.ok(offices.length > 0 && new Set(offices).size === 1, `a bank sees its own lists: ${[...new Set(offices)]}`);
  await han.context().close();
});

test('a filter answers at once, without a page of its own', async () => {
  const page = await open(browser);
  await enter(page, 'alice');
  await page.goto(`${url}/leads`);
  await page.evaluate(() => { window.same = true; });
  await page.locator('select[name=department]').selectOption('medical_insurance');
  await page.waitForURL(/department=medical_insurance/);
  await page.waitForFunction(() => document.querySelector('.sw-lang').href.includes('medical_insurance'));
  assert.equal(await page.evaluate(() => window.same), true, 'the page was not loaded anew');
  assert.equal(await page.locator('main').count(), 1);
  assert.equal(await page.locator('select[name=department]').inputValue(), 'medical_insurance');
  await sound(page, 'leads-filtered');
  await page.goBack();
  await page.waitForFunction(() => document.querySelector('select[name=department]')?.value === '');
  await page.goto(`${url}/search`);
  await page.locator('main input[name=q]').pressSequentially('村', { delay: 20 });
  await page.locator('#found .sw-hits li').first().waitFor();
  assert.equal(new URL(page.url()).search, '', 'what is being typed is not kept in an address');
  await page.context().close();
});

test('the language is switched on the page and stays', async () => {
  const page = await open(browser);
  await enter(page, 'alice');
  const title = await page.title();
  const before = new URL(page.url()).pathname;
  await page.locator('a.sw-lang').click();
  await page.waitForLoadState();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(new URL(page.url()).pathname, before, 'the same page in the other language');
  assert.notEqual(await page.title(), title);
  await page.goto(`${url}/households`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.context().close();
});

test('a person without a mouse gets in, skips to the content and finds the search', async () => {
  const page = await open(browser);
  await page.goto(url);
  let found = false;
  for (let i = 0; i < 60 && !found; i += 1) {
    await page.keyboard.press('Tab');
    found = await page.evaluate(() => {
      const e = document.activeElement;
      return Boolean(e?.closest('form')?.outerHTML.includes('alice')) && e.tagName === 'BUTTON';
    });
  }
  assert.ok(found, 'Tab reaches the door of alice');
  const seen = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
  });
  assert.ok(seen, 'the focus can be seen');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/work');
  await page.keyboard.press('Tab');
  const skip = await page.evaluate(() => document.activeElement?.getAttribute('href'));
  assert.match(skip ?? '', /^#/, 'the first stop skips to the content');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search');
  await page.context().close();
});

test('pages work without a script', async () => {
  const page = await open(browser, { script: false });
  await page.goto(url);
  await page.locator('form:has(input[name="login"][value="alice"]) button').click();
  await page.goto(`${url}/households`);
  assert.equal(await page.locator('main').count(), 1);
  assert.ok((await page.locator('main a[href*="/households/"]').count()) > 0, 'households are listed');
  await page.context().close();
});

test('a list is filtered, a reason opened and a file tried without a script', async () => {
  const bob = await open(browser, { script: false });
  await enter(bob, 'bob');
  await bob.goto(`${url}/leads?department=medical_insurance`);
  assert.equal(await bob.locator('select[name=department]').inputValue(), 'medical_insurance');
  await bob.locator('select[name=due]').selectOption('overdue');
  await bob.locator('main form[action="/leads"] button').first().click();
  await bob.waitForURL(/due=overdue/);
  assert.match(bob.url(), /department=medical_insurance/, 'the other filter stays');
  await bob.goto(`${url}/leads`);
  await bob.goto(`${url}${await bob.locator('main tbody tr td a').first().getAttribute('href')}`);
  // a reason that stands alone is open from the start
  if ((await bob.locator('.sw-why details').first().getAttribute('open')) === null) {
    await bob.locator('.sw-why summary').first().click();
  }
  assert.ok(await bob.locator('.sw-why dl').first().isVisible(), 'why opens');
  await bob.context().close();

  const dora = await open(browser, { script: false });
  await enter(dora, 'dora');
  await dora.goto(`${url}/intake/new`);
  await dora.locator('input[type=file]').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') });
  await dora.locator('form[action="/intake/new"] button').click();
  await dora.waitForURL(/\/intake\/readings\//);
  await dora.locator('#template, main .sw-note.is-red').first().waitFor({ timeout: 30_000 });
  await dora.context().close();
});

test('a stranger is led to the sign-in page', async () => {
  const page = await open(browser);
  await page.goto(`${url}/households`);
  assert.match(new URL(page.url()).pathname, /sign-in/);
  await sound(page, 'sign-in');
  await page.context().close();
});
