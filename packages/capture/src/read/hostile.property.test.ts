// Hostile captures: valid ones with lengths, counts and bytes changed. Nothing but the coded error may come out, and
// it must come soon. GC_TEST_CASES=1000000 for more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CAPTURE_EVENT_TYPES, EVENT_COUNT } from '../format/event-types.ts';
import { createWorld } from '../state/world.ts';
import {
  descriptors,
  type EventInput,
  event,
  machine,
  type ParamInput,
  processes,
  section,
  text,
  users,
} from '../testing/build-capture.ts';
import { CaptureError } from './fault.ts';
import { openCapture } from './open-capture.ts';
import { Parser } from './parser.ts';
import { planEvents } from './plan.ts';

const CASES = Number(process.env['GC_TEST_CASES'] ?? 400);
const TIDS = [1, 100, 101, 200] as const;

const param = fc.oneof(
  fc.integer({ min: -5, max: 4 }),
  fc.integer({ min: 0, max: 500 }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom('/etc/passwd', '../x', 'name', '', '<NA>', '{"container":{"id":"abcdefabcdef"}}'),
  fc.uint8Array({ maxLength: 40 }),
  fc.constant(undefined),
);

const anyEvent: fc.Arbitrary<EventInput> = fc
  .record({
    id: fc.integer({ min: 0, max: EVENT_COUNT + 3 }),
    tid: fc.constantFrom(...TIDS),
    layout: fc.constantFrom(1 as const, 2 as const, 3 as const),
    params: fc.array(param, { maxLength: 34 }),
    /** How many parameters to cut off from what the table says. */
    missing: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ id, tid, layout, params, missing }) => {
    const wanted = CAPTURE_EVENT_TYPES[id]?.params.length ?? params.length;
    const filled = Array.from({ length: Math.max(wanted - missing, 0) }, (_, at): ParamInput => params[at]);
    return { id, tid, layout, params: filled };
  });

const anyCapture = fc
  .record({
    version: fc.integer({ min: 1, max: 9 }),
    listVersion: fc.constantFrom(1 as const, 2 as const),
    events: fc.array(anyEvent, { maxLength: 25 }),
  })
  .map(({ version, listVersion, events }) =>
    Buffer.concat([
      section(),
      machine('host'),
      users([[0, 'root']], listVersion),
      processes(
        TIDS.map((tid) => ({
          tid,
          pid: tid === 101 ? 100 : tid,
          cgroups: [`cpu=/docker/${'c'.repeat(64)}`],
        })),
        version,
      ),
      descriptors(100, [{ num: 3, kind: 1, rest: text('/x') }], listVersion),
      ...events.map(event),
    ]),
  );

interface Change {
  readonly at: number;
  readonly value: number;
  readonly width: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat({ max: 0xffffff }),
  value: fc.oneof(
    fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff),
    fc.nat({ max: 0xffffffff }),
  ),
  width: fc.constantFrom(1, 2, 4),
});

function damage(bytes: Buffer, changes: readonly Change[], cut: number): Buffer {
  const copy = Buffer.from(bytes);
  for (const { at, value, width } of changes) {
    const place = at % Math.max(copy.length - 4, 1);
    copy.writeUIntLE(width === 4 ? value >>> 0 : value % 2 ** (8 * width), place, width);
  }
  return cut === 0 ? copy : copy.subarray(0, copy.length - (cut % copy.length));
}

/** Parses in one go and looks at everything that an event offers. */
function readAll(bytes: Buffer): CaptureError | undefined {
  const parser = new Parser({
    world: createWorld(50),
    plan: planEvents({ eventTypes: undefined, enterTypes: undefined, figures: true }),
    sinceNs: undefined,
    untilNs: undefined,
    onEvent(seen) {
      for (const name of seen.paramNames()) seen.param(name);
      const { fd, thread } = seen;
      for (const value of [seen.path, seen.targetPath, fd?.name, thread.cwd, thread.container.id])
        assert.ok(value === undefined || typeof value === 'string');
      assert.ok(typeof seen.type === 'string' && typeof seen.timeNs === 'bigint');
      for (let at = thread.parent(), depth = 0; at !== undefined && depth < 64; depth += 1) at = at.parent();
      assert.ok((seen.fdList?.() ?? []).length <= 1024);
      thread.childCount?.();
      thread.threadCount?.();
    },
  });
  parser.useWindow(bytes, 0);
  try {
    const at = parser.parse(0, bytes.length);
    parser.finish(at, bytes.length - at);
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof CaptureError, String(thrown));
    return thrown;
  }
}

test('a valid capture with any values reads without a fault', () => {
  fc.assert(
    fc.property(anyCapture, (bytes) => {
      assert.equal(readAll(bytes), undefined);
    }),
    { numRuns: CASES, seed: 1 },
  );
});

test('a damaged or cut capture gives at most one coded error', () => {
  fc.assert(
    fc.property(
      anyCapture,
      fc.array(change, { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 400 }),
      (bytes, changes, cut) => {
        const fault = readAll(damage(bytes, changes, cut));
        if (fault !== undefined) assert.match(fault.code, /^GC_CAPTURE_(FORMAT|TRUNCATED|CORRUPT)$/);
      },
    ),
    { numRuns: CASES, seed: 2 },
  );
});

test('no value of any single byte does more than give one coded error', (context) => {
  let cases = 0;
  for (const bytes of fc.sample(anyCapture, { numRuns: Math.max(1, Math.ceil(CASES / 4000)), seed: 4 })) {
    for (let at = 0; at < bytes.length; at += 1) {
      const kept = bytes[at] ?? 0;
      for (const value of [0, 0xff, 0x80, kept ^ 1]) {
        bytes[at] = value;
        readAll(bytes);
        cases += 1;
      }
      bytes[at] = kept;
    }
  }
  context.diagnostic(`${cases} captures`);
});

test('what a reader sees does not depend on how the bytes arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyCapture,
      fc.array(change, { maxLength: 3 }),
      fc.integer({ min: 1, max: 300 }),
      async (bytes, changes, size) => {
        const damaged = damage(bytes, changes, 0);
        const seen = async (source: Buffer | AsyncIterable<Uint8Array>): Promise<unknown> => {
          const lines: string[] = [];
          const stats = await openCapture(source).read({
            onEvent: (one) =>
              lines.push(`${one.num} ${one.type} ${one.fd?.name} ${String(one.param('name'))}`),
          });
          return [lines, stats.events, stats.fault?.code, stats.fault?.at];
        };
        const pieces = async function* (): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < damaged.length; at += size) yield damaged.subarray(at, at + size);
        };
        assert.deepEqual(await seen(pieces()), await seen(damaged));
      },
    ),
    { numRuns: Math.min(CASES, 2000) / 4, seed: 3 },
  );
});
