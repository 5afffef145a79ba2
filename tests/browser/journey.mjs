// A journey: people at their own windows. When it fails, it tells where everybody stood.
import { after, before, test } from 'node:test';
import { enter, launch, open } from './browser.mjs';

let browser;

async function stood(person, page) {
  const main = await page.locator('main').innerText({ timeout: 2000 }).catch(() => '(no page)');
  return `\n── ${person} stood at ${page.url()}\n${main.replace(/\n\s*\n+/g, '\n').slice(0, 1500)}`;
}

/** `steps` gets a function that lets a person in at a window of their own: `const chen = await at('chen', { width: 'phone' })`. */
export function journey(name, steps, { timeout = 180_000 } = {}) {
  test(name, { timeout }, async () => {
    const windows = [];
    const at = async (person, options) => {
      const page = await open(browser, options);
      windows.push([person ?? 'nobody', page]);
      if (person) await enter(page, person);
      return page;
    };
    try {
      await steps(at);
    } catch (error) {
      for (const [person, page] of windows) error.stack += await stood(person, page);
      throw error;
    } finally {
      for (const [, page] of windows) await page.context().close();
    }
  });
}

/** One browser for all journeys of a file. */
export function together() {
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
}
