// Pictures for documents: drawn by the browser, kept small, one folder for each language.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const images = join(dirname(fileURLToPath(import.meta.url)), '../../docs/images');
const MOST_BYTES = 150 * 1024;

/** A painter with a window of its own: `paint(page, lang, name, clip)` writes docs/images/lang/name.webp. */
export async function painter(browser) {
  const window = await browser.newPage();

  /** Smaller than PNG, and the browser can write it: drawn once more and saved as WebP. */
  async function webp(png) {
    for (const quality of [0.92, 0.85, 0.75, 0.6]) {
      const data = await window.evaluate(
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

  return async (page, lang, name, clip) => {
    await page.evaluate(() => document.fonts.ready);
    await page.mouse.move(0, 0);
    await page.evaluate(() => window.scrollTo(0, 0));
    const png = await page.screenshot({ clip, fullPage: Boolean(clip) });
    const folder = join(images, lang);
    mkdirSync(folder, { recursive: true });
    const bytes = await webp(png);
    writeFileSync(join(folder, `${name}.webp`), bytes);
    console.log(`${lang}/${name}.webp ${Math.round(bytes.length / 1024)} KB`);
  };
}

/** From the top of the page to a little under an element, as wide as the window. */
export async function downTo(page, locator, most) {
  const box = await locator.boundingBox();
  const top = await page.evaluate(() => window.scrollY);
  const { width } = page.viewportSize();
  return { x: 0, y: 0, width, height: Math.min(most, Math.ceil(top + box.y + box.height + 16)) };
}
