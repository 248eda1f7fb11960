import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError, errorFacts } from './coded-error.ts';
import { randomSecret, sortableId } from './ids.ts';
import { readLines } from './json-lines.ts';

async function linesOf(chunks: readonly (string | Uint8Array)[], maxBytes = 100): Promise<string[]> {
  async function* stream(): AsyncGenerator<string | Uint8Array> {
    yield* chunks;
  }
  const lines: string[] = [];
  for await (const line of readLines(stream(), maxBytes)) lines.push(line);
  return lines;
}

test('lines are put together across chunks, also within a character', async () => {
  const bytes = new TextEncoder().encode('{"a":"é"}\n\n{"b":1}');
  const cut = bytes.indexOf(0xc3) + 1;
  assert.deepEqual(await linesOf([bytes.slice(0, cut), bytes.slice(cut)]), ['{"a":"é"}', '{"b":1}']);
});

test('an endless line is an error, not a full memory', async () => {
  await assert.rejects(linesOf(['x'.repeat(60), 'x'.repeat(60)]), { code: 'GC_LINE_TOO_LONG' });
});

test('ids sort by time and do not repeat', () => {
  assert.ok(sortableId(1000) < sortableId(2000));
  assert.equal(sortableId(1000).length, 26);
  const ids = new Set(Array.from({ length: 1000 }, () => sortableId(5)));
  assert.equal(ids.size, 1000);
  assert.ok(randomSecret(32).length >= 43);
});

test('whatever is thrown becomes facts that can be shown', () => {
  const coded = new CodedError('GC_X', 'no', { hint: 'do', at: 'file' });
  assert.deepEqual(errorFacts(coded), { code: 'GC_X', message: 'no', hint: 'do', at: 'file' });
  assert.equal(errorFacts('text').code, 'GC_INTERNAL');
});

test('how the stream is cut changes nothing', async () => {
  const text = `{"a":1}\n\n  \n{"b":"${'é'.repeat(50)}"}\n{"c":3}`;
  const bytes = new TextEncoder().encode(text);
  const expected = text.split('\n').filter((line) => line.trim() !== '');
  for (let size = 1; size < bytes.length; size++) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    assert.deepEqual(await linesOf(chunks), expected, `pieces of ${size} bytes`);
  }
});
