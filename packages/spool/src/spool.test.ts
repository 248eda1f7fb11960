import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock, silentLogger } from '@guardcell/kit';
import * as fc from 'fast-check';
import { openSpool, type Spool, type SpoolOptions } from './spool.ts';

interface Folder extends Disposable {
  readonly dir: string;
  open(options?: Partial<SpoolOptions>): Spool;
}

function folder(): Folder {
  const dir = mkdtempSync(join(tmpdir(), 'gc-spool-'));
  const clock = manualClock(Date.UTC(2026, 2, 10));
  return {
    dir,
    open: (options = {}) => openSpool({ dir, clock, logger: silentLogger, ...options }),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

function put(spool: Spool, text = 'x', critical = false): number | undefined {
  return spool.append(({ seq }) => JSON.stringify({ seq, text }), { critical });
}

function fill(spool: Spool, count: number, text = 'x'): void {
  for (let i = 0; i < count; i++) put(spool, text);
}

/** Reads everything from a seq on, as the uplink does. */
function readAll(spool: Spool, from = 1, maxCount = 7, maxBytes = 100_000): number[] {
  const seqs: number[] = [];
  for (let next = from; ; ) {
    const entries = spool.read(next, maxCount, maxBytes);
    if (entries.length === 0) return seqs;
    for (const { seq, payload } of entries) {
      assert.equal((JSON.parse(payload) as { seq: number }).seq, seq);
      seqs.push(seq);
    }
    next = (seqs.at(-1) ?? 0) + 1;
  }
}

const upTo = (last: number, from = 1): number[] =>
  Array.from({ length: last - from + 1 }, (_, i) => from + i);
const segments = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.seg'))
    .sort();
const segmentAt = (dir: string, at: number): string => join(dir, segments(dir).at(at) ?? '');

test('alerts come back in order with the seqs that they were given', () => {
  using at = folder();
  using spool = at.open();
  assert.deepEqual([put(spool), put(spool), put(spool)], [1, 2, 3]);
  assert.deepEqual(readAll(spool), [1, 2, 3]);
  assert.deepEqual(readAll(spool, 3), [3]);
  assert.deepEqual(spool.read(4, 10, 1000), []);
});

test('a read keeps its bounds but gives at least one alert', () => {
  using at = folder();
  using spool = at.open();
  fill(spool, 5, 'y'.repeat(100));
  assert.equal(spool.read(1, 2, 100_000).length, 2);
  assert.equal(spool.read(1, 10, 300).length, 2);
  assert.equal(spool.read(1, 10, 1).length, 1);
});

test('a sensor keeps its id and epoch over restarts, and its numbering goes on', () => {
  using at = folder();
  let first: Spool;
  {
    using spool = at.open();
    first = spool;
    assert.match(spool.sensor, /^[a-z2-7]{13}$/);
    fill(spool, 3);
    spool.ack(2);
  }
  using spool = at.open();
  assert.deepEqual([spool.sensor, spool.epoch], [first.sensor, first.epoch]);
  assert.equal(put(spool), 4);
  assert.deepEqual(spool.stats().ackedSeq, 2);
  assert.deepEqual(readAll(spool, 3), [3, 4]);
});

test('two sensors have different ids', () => {
  using one = folder();
  using other = folder();
  using a = one.open();
  using b = other.open();
  assert.notEqual(a.sensor, b.sensor);
});

test('delivered segments are removed and the seqs after them go on after a restart', () => {
  using at = folder();
  {
    using spool = at.open();
    fill(spool, 60, 'z'.repeat(100_000));
    assert.ok(segments(at.dir).length >= 3);
    spool.ack(60);
    assert.equal(segments(at.dir).length, 1);
    assert.equal(spool.stats().pending, 0);
  }
  rmSync(segmentAt(at.dir, 0));
  using spool = at.open();
  assert.equal(put(spool), 61);
  assert.deepEqual(readAll(spool, 61), [61]);
});

test('an ack beyond what there is counts up to what there is, and never backwards', () => {
  using at = folder();
  using spool = at.open();
  fill(spool, 3);
  spool.ack(99);
  assert.equal(spool.stats().ackedSeq, 3);
  spool.ack(1);
  assert.equal(spool.stats().ackedSeq, 3);
  assert.equal(put(spool), 4);
});

test('a full spool drops what is not critical first, counts it and declares it', () => {
  using at = folder();
  using spool = at.open({ maxBytes: 10_000, reservePercent: 20 });
  let taken = 0;
  while (put(spool, 'n'.repeat(400)) !== undefined) taken += 1;
  assert.ok(spool.stats().sizeBytes <= 8000);
  assert.equal(put(spool, 'c'.repeat(400), true), taken + 1);
  while (put(spool, 'c'.repeat(400), true) !== undefined) taken += 1;
  assert.ok(spool.stats().sizeBytes <= 10_000);
  assert.equal(spool.stats().dropped, 2);
  assert.deepEqual(
    spool.pendingGaps().map(({ reason, lost }) => [reason, lost]),
    [['spool-full', 2]],
  );
  assert.deepEqual(readAll(spool), upTo(taken + 1));
});

test('a spool takes alerts again when room was made', () => {
  using at = folder();
  using spool = at.open({ maxBytes: 5 * 1024 * 1024 });
  while (put(spool, 'n'.repeat(50_000)) !== undefined);
  spool.ack(spool.stats().lastSeq);
  assert.notEqual(put(spool), undefined);
});

test('an alert over the limit is dropped, counted and declared', () => {
  using at = folder();
  using spool = at.open();
  assert.equal(put(spool, 'x'.repeat(1024 * 1024)), undefined);
  assert.equal(put(spool), 1);
  assert.equal(spool.pendingGaps()[0]?.reason, 'alert-too-large');
});

test('gaps wait for delivery over restarts and are delivered once', () => {
  using at = folder();
  const gap = {
    from: '2026-03-10T00:00:00.000Z',
    to: '2026-03-10T00:00:01.000Z',
    reason: 'ring-full',
    lost: 5,
  };
  {
    using spool = at.open();
    spool.noteGap(gap);
    spool.noteGap({ ...gap, lost: -1 });
  }
  using spool = at.open();
  assert.deepEqual(spool.pendingGaps(), [gap, { ...gap, lost: -1 }]);
  spool.ackGaps(1);
  assert.deepEqual(spool.pendingGaps(), [{ ...gap, lost: -1 }]);
});

test('what is dropped while a gap is being delivered becomes a new gap', () => {
  using at = folder();
  using spool = at.open({ maxBytes: 100 });
  fill(spool, 3, 'x'.repeat(200));
  assert.equal(spool.pendingGaps()[0]?.lost, 3);
  fill(spool, 2, 'x'.repeat(200));
  spool.ackGaps(1);
  assert.deepEqual(
    spool.pendingGaps().map(({ lost }) => lost),
    [2],
  );
});

test('gaps stay few and keep their sum however often delivery fails', () => {
  using at = folder();
  using spool = at.open({ maxBytes: 100 });
  for (let i = 0; i < 1500; i++) {
    put(spool, 'x'.repeat(200));
    spool.pendingGaps();
  }
  const pending = spool.pendingGaps();
  assert.ok(pending.length <= 500);
  assert.equal(
    pending.reduce((sum, { lost }) => sum + lost, 0),
    1500,
  );
});

test('a torn record at the end is cut off and its seq is given to the next alert', () => {
  using at = folder();
  {
    using spool = at.open();
    fill(spool, 3);
  }
  const file = segmentAt(at.dir, -1);
  // The cursor of a process that was killed does not know the last alert.
  writeFileSync(join(at.dir, 'cursor.json'), JSON.stringify({ acked: 0, last: 0, declared: 0 }));
  truncateSync(file, statSync(file).size - 5);
  using spool = at.open();
  assert.equal(put(spool, 'new'), 3);
  assert.deepEqual(readAll(spool), [1, 2, 3]);
  assert.deepEqual(spool.pendingGaps(), []);
});

test('a damaged record in the middle is declared once and the others are delivered', () => {
  using at = folder();
  {
    using spool = at.open();
    fill(spool, 5, 'w'.repeat(50));
  }
  const file = segmentAt(at.dir, -1);
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 2)] = 0xff;
  writeFileSync(file, bytes);
  for (const declared of [1, 0]) {
    using spool = at.open();
    assert.deepEqual(readAll(spool), [1, 2, 4, 5]);
    assert.deepEqual(
      spool.read(1, 10, 10_000).map(({ seq }) => seq),
      [1, 2],
    );
    assert.deepEqual(
      spool.pendingGaps().map(({ reason, lost }) => [reason, lost]),
      declared === 1 ? [['spool-corrupt', 1]] : [],
    );
    spool.ackGaps(1);
  }
});

