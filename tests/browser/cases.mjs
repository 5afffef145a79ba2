// Cases as people work on them: find one, take its steps.
import assert from 'node:assert/strict';
import { url } from './browser.mjs';

/** The first case of a list, as an address; whoever this window belongs to must see one. */
export async function firstCase(page, query) {
  await page.goto(`${url}/cases?${query}`);
  const row = page.locator('main tbody tr').first();
  assert.ok((await row.count()) > 0, `nobody in ${query}`);
  return row.locator('a').first().getAttribute('href');
}

async function put(page, form, name, value) {
  const field = form.locator(`[name="${name}"]`).first();
  const kind = await field.evaluate((e) => (e.tagName === 'SELECT' ? 'select' : e.type));
  if (kind === 'radio' || kind === 'checkbox') await form.locator(`[name="${name}"][value="${value}"]`).check();
  else if (kind === 'select') await field.selectOption(value);
  else await field.fill(value);
}

/** Fills a form and sends it; the page that follows must say that it was done. */
export async function send(page, form, fields = {}) {
  for (const [name, value] of Object.entries(fields)) await put(page, form, name, value);
  await form.locator('button.btn-primary').first().click();
  await page.locator('#notice .sw-note').waitFor();
}

/** Opens a step, or another form, of a case and sends it. */
export async function step(page, href, wish, fields) {
  await page.goto(`${url}${href}?do=${wish}#do`);
  const form = page.locator('#do form');
  assert.ok((await form.locator('button.btn-primary').count()) > 0, `${wish} cannot be taken:\n${await page.locator('#do').innerText()}`);
  await send(page, form, fields);
}

/** What the case says of its state and its next step. */
export async function said(page, href) {
  await page.goto(`${url}${href}`);
  return page.locator('main').innerText();
}
