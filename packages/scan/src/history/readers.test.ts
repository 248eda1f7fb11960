// What reads the output of git: pieces change nothing, ids are told once, broken output is passed over.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import fc from 'fast-check';
import { addedBlobs, rawChanges } from './added-blobs.ts';
import { createByteReader } from './byte-reader.ts';
import { createSeenObjects } from './seen-objects.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: length / 2, maxLength: length / 2 })
    .map((bytes) => Buffer.from(bytes).toString('hex'));
const ZERO = '0'.repeat(40);
const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);

function pieces(bytes: Buffer, size: number): Readable {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return Readable.from(parts);
}

test('a set of object ids is a set, with SHA-1 and SHA-256', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(40, 64),
      fc.array(fc.nat(300), { maxLength: 600 }),
      hex(64),
      (length, picks, salt) => {
        const ids = picks.map((pick) => `${pick.toString(16).padStart(8, '0')}${salt}`.slice(0, length));
        const seen = createSeenObjects(10_000);
        const known = new Set<string>();
        for (const id of ids) {
          assert.equal(seen.add(id), !known.has(id));
          known.add(id);
        }
        assert.equal(seen.size, known.size);
      },
    ),
    { numRuns: 100 },
  );
});

test('a set of object ids keeps its bound and counts what is beyond', () => {
  const seen = createSeenObjects(2);
  assert.deepEqual(
    [A, B, C, A].map((id) => seen.add(id)),
    [true, true, false, false],
  );
  assert.equal(seen.refused, 1);
});

test('thousands of ids outgrow the table without being forgotten', () => {
  const seen = createSeenObjects(100_000);
  const ids = Array.from({ length: 20_000 }, (_, i) => (i * 2_654_435_761).toString(16).padStart(40, '7'));
  assert.ok(ids.every((id) => seen.add(id)));
  assert.ok(ids.every((id) => !seen.add(id)));
});

test('a stream reads the same whatever pieces it comes in', async () => {
  const text = Buffer.from('one\ntwo\n\nfour-is-long\nlast');
  for (const size of [1, 2, 3, 5, 100]) {
    const reader = createByteReader(pieces(text, size));
    assert.equal((await reader.until(10, 100))?.toString(), 'one');
    assert.equal((await reader.exactly(4))?.toString(), 'two\n');
    assert.equal((await reader.until(10, 100))?.toString(), '');
    assert.equal((await reader.until(10, 4))?.toString(), 'four');
    assert.equal((await reader.until(10, 100))?.toString(), 'last');
    assert.equal(await reader.until(10, 100), undefined);
    assert.equal(await reader.exactly(1), undefined);
  }
});

test('commits, merges, links, submodules and removals are told apart', async () => {
  const output = [
    `${A} 2026-01-01T00:00:00Z\0\n`,
    `:000000 100644 ${ZERO} ${A} A\0a\nb\0`,
    `:000000 120000 ${ZERO} ${B} A\0link\0`,
    `:000000 160000 ${ZERO} ${B} A\0module\0`,
    `:100644 000000 ${B} ${ZERO} D\0gone\0`,
    `${B} 2026-01-02T00:00:00Z\0\0::100644 100644 100755 ${A} ${B} ${C} MM\0:merged\0`,
    `:100644 100644 ${C} ${A} M\0again\0`,
  ].join('');
  for (const size of [1, 7, 1000]) {
    const found: unknown[] = [];
    let commits = 0;
    for await (const blob of addedBlobs(
      pieces(Buffer.from(output), size),
      createSeenObjects(10),
      () => commits++,
    )) {
      found.push([blob.id[0], blob.path, blob.commit[0], blob.date.slice(0, 10)]);
    }
    assert.deepEqual(found, [
      ['a', 'a\nb', 'a', '2026-01-01'],
      ['c', ':merged', 'b', '2026-01-02'],
    ]);
    assert.equal(commits, 2);
  }
  const changes: string[] = [];
  for await (const { before, id } of rawChanges(pieces(Buffer.from(output), 9)))
    changes.push(`${before[0] ?? ''}>${id[0]}`);
  assert.deepEqual(changes, ['>a', '>c', 'c>a']);
});

test('output that is not what git writes is passed over', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 1, max: 50 }),
      async (bytes, size) => {
        for await (const { id } of rawChanges(pieces(Buffer.from(bytes), size)))
          assert.match(id, /^[0-9a-f]{40,64}$/);
      },
    ),
    { numRuns: 200 },
  );
});
