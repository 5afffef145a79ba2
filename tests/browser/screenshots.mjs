// Makes the pictures of the two READMEs anew: docs/images/{en,zh-CN}/*.webp, from a demo county of its own.
//   node screenshots.mjs
//   SHOUWANG_URL=… SHOUWANG_COUNTY=… node screenshots.mjs   from a server that already runs, and the folder that `demo` made
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { downTo, painter } from './painter.mjs';
import { serve } from './serve.mjs';

const own = process.env.SHOUWANG_URL ? undefined : await serve();
process.env.SHOUWANG_URL ??= own.url;
const county = own?.county ?? process.env.SHOUWANG_COUNTY;
const { enter, launch, open, upload, url } = await import('./browser.mjs');

const browser = await launch();
const picture = await painter(browser);

async function pictures(lang) {
  const bob = await open(browser, { lang });
  await enter(bob, 'bob');
  await picture(bob, lang, 'work');

  await bob.goto(`${url}/leads?department=medical_insurance`);
  const lead = await bob.locator('main tbody tr td a').first().getAttribute('href');
  await bob.goto(`${url}${lead}`);
  const why = bob.locator('.sw-why', { has: bob.locator('a.sw-source[href*="out_of_pocket"]') }).first();
  await why.locator('summary').click();
  await why.scrollIntoViewIfNeeded();
  await picture(bob, lang, 'lead', await downTo(bob, why, 1100));
  const chip = why.locator('a.sw-source[href*="field=out_of_pocket"]').first();
  await chip.click();
  await bob.waitForURL(/\/rows\//);
  await picture(bob, lang, 'row', await downTo(bob, bob.locator('main'), 720));

  await bob.goto(`${url}${lead}`);
  await bob.locator('main a[href^="/households/"]').first().click();
  await bob.waitForURL(/\/households\/[0-9a-f]{32}/);
  await picture(bob, lang, 'household', await downTo(bob, bob.locator('main'), 900));

  await bob.goto(`${url}/cases`);
  // one that somebody has to take a step of before a day
  await bob.locator('main tbody tr', { has: bob.locator('.is-red, .is-amber') }).first().locator('td a').first().click();
  await bob.waitForURL(/\/cases\/[0-9a-f]{32}/);
  await picture(bob, lang, 'case', await downTo(bob, bob.locator('main'), 900));

  const alice = await open(browser, { lang });
  await enter(alice, 'alice');
  await alice.goto(`${url}/rules/medical-any/what-if?p.oop_any=6000`);
  await picture(alice, lang, 'what-if', await downTo(alice, alice.locator('main'), 900));

  const dora = await open(browser, { lang });
  await enter(dora, 'dora');
  const folder = join(county, 'sample', 'to-try');
  const [name] = readdirSync(folder);
  await upload(dora, { name, buffer: readFileSync(join(folder, name)) });
  await picture(dora, lang, 'findings', await downTo(dora, dora.locator('main'), 860));
  await dora.locator('form[action$="/discard"] button').click();
  await dora.waitForURL('**/intake**');

  const chen = await open(browser, { lang, width: 'phone' });
  await enter(chen, 'chen');
  await chen.goto(`${url}${lead}`).then((answer) => (answer.status() === 200 ? answer : chen.goto(`${url}/work`)));
  await picture(chen, lang, 'phone');
  for (const page of [alice, bob, dora, chen]) await page.context().close();
}
try {
  for (const lang of ['zh-CN', 'en']) await pictures(lang);
} finally {
  await browser.close();
  await own?.stop();
}
