// Every page that a person can reach by links: sound in both languages and at three widths.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enter, launch, open, picture, smallTargets, sound, url, widths } from '../browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Pages that differ only in which household, lead, day or page they show are one kind of page. */
function kind(href) {
  const to = new URL(href);
  const path = to.pathname
    .split('/')
    .map((part) => (/^[0-9a-f]{32}$/.test(part) || /\d{4,}/.test(part) ? ':' : part))
    .join('/');
  return `${path}?${[...new Set(to.searchParams.keys())].sort().join('&')}`;
}

const notPages = /\/(sign-out|language|export|download|assets|api)\b|\.(xlsx|csv|json|zip)$/;

async function links(page) {
  const hrefs = await page.$$eval('a[href]', (all) => all.filter((a) => !a.hasAttribute('download')).map((a) => a.href));
  return hrefs.filter((h) => h.startsWith(`${url}/`) && !notPages.test(new URL(h).pathname)).map((h) => h.split('#')[0]);
}

/** One address of each kind, at most `most`. */
async function walk(page, most) {
  const seen = new Map();
  const queue = [page.url()];
  while (queue.length > 0 && seen.size < most) {
    const next = queue.shift();
    if (seen.has(kind(next))) continue;
    const response = await page.goto(next);
    assert.equal(response.status(), 200, `${next} from a link`);
    seen.set(kind(next), next);
    queue.push(...(await links(page)).filter((h) => !seen.has(kind(h))));
  }
  return [...seen.values()];
}

const named = (href) => kind(href).replace(/[/?&:]+/g, '-').replace(/^-|-$/g, '') || 'start';

for (const [person, most] of [['alice', 60], ['bob', 40], ['chen', 40], ['dora', 25], ['feng', 40], ['gao', 25], ['han', 25]]) {
  test(`${person} finds every page sound in Chinese and in English`, { timeout: 600_000 }, async () => {
    const zh = await open(browser);
    await enter(zh, person);
    const pages = await walk(zh, most);
    assert.ok(pages.length >= 3, `only ${pages.length} pages are linked`);
    const en = await open(browser, { lang: 'en', width: 'office' });
    await enter(en, person);
    for (const href of pages) {
      await zh.goto(href);
      await sound(zh, `${person}-zh-1440-${named(href)}`);
      await en.goto(href);
      await sound(en, `${person}-en-1366-${named(href)}`);
    }
    await zh.context().close();
    await en.context().close();
  });
}

test('every page of a village worker fits a phone and a thumb', { timeout: 600_000 }, async () => {
  const phone = await open(browser, { width: 'phone' });
  await enter(phone, 'chen');
  for (const href of await walk(phone, 40)) {
    await phone.goto(href);
    await sound(phone, `chen-zh-390-${named(href)}`);
    assert.deepEqual(await smallTargets(phone), [], `${href}: targets under 44 px`);
  }
  await phone.context().close();
});

test('every page of the county office fits a phone in English too, where words are longest', { timeout: 600_000 }, async () => {
  const phone = await open(browser, { lang: 'en', width: 'phone' });
  await enter(phone, 'alice');
  for (const href of await walk(phone, 60)) {
    await phone.goto(href);
    await sound(phone, `alice-en-390-${named(href)}`);
  }
  await phone.context().close();
});

test('pictures of every page of the county office, when asked for', { timeout: 900_000 }, async (t) => {
  if (!process.env.SHOUWANG_SHOTS) return t.diagnostic('not asked for: run with --shots');
  for (const lang of ['zh-CN', 'en']) {
    for (const [width, { width: px }] of Object.entries(widths)) {
      const page = await open(browser, { lang, width });
      await enter(page, 'alice');
      for (const href of await walk(page, 60)) {
        await page.goto(href);
        await picture(page, `alice-${lang.slice(0, 2)}-${px}-${named(href)}`);
      }
      await page.context().close();
    }
  }
});
