// The people of the demo county, as the program itself tells of them.
import assert from 'node:assert/strict';
import { url } from './browser.mjs';

async function json(page, path) {
  const answer = await page.request.get(`${url}${path}`);
  assert.equal(answer.status(), 200, path);
  return answer.json();
}

/** Households in the scope of whoever this window belongs to, with the people who live in them. */
export async function households(page, { area, least = 1 } = {}) {
  const found = [];
  let after;
  do {
    const asked = new URLSearchParams({ ...(area && { area }), ...(after && { after }) });
    const answer = await json(page, `/api/v1/households?${asked}`);
    found.push(...answer.households);
    ({ after } = answer);
  } while (after);
  return found.filter((household) => household.people >= least);
}

export const household = (page, id) => json(page, `/api/v1/households/${id}`);
export const leads = async (page, asked = '') => (await json(page, `/api/v1/leads${asked}`)).leads;

/** People whose name nobody else in the county has: a list that names them with their village means them. */
export async function unmistakable(page, homes) {
  const people = [];
  for (const home of homes) {
    const { members } = await household(page, home.id);
    people.push(...members.map((member) => ({ ...member, home })));
  }
  return people.filter((one) => people.filter((other) => other.name === one.name).length === 1);
}
