// One browser for a file of journeys: people, languages, widths, and what must be true of every page.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export let url = process.env.SHOUWANG_URL;
/** The public side, where nobody signs in. */
export let outside = process.env.SHOUWANG_OUTSIDE;

/** From here on people come to another server. */
export function moveTo(server) {
  ({ url, outside } = server);
}

const shots = process.env.SHOUWANG_SHOTS;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const widths = { desk: { width: 1440, height: 900 }, office: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    // As root in a container there is no sandbox; and the browser itself must call nobody.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A window in a language (zh-CN, en) and a width; it remembers what went wrong in it. */
export async function open(browser, { lang = 'zh-CN', width = 'desk', script = true } = {}) {
  const context = await browser.newContext({
    viewport: widths[width],
    locale: lang,
    timezoneId: 'Asia/Shanghai',
    hasTouch: width === 'phone',
    isMobile: width === 'phone',
    javaScriptEnabled: script,
    acceptDownloads: true,
  });
  await context.addCookies([{ name: 'shouwang_lang', value: lang, url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.wrong = [];
  page.on('console', (message) => {
    // What could not be loaded is judged by its answer, below: a refused form is shown again with 422.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) page.wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.wrong.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const to = request.url();
    const ours = to.startsWith(url) || (outside && to.startsWith(outside));
    if (!ours && !to.startsWith('data:') && !to.startsWith('blob:')) page.wrong.push(`request elsewhere: ${to}`);
  });
  page.on('response', (response) => {
    const worst = response.request().isNavigationRequest() ? 500 : 400;
    if (response.status() >= worst) page.wrong.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

/** Goes through this person's door on the first page of the demo; who has no door there signs in. */
export async function enter(page, person) {
  await page.goto(`${url}/doors`);
  const door = page.locator(`form:has(input[name="login"][value="${person}"]) button`);
  if ((await door.count()) > 0) await door.first().click();
  else {
    await page.goto(`${url}/sign-in`);
    await page.locator('input[name=login]').fill(person);
    await page.locator('input[name=password]').fill('shouwang-2026');
    await page.locator('form[action="/sign-in"] button').click();
    await page.waitForURL('**/work');
  }
  await page.waitForLoadState();
  assert.equal(new URL(page.url()).pathname, '/work', `${person} did not get in`);
}

/** What must be true of every page, in every language, at every width. */
export async function sound(page, name) {
  const at = new URL(page.url()).pathname;
  assert.equal(await page.locator('main').count(), 1, `${at}: one <main>`);
  assert.ok((await page.title()).trim(), `${at}: a title`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 1, `${at}: ${wide} px wider than the screen`);
  assert.deepEqual(await squeezed(page), [], `${at}: text with one letter to a line`);
  await page.evaluate(`${axe};0`);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] }),
  );
  const told = found.violations.map(
    (v) => `${v.id} (${v.impact}): ${v.help}\n${v.nodes.slice(0, 4).map((n) => `    ${n.html.slice(0, 160)}\n      ${n.failureSummary?.split('\n').slice(1, 3).join('; ')}`).join('\n')}`,
  );
  assert.deepEqual(told, [], `${at}: accessibility\n${told.join('\n')}`);
  assert.deepEqual(page.wrong, [], `${at}: went wrong`);
  if (name) await picture(page, name);
}

/** A picture for people to look at; only when asked for. */
export async function picture(page, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

/** Values that have so little room that hardly a letter fits on a line. */
async function squeezed(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('main :is(dd, td, li)')]
      .filter((e) => e.checkVisibility() && e.textContent.trim().length > 4)
      .map((e) => ({ e, room: e.getBoundingClientRect().width }))
      .filter(({ room }) => room > 0 && room < 32)
      .map(({ e, room }) => `${Math.round(room)} px for ${e.textContent.trim().slice(0, 40)}`),
  );
}

/** What is too small for a thumb: everything that can be touched in the bars and the main part. */
export async function smallTargets(page) {
  return page.evaluate(() => {
    const inline = (e) => getComputedStyle(e).display === 'inline' && e.closest('p, li, td, dd, small, .breadcrumb');
    return [...document.querySelectorAll('button, a.btn, nav a, select, input:not([type=hidden])')]
      .filter((e) => e.offsetParent !== null && !inline(e))
      .map((e) => ({ e, box: (e.closest('label') ?? e).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0 && box.height < 43.5)
      .map(({ e, box }) => `${e.outerHTML.slice(0, 120)} is ${Math.round(box.height)} px high`);
  });
}

/** The same page as it is now in both languages and in both it must be sound; ends in the language it began with. */
export async function soundInBoth(page, name) {
  await sound(page, name && `${name}-a`);
  const here = page.url();
  const was = await page.locator('html').getAttribute('lang');
  await page.locator('a.sw-lang').click();
  await page.waitForFunction((lang) => document.documentElement.lang !== lang, was);
  await sound(page, name && `${name}-b`);
  await page.locator('a.sw-lang').click();
  await page.waitForFunction((lang) => document.documentElement.lang === lang, was);
  await page.goto(here);
}

/** Sends a file as a person does, and waits until it is read: the page is its batch, or asks for its columns. */
export async function upload(page, file) {
  await page.locator('.sw-rail a[href="/intake"]').click();
  await page.locator('main a[href="/intake/new"]').click();
  await page.locator('input[type=file]').setInputFiles({ mimeType: 'application/octet-stream', ...file });
  await page.locator('form[action="/intake/new"] button').click();
  await page.waitForURL(/\/intake\/(batches|readings)\/[0-9a-f-]+/);
  await read(page);
}

/** Waits until the file that is being read is read. The page turns itself every second; a person only looks. */
export async function read(page) {
  await page.waitForFunction(
    () => location.pathname.startsWith('/intake/batches/') || document.querySelector('main form[action$="/mapping"], main .sw-note.is-red'),
    undefined,
    { timeout: 60_000 },
  );
  await page.waitForLoadState();
}

/** Accepts the batch on this page. */
export async function accept(page) {
  await page.locator('form[action$="/accept"] button').click();
  await page.locator('#notice .sw-note').waitFor();
  assert.equal(await page.locator('form[action$="/accept"]').count(), 0, 'accepted');
}
