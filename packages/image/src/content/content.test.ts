// Content in memory and on disk gives the same bytes, and disk space comes back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { CodedError } from '@guardcell/kit';
import fc from 'fast-check';
import { type FileContent, heldContent, partOf, placeOf, WINDOW_BYTES } from './file-content.ts';
import { openTemporaryFile } from './temporary-file.ts';

const bytes = Buffer.concat([randomBytes(2 * WINDOW_BYTES + 1234), Buffer.from('needle, the last')]);
bytes.write('needle', WINDOW_BYTES - 3);

function both(run: (content: FileContent) => void): void {
  run(heldContent(bytes));
  const file = openTemporaryFile();
  try {
    for (let at = 0; at < bytes.length; at += 77_777) file.write(bytes.subarray(at, at + 77_777));
    run(file.content());
  } finally {
    file.close();
  }
}

test('reads, windows and parts give the bytes that are there, and fewer at the end', () => {
  both((content) => {
    const offset = fc.nat(bytes.length + 100);
    const length = fc.nat(300_000);
    fc.assert(
      fc.property(offset, length, offset, length, (start, size, at, wished) => {
        const expected = bytes.subarray(start, start + size);
        assert.ok(content.read(start, size).equals(expected));
        assert.ok(content.window(start, size).equals(expected));
        const part = partOf(content, start, size);
        assert.equal(part.size, expected.length);
        const within = at % 400_000;
        assert.ok(part.read(within, wished).equals(expected.subarray(within, within + wished)));
        assert.ok(part.window(within, wished).equals(expected.subarray(within, within + wished)));
      }),
      { numRuns: 200 },
    );
    for (const wrong of [-1, Number.NaN]) {
      assert.throws(() => content.read(wrong, 4), RangeError);
      assert.throws(() => content.window(wrong, 4), RangeError);
      assert.throws(() => partOf(content, wrong, 4), RangeError);
    }
  });
});

test('finds what stands across the windows, and only what is whole', () => {
  const needle = Buffer.from('needle');
  const last = bytes.length - 16;
  both((content) => {
    assert.equal(placeOf(content, needle), WINDOW_BYTES - 3);
    assert.equal(placeOf(content, needle, WINDOW_BYTES - 3), WINDOW_BYTES - 3);
    assert.equal(placeOf(content, needle, WINDOW_BYTES - 2), last);
    assert.equal(placeOf(content, needle, last + 1), -1);
    assert.equal(placeOf(content, needle, WINDOW_BYTES - 2, last + 5), -1);
    assert.equal(placeOf(content, needle, WINDOW_BYTES - 2, last + 6), last);
    assert.equal(placeOf(partOf(content, 100, WINDOW_BYTES), needle), WINDOW_BYTES - 103);
  });
});

test('a temporary file has no name, also when its process is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-temporary-'));
  try {
    const file = openTemporaryFile(folder);
    file.write(Buffer.from('something'));
    assert.deepEqual(readdirSync(folder), []);
    file.empty();
    assert.equal(file.content().size, 0);
    file.write(Buffer.from('else'));
    assert.equal(file.content().read(0, 100).toString(), 'else');
    file.close();
    const open = readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    });
    assert.ok(!open.some((path) => path.startsWith(folder)));
    const script = `import { openTemporaryFile } from ${JSON.stringify(join(import.meta.dirname, 'temporary-file.ts'))};
openTemporaryFile(${JSON.stringify(folder)}).write(Buffer.alloc(1e6));
process.kill(process.pid, 'SIGKILL');`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    assert.equal(run.signal, 'SIGKILL', run.stderr.toString());
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a folder that cannot take it is told with a code', () => {
  assert.throws(
    () => openTemporaryFile('/nowhere/at/all'),
    (error) => error instanceof CodedError && error.code === 'GC_NO_TEMPORARY_SPACE',
  );
});
