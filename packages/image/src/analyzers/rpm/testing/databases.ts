// Builds rpm headers and the three kinds of databases that hold them; for tests only.
import { DatabaseSync } from 'node:sqlite';

/** Value of a tag: texts, or 32-bit numbers. */
export type TagValues = Readonly<Record<number, string | readonly string[] | readonly number[]>>;

function encoded(value: TagValues[number]): {
  readonly type: number;
  readonly count: number;
  readonly data: Buffer;
} {
  if (typeof value === 'string') return { type: 6, count: 1, data: Buffer.from(`${value}\0`) };
  const texts = value.filter((item) => typeof item === 'string');
  if (texts.length > 0) {
    return { type: 8, count: texts.length, data: Buffer.from(texts.map((text) => `${text}\0`).join('')) };
  }
  const data = Buffer.alloc(value.length * 4);
  for (const [index, item] of value.entries()) data.writeUInt32BE(Number(item), index * 4);
  return { type: 4, count: value.length, data };
}

/** A header blob as databases keep it. */
export function rpmHeader(tags: TagValues): Buffer {
  const index: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [tag, value] of Object.entries(tags)) {
    const part = encoded(value);
    const padding = part.type === 4 ? (4 - (offset % 4)) % 4 : 0;
    data.push(Buffer.alloc(padding), part.data);
    offset += padding;
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(tag), 0);
    entry.writeUInt32BE(part.type, 4);
    entry.writeUInt32BE(offset, 8);
    entry.writeUInt32BE(part.count, 12);
    index.push(entry);
    offset += part.data.length;
  }
  const preamble = Buffer.alloc(8);
  preamble.writeUInt32BE(index.length, 0);
  preamble.writeUInt32BE(offset, 4);
  return Buffer.concat([preamble, ...index, ...data]);
}

/** Header of a package with the given number of files in `/opt/NAME/`. */
export function samplePackage(name: string, files: number): Buffer {
  const numbers = Array.from({ length: files }, (_, index) => index);
  return rpmHeader({
    1000: name,
    1001: '1.2.3',
    1002: '4.el9',
    1011: 'Rocky Enterprise Software Foundation',
    1014: 'MIT',
    1022: 'x86_64',
    1044: `${name}-source-1.2.3-4.el9.src.rpm`,
    ...(files === 0
      ? {}
      : {
          1116: numbers.map(() => 0),
          1117: numbers.map((index) => `file-${index}`),
          1118: [`/opt/${name}/`],
        }),
  });
}

/** An SQLite database as rpm makes it, written by the real engine to `file`. */
export function writeSqliteDatabase(file: string, blobs: readonly Uint8Array[], pageSize = 4096): void {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE Name(key TEXT, hnum INTEGER, idx INTEGER);
    CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);`);
  const insert = db.prepare('INSERT INTO Packages(blob) VALUES (?)');
  db.exec('BEGIN');
  for (const blob of blobs) insert.run(blob);
  db.exec('COMMIT');
  db.close();
}

/** An ndb database with one free slot at its beginning. */
export function ndbDatabase(blobs: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(4096);
  head.write('RpmP', 0, 'latin1');
  head.writeUInt32LE(1, 12);
  head.write('Slot', 32, 'latin1');
  const parts: Buffer[] = [head];
  let at = head.length;
  for (const [index, blob] of blobs.entries()) {
    const slot = 48 + index * 16;
    head.write('Slot', slot, 'latin1');
    head.writeUInt32LE(index + 1, slot + 4);
    head.writeUInt32LE(at / 16, slot + 8);
    const length = Math.ceil((16 + blob.length + 12) / 16) * 16;
    const stored = Buffer.alloc(length);
    stored.write('BlbS', 0, 'latin1');
    stored.writeUInt32LE(index + 1, 4);
    stored.writeUInt32LE(blob.length, 12);
    stored.set(blob, 16);
    parts.push(stored);
    at += length;
  }
  return Buffer.concat(parts);
}

const PAGE = 4096;

function page(
  kind: number,
  number: number,
  little: boolean,
): { readonly bytes: Buffer; u16(v: number, at: number): void; u32(v: number, at: number): void } {
  const bytes = Buffer.alloc(PAGE);
  bytes[25] = kind;
  const u32 = (value: number, at: number): void => {
    if (little) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
  };
  const u16 = (value: number, at: number): void => {
    if (little) bytes.writeUInt16LE(value, at);
    else bytes.writeUInt16BE(value, at);
  };
  u32(number, 8);
  return { bytes, u16, u32 };
}

/** A Berkeley DB hash of one bucket page a package, each value on a chain of overflow pages. */
export function bdbDatabase(blobs: readonly Uint8Array[], little = true): Buffer {
  const meta = page(8, 0, little);
  meta.u32(0x00061561, 12);
  meta.u32(PAGE, 20);
  const pages: Buffer[] = [meta.bytes];
  for (const blob of blobs) {
    const bucket = page(13, pages.length, little);
    pages.push(bucket.bytes);
    bucket.u16(2, 20);
    bucket.u16(PAGE - 5, 26);
    bucket.u16(PAGE - 5 - 12, 28);
    bucket.bytes[PAGE - 5] = 1;
    bucket.bytes[PAGE - 17] = 3;
    bucket.u32(pages.length, PAGE - 17 + 4);
    bucket.u32(blob.length, PAGE - 17 + 8);
    for (let at = 0; at < blob.length; at += PAGE - 26) {
      const part = blob.subarray(at, at + PAGE - 26);
      const overflow = page(7, pages.length, little);
      overflow.u16(part.length, 22);
      overflow.bytes.set(part, 26);
      overflow.u32(at + part.length < blob.length ? pages.length + 1 : 0, 16);
      pages.push(overflow.bytes);
    }
  }
  return Buffer.concat(pages);
}