test('a damaged record at the end does not get its seq used again', () => {
  using at = folder();
  {
    using spool = at.open();
    fill(spool, 3, 'w'.repeat(50));
  }
  const file = segmentAt(at.dir, -1);
  const bytes = readFileSync(file);
  bytes[bytes.length - 3] = 0xff;
  writeFileSync(file, bytes);
  writeFileSync(join(at.dir, 'cursor.json'), JSON.stringify({ acked: 0, last: 0, declared: 0 }));
  using spool = at.open();
  assert.equal(put(spool), 4);
  assert.equal(spool.pendingGaps()[0]?.lost, 1);
});

test('a record damaged while the spool is open is declared and passed over', () => {
  using at = folder();
  using spool = at.open();
  fill(spool, 3, 'w'.repeat(50));
  const file = segmentAt(at.dir, -1);
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 2)] = 0xff;
  writeFileSync(file, bytes);
  assert.deepEqual(readAll(spool), [1, 3]);
  assert.deepEqual(
    spool.pendingGaps().map(({ reason, lost }) => [reason, lost]),
    [['spool-corrupt', 1]],
  );
});

test('a missing segment is declared with its size and the rest is delivered', () => {
  using at = folder();
  {
    using spool = at.open();
    fill(spool, 60, 'z'.repeat(100_000));
  }
  const names = segments(at.dir);
  const [from, to] = [Number(names[1]?.slice(0, 16)), Number(names[2]?.slice(0, 16))];
  rmSync(segmentAt(at.dir, 1));
  using spool = at.open();
  assert.deepEqual(readAll(spool), [...upTo(from - 1), ...upTo(60, to)]);
  assert.deepEqual(
    spool.pendingGaps().map(({ reason, lost }) => [reason, lost]),
    [['spool-segment-missing', to - from]],
  );
  assert.equal(put(spool), 61);
});

