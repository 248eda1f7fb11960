// Capabilities of files out of the records of archives, whole or damaged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analyzer } from '../analyzer.ts';
import { fileCapabilities } from './file-capabilities.ts';
import { readLayers } from './read-layers.ts';
import { layerOf, toyAnalyzer } from './testing/toy-analyzer.ts';
import { paxHeader, tar, tarEntry } from './testing/write-tar.ts';

const SCHILY = 'SCHILY.xattr.security.capability';
const LIBARCHIVE = 'LIBARCHIVE.xattr.security.capability';

/** As setcap writes it: revision 2, effective, low words, high words. */
function record(permitted: bigint, inheritable = 0n, revision = 2): Buffer {
  const words = [
    (BigInt(revision) << 24n) | 1n,
    permitted & 0xffffffffn,
    inheritable & 0xffffffffn,
    permitted >> 32n,
    inheritable >> 32n,
    0n,
  ].slice(0, { 1: 3, 2: 5, 3: 6 }[revision] ?? 5);
  const bytes = Buffer.alloc(words.length * 4);
  for (const [at, word] of words.entries()) bytes.writeUInt32LE(Number(word), at * 4);
  return bytes;
}

const bit = (number: number): bigint => 1n << BigInt(number);
const of = (bytes: Buffer): readonly number[] | undefined =>
  fileCapabilities(new Map([[SCHILY, bytes.toString('latin1')]]));

test('every revision and both spellings of the record are read', () => {
  assert.deepEqual(of(record(bit(13) | bit(31))), [13, 31]);
  assert.deepEqual(of(record(bit(39) | bit(0), 0n, 3)), [0, 39]);
  assert.deepEqual(of(record(bit(21), 0n, 1)), [21]);
  assert.deepEqual(fileCapabilities(new Map([[LIBARCHIVE, record(bit(7)).toString('base64')]])), [7]);
});

test('what gives nothing, or is no record, is none', () => {
  assert.equal(fileCapabilities(undefined), undefined);
  assert.equal(fileCapabilities(new Map()), undefined);
  assert.equal(of(record(0n, bit(21))), undefined);
  assert.equal(of(record(bit(21), 0n, 9)), undefined);
  assert.equal(of(record(bit(21)).subarray(0, 10)), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      for (const number of of(Buffer.from(bytes)) ?? []) assert.ok(number >= 0 && number < 64);
    }),
  );
});

test('analyzers are told those of a file in a layer, and of no other', async () => {
  // Bytes that are no UTF-8 on purpose.
  const value = record(bit(21) | bit(7) | bit(13));
  const text = Buffer.concat([Buffer.from(` ${SCHILY}=`), value, Buffer.from('\n')]);
  const length = text.length + 2;
  const pax = tarEntry({ name: 'pax', type: 'x', body: Buffer.concat([Buffer.from(String(length)), text]) });
  const noting: Analyzer<string> = {
    ...(toyAnalyzer() as Analyzer<string>),
    wants: () => false,
    notice: ({ path, capabilities }) => `${path} ${capabilities?.join(',') ?? ''}`,
  };
  const layer = layerOf(tar(pax, { name: 'usr/bin/x' }, paxHeader({ path: 'ä' }), { name: 'y' }));
  const { packages } = await readLayers([layer], [noting as Analyzer]);
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['/usr/bin/x 7,13,21', '/ä '],
  );
});
