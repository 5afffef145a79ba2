// Makes the pictures of the two READMEs anew: docs/images/{en,zh-CN}/*.webp, from a demo county of its own.
//   node screenshots.mjs
//   SHOUWANG_URL=… SHOUWANG_COUNTY=… node screenshots.mjs   from a server that already runs, and the folder that `demo` made
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './serve.mjs';

const images = join(dirname(fileURLToPath(import.meta.url)), '../../docs/images');
const MOST_BYTES = 150 * 1024;

const own = process.env.SHOUWANG_URL ? undefined : await serve();
process.env.SHOUWANG_URL ??= own.url;
const county = own?.county ?? process.env.SHOUWANG_COUNTY;
const { enter, launch, open, upload, url } = await import('./browser.mjs');

const browser = await launch();
const painter = await browser.newPage();

/** Smaller than PNG, and the browser can write it: drawn once more and saved as WebP. */
async function webp(png) {
  for (const quality of [0.92, 0.85, 0.75, 0.6]) {
    const data = await painter.evaluate(
      async ([source, q]) => {
        const picture = await createImageBitmap(await (await fetch(source)).blob());
        const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
        canvas.getContext('2d').drawImage(picture, 0, 0);
        return canvas.toDataURL('image/webp', q).split(',')[1];
      },
      [`data:image/png;base64,${png.toString('base64')}`, quality],
    );
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length <= MOST_BYTES) return bytes;
  }
  throw new Error('a picture stays too large: crop it');
}

async function picture(page, lang, name, clip) {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo(0, 0));
  const png = await page.screenshot({ clip, fullPage: Boolean(clip) });
  const folder = join(images, lang);
  mkdirSync(folder, { recursive: true });
  const bytes = await webp(png);
  writeFileSync(join(folder, `${name}.webp`), bytes);
  console.log(`${lang}/${name}.webp ${Math.round(bytes.length / 1024)} KB`);
}

/** From the top of the page to a little under an element, as wide as the window. */
async function downTo(page, locator, most) {
  const box = await locator.boundingBox();
  const top = await page.evaluate(() => window.scrollY);
  const { width } = page.viewportSize();
  return { x: 0, y: 0, width, height: Math.min(most, Math.ceil(top + box.y + box.height + 16)) };
}

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
  for (const page of [bob, dora, chen]) await page.context().close();
}
try {
  for (const lang of ['zh-CN', 'en']) await pictures(lang);
} finally {
  await browser.close();
  own?.stop();
}
