// Department files as offices make them: workbooks and Chinese text files, written and read without any library.
import { crc32, inflateRawSync } from 'node:zlib';

const text = (value) => String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const plain = (value) =>
  value.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))).replace(/&amp;/g, '&');

/** 0 → A, 26 → AA. */
export const letters = (column) => (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));

function zip(parts) {
  const files = [];
  const index = [];
  let at = 0;
  for (const [name, content] of parts) {
    const path = Buffer.from(name);
    const data = Buffer.from(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x800, 2);
    head.writeUInt16LE(0x5821, 8);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(path.length, 22);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), head, path, data);
    const entry = Buffer.alloc(42);
    entry.writeUInt16LE(20, 0);
    head.copy(entry, 2, 0, 26);
    entry.writeUInt32LE(at, 38);
    index.push(Buffer.from('PK\x01\x02', 'latin1'), entry, path);
    at += 30 + path.length + data.length;
  }
  const central = Buffer.concat(index);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...files, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

function cell(value, at) {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${text(value)}</t></is></c>`;
}

/** A workbook of one sheet: rows of strings, numbers and blanks; `merged` ranges as Excel names them. */
export function xlsx(rows, { sheet = 'Sheet1', merged = [] } = {}) {
  const lines = rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, `${letters(c)}${r + 1}`)).join('')}</row>`);
  const merges = merged.length ? `<mergeCells count="${merged.length}">${merged.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells>` : '';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const docs = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const related = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  return zip([
    ['[Content_Types].xml', `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`],
    ['_rels/.rels', `${xml}<Relationships xmlns="${related}"><Relationship Id="rId1" Type="${docs}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ['xl/workbook.xml', `${xml}<workbook xmlns="${main}" xmlns:r="${docs}"><sheets><sheet name="${text(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `${xml}<Relationships xmlns="${related}"><Relationship Id="rId1" Type="${docs}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`],
    ['xl/worksheets/sheet1.xml', `${xml}<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData>${merges}</worksheet>`],
  ]);
}

function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const found = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(begin, begin + size);
    found.set(bytes.toString('utf8', at + 46, at + 46 + name), (method === 8 ? inflateRawSync(data) : data).toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return found;
}

const said = (xml) => [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map((found) => plain(found[1])).join('');

/** The first sheet of a workbook as a person sees it: `cells` by name (`C4` → words), `fills` by name (`C4` → colour). */
export function readXlsx(bytes) {
  const parts = unzip(Buffer.from(bytes));
  const shared = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map((found) => said(found[1]));
  const styles = parts.get('xl/styles.xml') ?? '';
  const colours = [...styles.matchAll(/<fill>(.*?)<\/fill>/gs)].map((found) => found[1].match(/<fgColor[^>]*rgb="([0-9A-Fa-f]+)"/)?.[1] ?? '');
  const formats = [...(styles.match(/<cellXfs.*?<\/cellXfs>/s)?.[0] ?? '').matchAll(/<xf [^>]*fillId="(\d+)"/g)].map((found) => colours[Number(found[1])] ?? '');
  const [name] = [...parts.keys()].filter((part) => part.startsWith('xl/worksheets/sheet')).sort();
  const cells = new Map();
  const fills = new Map();
  for (const [, attributes, inner] of parts.get(name).matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
    const at = attributes.match(/r="([A-Z]+\d+)"/)[1];
    const kind = attributes.match(/t="(\w+)"/)?.[1];
    const value = inner?.match(/<v>(.*?)<\/v>/s)?.[1] ?? '';
    const words = kind === 's' ? shared[Number(value)] : kind === 'inlineStr' ? said(inner) : plain(value);
    if (words) cells.set(at, words);
    const colour = formats[Number(attributes.match(/ s="(\d+)"/)?.[1] ?? 0)];
    if (colour) fills.set(at, colour);
  }
  return { cells, fills };
}

let known;
/** Text as older office programs save it. */
export function gb18030(value) {
  if (!known) {
    known = new Map();
    const read = new TextDecoder('gb18030');
    for (let lead = 0x81; lead <= 0xfe; lead += 1) {
      for (let trail = 0x40; trail <= 0xfe; trail += 1) {
        if (trail === 0x7f) continue;
        const found = read.decode(Uint8Array.from([lead, trail]));
        if ([...found].length === 1 && !known.has(found)) known.set(found, [lead, trail]);
      }
    }
  }
  const bytes = [...value].flatMap((c) => {
    if (c.codePointAt(0) < 0x80) return [c.codePointAt(0)];
    if (!known.has(c)) throw new Error(`${c} is not in the two-byte part of GB 18030`);
    return known.get(c);
  });
  return Buffer.from(bytes);
}

/** A text file of an older office program: GB 18030, commas, lines as Windows ends them. */
export const csv = (rows) => gb18030(rows.map((row) => row.map((value) => (/[",]/.test(value) ? `"${value}"` : value)).join(',')).join('\r\n') + '\r\n');
