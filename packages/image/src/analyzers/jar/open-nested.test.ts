// Archives within archives, and that nothing of them stays in memory.
import assert from 'node:assert/strict';
import test from 'node:test';
import { type FileContent, heldContent } from '../../content/file-content.ts';
import { openNested } from './open-nested.ts';
import { readZipDirectory } from './read-zip.ts';
import { buildZip } from './testing.ts';

function nestedIn(zip: FileContent) {
  const entry = readZipDirectory(zip, () => true)?.entries[0];
  assert.ok(entry);
  const nested = openNested(zip, entry, 2 ** 20);
  assert.ok('content' in nested);
  return nested;
}

test('an archive that was inflated in memory is given back when it is closed', () => {
  const inner = buildZip([{ name: 'a', content: 'x'.repeat(200_000), stored: true }]);
  const zip = heldContent(buildZip([{ name: 'inner.jar', content: inner }]));
  const { content, close } = nestedIn(zip);
  assert.deepEqual(content.read(0, content.size), inner);
  const { held } = content;
  close?.();
  assert.equal(held?.buffer.byteLength, 0, 'ten thousand of them would fill the memory otherwise');
});

test('one that is stored is read where it lies, and closing it leaves the outer one alone', () => {
  const inner = buildZip([{ name: 'a', content: 'x'.repeat(200_000) }]);
  const zip = heldContent(buildZip([{ name: 'inner.jar', content: inner, stored: true }]));
  const { content, close } = nestedIn(zip);
  close?.();
  assert.deepEqual(content.read(0, content.size), inner);
});
