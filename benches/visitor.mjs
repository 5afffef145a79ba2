// One signed-in person without a browser, for the benchmarks.
import http from 'node:http';

export const proof = (page) => /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';

/** What a page says, without its marks. */
export const said = (page) => page.text.replace(/<(script|style)[^>]*>[^]*?<\/\1>|<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 1000);

/** Signs in at `url` as `login` (LOGIN:PASSWORD), with at most so many requests at once. */
export async function visitor(url, login, windows) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: windows });
  const jar = new Map();

  /** `sent`: the fields of a form, or bytes of the given type. */
  function ask(method, path, sent, type = 'application/x-www-form-urlencoded') {
    return new Promise((done, fail) => {
      const start = performance.now();
      const body = !sent || Buffer.isBuffer(sent) ? sent : new URLSearchParams(sent).toString();
      const headers = { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; '), accept: 'text/html' };
      if (body) headers['content-type'] = type;
      const request = http.request(new URL(path, url), { method, agent, headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          for (const cookie of response.headers['set-cookie'] ?? []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
            jar.set(name, value);
          }
          const text = Buffer.concat(parts).toString();
          done({ status: response.statusCode, text, took: performance.now() - start, to: response.headers.location });
        });
      });
      request.on('error', fail);
      request.end(body);
    });
  }

  const send = async (path, fields) => ask('POST', path, { _csrf: proof(await ask('GET', path)), ...fields });
  const [who, first] = login.split(':');
  const second = `${first}-second`;

  // The first password must be changed at the first sign-in; a later run finds it changed.
  let signed = await send('/sign-in', { login: who, password: second });
  if (signed.status !== 303) {
    await send('/sign-in', { login: who, password: first });
    const changed = await send('/account/password', { old: first, password: second });
    // a first password that stands sends every page back to its form: what follows would measure that
    if (changed.status !== 303) throw new Error(`${who} must change the first password: ${said(changed)}`);
    signed = await send('/sign-in', { login: who, password: second });
  }
  const home = await ask('GET', '/households');
  if (home.status !== 200) throw new Error(`${who} is not signed in: ${home.status} ${home.to ?? said(home)}`);

  /** The addresses on a page that a pattern finds, each once. */
  async function found(path, link) {
    const page = await ask('GET', path);
    if (page.status !== 200) throw new Error(`${path}: ${page.status}`);
    return [...new Set([...page.text.matchAll(link)].map((match) => match[1].replaceAll('&amp;', '&')))];
  }

  return { ask, found };
}

const share = (sorted, p) => Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))].toFixed(1));

/** How many, and how long: milliseconds. */
export function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { n: sorted.length, p50: share(sorted, 0.5), p95: share(sorted, 0.95), p99: share(sorted, 0.99), max: share(sorted, 1) };
}
