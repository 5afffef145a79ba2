// Somebody of the county office tries another threshold before anybody publishes it.
import assert from 'node:assert/strict';
import { soundInBoth, url } from '../browser.mjs';
import { journey, together } from '../journey.mjs';

together();

journey('alice: a slider moves, the numbers and the address follow; a wrong value is said beside its field', async (at) => {
  const alice = await at('alice');
  await alice.goto(`${url}/rules/medical-any`);
  await alice.locator('a[href="/rules/medical-any/what-if"]').click();
  await alice.waitForURL('**/rules/medical-any/what-if');
  const hits = alice.locator('[data-slot=results] .sw-stat b').first();
  const before = await hits.innerText();
  const slider = alice.locator('input[type=range]');
  assert.ok(await slider.isVisible(), 'a slider where there is a script');
  await slider.evaluate((it) => {
    it.value = it.min;
    it.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await alice.waitForURL(/p\.oop_any=0(&|$)/);
  assert.notEqual(await hits.innerText(), before, 'numbers follow the slider');
  assert.equal(await alice.locator('#k-oop_any').inputValue(), '0');
  await soundInBoth(alice, 'story-what-if');
  // the address says it all: opened anew it shows the same
  const tried = await hits.innerText();
  await alice.reload();
  assert.equal(await hits.innerText(), tried);
  // the line is away: what stands on the page stays, it says so, and the next answer takes the word away
  await alice.context().setOffline(true);
  await alice.locator('#k-oop_any').fill('5000');
  await alice.locator('#notice [role=alert]').waitFor();
  assert.equal(await hits.innerText(), tried);
  assert.equal(await alice.locator('#k-oop_any').inputValue(), '5000', 'what was typed is kept');
  await alice.context().setOffline(false);
  await alice.locator('#k-oop_any').fill('5001');
  await alice.waitForURL(/p\.oop_any=5001(&|$)/);
  assert.equal(await alice.locator('#notice [role=alert]').count(), 0);
  await alice.locator('#k-when').fill('oop_12 > :oop_any');
  await alice.locator('[data-slot=when] .sw-wrong').waitFor();
  assert.match(await alice.locator('[data-slot=when]').innerText(), /oop_12m/);
  assert.equal(await alice.evaluate(() => document.activeElement.id), 'k-when', 'the cursor stays');
});
