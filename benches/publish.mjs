// A threshold is changed by one person and published by another, to hold from today.
//   node publish.mjs URL LOGIN:PASSWORD LOGIN:PASSWORD PARAMETER VALUE DAY → {"asked_at", "took"}: when the second person published
// (milliseconds since 1970), and how long the answer took
import { proof, said, visitor } from './visitor.mjs';

const [url, first, second, parameter, value, day] = process.argv.slice(2);
const one = await visitor(url, first, 1);
const two = await visitor(url, second, 1);

async function step(who, path, what, fields) {
  const page = await who.ask('GET', path);
  if (page.status !== 200) throw new Error(`${path}: ${page.status} ${page.to ?? said(page)}`);
  const revision = /name="revision" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const asked_at = Date.now();
  const done = await who.ask('POST', `${path}${what}`, { _csrf: proof(page), revision, ...fields });
  if (done.status !== 303) {
    throw new Error(`${path}${what}: ${done.status} ${said(done)}`);
  }
  return { asked_at, took: Math.round(done.took), to: done.to };
}

const begun = await step(one, `/policies/parameters/${parameter}`, '', { value, why: '测速', draft: '' });
const draft = new URL(begun.to, url).pathname;
await step(one, draft, '', { title: `测速 ${value}`, valid_from: day, stance: 'adjusted', document: '' });
await step(one, draft, '/submit', {});
const { asked_at, took } = await step(two, draft, '/publish', {});
console.log(JSON.stringify({ asked_at, took }));
