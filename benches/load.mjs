// Several browsers without a screen at once: how long each kind of page takes, and a lead answered now and then.
//   node load.mjs URL LOGIN:PASSWORD SECONDS WINDOWS   → {"kind": {"n", "p50", "p95", "p99", "max"}} in milliseconds
import http from 'node:http';

const [url, login, time, windows] = process.argv.slice(2);
const end = Date.now() + Number(time) * 1000;
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(windows) });
const jar = new Map();

function ask(method, path, body) {
  return new Promise((done, fail) => {
    const start = performance.now();
    const headers = { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; '), accept: 'text/html' };
    if (body) headers['content-type'] = 'application/x-www-form-urlencoded';
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

const proof = (page) => /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
const send = async (path, fields) => {
  const page = await ask('GET', path);
  return ask('POST', path, new URLSearchParams({ _csrf: proof(page), ...fields }).toString());
};
const [who, first] = login.split(':');
const second = `${first}-second`;

// The first password must be changed at the first sign-in; a later run finds it changed.
if ((await send('/sign-in', { login: who, password: first })).status === 303) {
  await send('/account/password', { old: first, password: second });
}
const signed = await send('/sign-in', { login: who, password: second });
if (signed.status !== 303) throw new Error(`sign-in: ${signed.status}`);

const list = await ask('GET', '/households');
const households = [...list.text.matchAll(/href="(\/households\/[0-9a-f]{32})"/g)].map((m) => m[1]);
if (households.length === 0) throw new Error('no household is listed');
const names = ['王', '李建', '张', 'zw', 'lj', '刘'];
const pick = (all) => all[Math.floor(Math.random() * all.length)];
const kinds = {
  household: () => pick(households),
  list: () => `/households?page=${Math.floor(Math.random() * 20)}`,
  search: () => `/households?q=${encodeURIComponent(pick(names))}`,
  leads: () => '/leads',
  work: () => '/work',
};

const took = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
async function window() {
  while (Date.now() < end) {
    const kind = pick(Object.keys(kinds));
    const answer = await ask('GET', kinds[kind]());
    if (answer.status !== 200) throw new Error(`${kind}: ${answer.status}`);
    took[kind].push(answer.took);
  }
}
await Promise.all(Array.from({ length: Number(windows) }, window));

const share = (sorted, p) => Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))].toFixed(1));
const told = {};
for (const [kind, times] of Object.entries(took)) {
  times.sort((a, b) => a - b);
  if (times.length > 0) {
    told[kind] = { n: times.length, p50: share(times, 0.5), p95: share(times, 0.95), p99: share(times, 0.99), max: share(times, 1) };
  }
}
console.log(JSON.stringify(told));
