// mechanism = ["M044"]
// Papers as Word documents: the county takes one out, changes its layout, the next paper has the new look.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { sound, soundInBoth, url } from '../browser.mjs';
import { journey, together } from '../journey.mjs';

together();

/** The parts of an archive by the names of its central directory. */
function unzip(bytes) {
  const parts = new Map();
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, note] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const body = bytes.subarray(from, from + packed);
    parts.set(bytes.toString('utf8', at + 46, at + 46 + name), method === 8 ? inflateRawSync(body) : Buffer.from(body));
    at += 46 + name + extra + note;
  }
  return parts;
}

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes) => (bytes.reduce((c, byte) => table[(c ^ byte) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/** An archive of parts. */
function zip(parts) {
  const [files, directory] = [[], []];
  let offset = 0;
  for (const [name, body] of parts) {
    const [packed, title] = [deflateRawSync(body), Buffer.from(name)];
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc(body), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(body.length, 22);
    head.writeUInt16LE(title.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(offset, 42);
    files.push(head, title, packed);
    directory.push(entry, title);
    offset += head.length + title.length + packed.length;
  }
  const middle = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(middle.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, middle, end]);
}

const document = (bytes) => unzip(bytes).get('word/document.xml').toString('utf8');
const text = (bytes) => [...document(bytes).matchAll(/<w:t[ >][^<]*<|<w:t>[^<]*</g)].map((found) => found[0].replace(/<[^>]*>|<$/g, '')).join('');

async function kept(page, action) {
  const [download] = await Promise.all([page.waitForEvent('download'), action()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

async function send(page, bytes, name = '台账.docx') {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  await page.locator('form[enctype] button.btn-primary').click();
}

journey('the county takes the monthly list as a Word document and changes how it looks', async (at) => {
  const alice = await at('alice');
  await alice.goto(`${url}/cases`);
  await alice.locator('main a[href^="/cases/papers/ledger"]').click();
  await alice.waitForURL('**/cases/papers/ledger**');
  await sound(alice, 'ledger');
  const rows = await alice.locator('.sw-paper tbody tr').count();
  assert.ok(rows > 0, 'the list has cases');
  const first = await kept(alice, () => alice.locator('a[href*="ledger.docx"]').click());
  assert.equal(first.name, 'ledger.docx');
  assert.doesNotMatch(text(first.bytes), /\{\{|\}\}/, 'every placeholder has its value');
  assert.match(text(first.bytes), /监测对象月度台账/);
  assert.equal(document(first.bytes).match(/<w:tr>|<w:tr /g).length, rows + 1, 'a row for each household and the heading');

  // The layout comes down, is changed, comes back.
  await alice.goto(`${url}/papers`);
  await soundInBoth(alice, 'papers');
  await alice.locator('main a[href="/papers/ledger"]').click();
  await alice.waitForURL('**/papers/ledger');
  await soundInBoth(alice, 'papers-ledger');
  const layout = await kept(alice, () => alice.locator('a[href="/papers/ledger/versions/0"]').first().click());
  const changed = (from, to) => {
    const parts = unzip(layout.bytes);
    const now = parts.get('word/document.xml').toString('utf8');
    assert.ok(now.includes(from));
    parts.set('word/document.xml', Buffer.from(now.replace(from, to)));
    return zip(parts);
  };
  // What is wrong is told with its place, and nothing is taken.
  await send(alice, changed('{{名单.户编号}}', '{{名单.身份证号}}'));
  await alice.locator('main [role=alert]', { hasText: '名单.身份证号' }).waitFor();
  assert.match(await alice.locator('main').innerText(), /第 1 张表第 2 行/);
  await sound(alice, 'papers-wrong');
  await send(alice, Buffer.from('no document'), 'x.docx');
  await alice.locator('main [role=alert]', { hasText: '.docx' }).first().waitFor();
  await send(alice, changed('监测对象月度台账', '防止返贫致贫对象月报'));
  await alice.waitForURL('**/papers/ledger');
  await alice.locator('main', { hasText: '第 1 版' }).waitFor();
  await soundInBoth(alice, 'papers-versions');

  const second = await kept(alice, () => alice.goto(`${url}/cases/papers/ledger.docx`).catch(() => {}));
  assert.match(text(second.bytes), /防止返贫致贫对象月报/);
  // And back to the one that ships.
  await alice.goto(`${url}/papers/ledger`);
  await alice.locator('form[action="/papers/ledger/take-back/0"] button').click();
  await alice.locator('main', { hasText: '第 2 版' }).waitFor();
  const third = await kept(alice, () => alice.goto(`${url}/cases/papers/ledger.docx`).catch(() => {}));
  assert.match(text(third.bytes), /监测对象月度台账/);

  // A village takes papers of its households and changes no layout.
  const chen = await at('chen');
  await chen.goto(`${url}/papers/ledger`);
  assert.equal(await chen.locator('form[enctype]').count(), 0);
});

journey('chen holds a sitting: half entered it is kept, held it moves every case, its minutes come as a document', async (at) => {
  const chen = await at('chen');
  await chen.goto(`${url}/cases`);
  await chen.locator('main a[href="/sittings"]').first().click();
  await chen.waitForURL('**/sittings');
  await soundInBoth(chen, 'sittings');
  await chen.locator('main a[href^="/sittings/new"]').first().click();
  await chen.waitForURL('**/sittings/new**');
  await soundInBoth(chen, 'sitting-new');
  const households = await chen.locator('input[name=case]').count();
  assert.ok(households >= 2, 'two households wait');
  await chen.locator('form button.btn-primary').click();
  await chen.waitForURL(/sittings\/[0-9a-f]{32}/);
  await chen.locator('input[name=place]').fill('村委会');
  await chen.locator('input[name=present]').fill('21');
  await chen.locator('button[value=save]').click();
  await chen.waitForLoadState();
  assert.equal(await chen.locator('input[name=place]').inputValue(), '村委会', 'a draft is kept');
  await soundInBoth(chen, 'sitting-draft');
  await chen.locator('button[value=hold]').click();
  await chen.locator('main [role=alert]').first().waitFor();
  await sound(chen, 'sitting-incomplete');
  await chen.locator('input[name=presided]').fill('陈秀兰');
  await chen.locator('textarea[name=minutes]').fill('逐户介绍情况，代表表决。');
  for (const [n, result] of ['agreed', 'declined'].entries()) {
    await chen.locator('select[name^=result-]').nth(n).selectOption(result);
    await chen.locator('input[name^=agreed-]').nth(n).fill(n === 0 ? '20' : '3');
  }
  for (let n = 2; n < households; n += 1) await chen.locator('select[name^=result-]').nth(n).selectOption('put_off');
  await chen.locator('button[value=hold]').click();
  await chen.locator('main', { hasText: '已开会' }).waitFor();
  await soundInBoth(chen, 'sitting-held');
  const sitting = new URL(chen.url()).pathname;
  const minutes = await kept(chen, () => chen.locator('a[href$="minutes.docx"]').click());
  assert.match(text(minutes.bytes), /民主评议会议记录.*逐户介绍情况/);
  await chen.locator('main tbody a').first().click();
  await chen.waitForURL('**/cases/**');
  assert.equal(await chen.locator(`a[href="${sitting}"]`).count(), 1, 'the sitting stands on the page of its case');
  assert.match(await chen.locator('main').innerText(), /评议通过/);
});
