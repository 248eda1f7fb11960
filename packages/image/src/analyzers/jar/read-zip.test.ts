// The ZIP reader on well-formed, self-starting, cut and hostile archives.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { heldContent } from '../../content/file-content.ts';
import { readZipDirectory, readZipEntry } from './read-zip.ts';
import { buildZip } from './testing.ts';

const everything = (): boolean => true;

function contentOf(zip: Buffer, name: string, limit = 1 << 20): string {
  const entry = readZipDirectory(heldContent(zip), everything)?.entries.find((e) => e.name === name);
  assert.ok(entry);
  const read = readZipEntry(heldContent(zip), entry, limit);
  return 'content' in read ? read.content.toString() : `problem: ${read.problem}`;
}

test('reads stored and deflated entries of any content', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, stored) => {
      const zip = buildZip([
        { name: 'a', content: 'first' },
        { name: 'b', content: Buffer.from(bytes), stored },
      ]);
      const entry = readZipDirectory(heldContent(zip), (name) => name === 'b')?.entries[0];
      assert.ok(entry);
      const read = readZipEntry(heldContent(zip), entry, 1000);
      assert.ok('content' in read);
      assert.deepEqual(new Uint8Array(read.content), bytes);
    }),
  );
});

test('reads archives behind a start script and with a comment', () => {
  const zip = buildZip([{ name: 'x', content: 'inside' }]);
  zip.writeUInt16LE(3, zip.length - 2);
  const started = Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar $0\n'), zip, Buffer.from('end')]);
  assert.equal(contentOf(started, 'x'), 'inside');
});

test('stops inflating at the limit, whatever size the entry claims', () => {
  const zip = buildZip([{ name: 'bomb', content: Buffer.alloc(1 << 20) }]);
  assert.equal(contentOf(zip, 'bomb', 1000), 'problem: entry is too large');
});

test('keeps the entries before a broken one and says that the directory is broken', () => {
  const zip = buildZip([
    { name: 'a', content: '1' },
    { name: 'b', content: '2' },
  ]);
  zip.writeUInt32LE(0, zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')));
  const directory = readZipDirectory(heldContent(zip), everything);
  assert.deepEqual(
    directory?.entries.map((e) => e.name),
    ['a'],
  );
  assert.equal(directory?.problem, 'ZIP directory is cut or broken');
});

test('finds the directory through the records of ZIP64', () => {
  const zip = buildZip([{ name: 'x', content: 'wide' }]);
  const end = zip.subarray(zip.length - 22);
  const wide = Buffer.alloc(56 + 20);
  wide.write('PK\x06\x06', 'latin1');
  wide.writeBigUInt64LE(44n, 4);
  wide.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  wide.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  wide.write('PK\x06\x07', 56, 'latin1');
  wide.writeBigUInt64LE(BigInt(zip.length - 22), 64);
  const small = Buffer.from(end);
  small.fill(0xff, 8, 20);
  assert.equal(contentOf(Buffer.concat([zip.subarray(0, -22), wide, small]), 'x'), 'wide');
});

test('is silent about files that are no archives', () => {
  assert.equal(readZipDirectory(heldContent(Buffer.from('text')), everything), undefined);
  assert.equal(readZipDirectory(heldContent(Buffer.alloc(0)), everything), undefined);
});

test('never throws and never reads outside, whatever bytes are changed', () => {
  const zip = buildZip([
    { name: 'META-INF/MANIFEST.MF', content: 'Implementation-Version: 1\n' },
    { name: 'lib/b.jar', content: buildZip([{ name: 'c', content: 'c' }]), stored: true },
  ]);
  const change = fc.tuple(fc.nat(zip.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(zip.length), (changes, cut) => {
      const broken = Buffer.from(zip);
      for (const [at, value] of changes) broken[at] = value;
      for (const bytes of [broken, broken.subarray(0, cut), broken.subarray(cut)]) {
        for (const entry of readZipDirectory(heldContent(bytes), everything)?.entries ?? [])
          readZipEntry(heldContent(bytes), entry, 4096);
      }
    }),
    { numRuns: 500 },
  );
});