test('a missing last segment is declared and its seqs are not used again', () => {
  using at = folder();
  {
    using spool = at.open();
    fill(spool, 60, 'z'.repeat(100_000));
  }
  const firstLost = Number(segments(at.dir).at(-1)?.slice(0, 16));
  rmSync(segmentAt(at.dir, -1));
  using spool = at.open();
  assert.equal(spool.pendingGaps()[0]?.lost, 60 - firstLost + 1);
  assert.equal(put(spool), 61);
});

test('a lost identity gives a new sensor and declares what can no longer be delivered', () => {
  using at = folder();
  let before: string;
  {
    using spool = at.open();
    before = spool.sensor;
    fill(spool, 4);
  }
  rmSync(join(at.dir, 'identity.json'));
  using spool = at.open();
  assert.notEqual(spool.sensor, before);
  assert.deepEqual(
    spool.pendingGaps().map(({ reason, lost }) => [reason, lost]),
    [['spool-identity-lost', 4]],
  );
  assert.equal(put(spool), 1);
});

test('a spool whose cursor and segments are gone begins a new epoch of the same sensor', () => {
  using at = folder();
  let before: Spool;
  {
    using spool = at.open();
    before = spool;
    fill(spool, 4);
  }
  for (const name of [...segments(at.dir), 'cursor.json']) rmSync(join(at.dir, name));
  using spool = at.open();
  assert.equal(spool.sensor, before.sensor);
  assert.ok(spool.epoch > before.epoch);
});

test('alerts that were not delivered come again when the cursor is lost', () => {
  using at = folder();
  {
    using spool = at.open();
    fill(spool, 4);
    spool.ack(2);
  }
  writeFileSync(join(at.dir, 'cursor.json'), '{"acked":');
  using spool = at.open();
  assert.deepEqual(readAll(spool), [1, 2, 3, 4]);
});

test('a folder that cannot be used is a coded error', () => {
  using at = folder();
  writeFileSync(join(at.dir, 'file'), '');
  assert.throws(() => at.open({ dir: join(at.dir, 'file', 'spool') }), { code: 'GC_SPOOL_IO' });
});

test('a closed spool takes nothing and says so', () => {
  using at = folder();
  const spool = at.open();
  spool.close();
  spool.close();
  assert.equal(put(spool), undefined);
  assert.equal(spool.stats().dropped, 1);
  assert.deepEqual(spool.read(1, 1, 1000), []);
});

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('append' as const),
      size: fc.integer({ min: 0, max: 300_000 }),
      critical: fc.boolean(),
    }),
    fc.record({ do: fc.constant('ack' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constantFrom('reopen' as const, 'sync' as const, 'gap' as const) }),
  ),
  { minLength: 5, maxLength: 60 },
);

test('after any steps exactly what was taken and not delivered is there, in order, within the budget', () => {
  fc.assert(
    fc.property(steps, (all) => {
      using at = folder();
      const options = { maxBytes: 6_000_000 };
      let spool = at.open(options);
      const taken: number[] = [];
      let acked = 0;
      let gaps = 0;
      for (const step of all) {
        if (step.do === 'append') {
          const seq = put(spool, 'x'.repeat(step.size), step.critical);
          if (seq !== undefined) taken.push(seq);
        } else if (step.do === 'ack') {
          acked = Math.max(acked, Math.floor((taken.at(-1) ?? 0) * step.share));
          spool.ack(acked);
        } else if (step.do === 'reopen') {
          spool.close();
          spool = at.open(options);
        } else if (step.do === 'sync') spool.sync();
        else {
          gaps += 1;
          spool.noteGap({ from: '2026', to: '2026', reason: 'ring-full', lost: 1 });
        }
        assert.ok(spool.stats().sizeBytes <= options.maxBytes);
      }
      const waiting = taken.filter((seq) => seq > acked);
      assert.deepEqual(taken, upTo(taken.length));
      assert.deepEqual(readAll(spool, acked + 1), waiting);
      assert.equal(spool.stats().pending, waiting.length);
      assert.equal(spool.pendingGaps().filter((gap) => gap.reason === 'ring-full').length, gaps);
      spool.close();
    }),
    { numRuns: 25, seed: 20_260_310 },
  );
});
