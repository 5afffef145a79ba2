// Sends a file as a browser does, waits until it is read, accepts its batch.
//   node upload.mjs URL LOGIN:PASSWORD FILE → {"read_ms", "accepted_ms"}: from the first byte on
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { proof, visitor } from './visitor.mjs';

const [url, login, file] = process.argv.slice(2);
const { ask } = await visitor(url, login, 2);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const start = performance.now();
const form = new FormData();
form.append('_csrf', proof(await ask('GET', '/intake/new')));
form.append('period', '');
form.append('file', new Blob([await readFile(file)]), basename(file));
const multipart = new Response(form);
const body = Buffer.from(await multipart.arrayBuffer());
let sent = await ask('POST', '/intake/new', body, multipart.headers.get('content-type'));
if (sent.status !== 303) throw new Error(`upload: ${sent.status}`);
const reading = sent.to;
for (;;) {
  sent = await ask('GET', reading);
  if (sent.status === 303) break;
  if (sent.status !== 200) throw new Error(`reading: ${sent.status}`);
  await pause(100);
}
const read = performance.now() - start;
const batch = await ask('GET', sent.to);
const fields = { _csrf: proof(batch) };
const accepted = await ask('POST', `${sent.to.split('?')[0]}/accept`, fields);
if (accepted.status !== 303) throw new Error(`accept: ${accepted.status} ${accepted.text.replace(/<[^>]*>/g, ' ').slice(0, 1000)}`);
console.log(JSON.stringify({ read_ms: Math.round(read), accepted_ms: Math.round(performance.now() - start) }));
