// When artifacts are matched again because what runs of them can be reached otherwise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock, silentLogger } from '@guardcell/kit';
import { watchExposure } from './exposure-watch.ts';

interface Change {
  readonly id: string;
  readonly isLess: boolean;
}

function setUp(): {
  readonly asked: string[];
  readonly see: (...changes: readonly Change[]) => Promise<void>;
  readonly wait: (ms: number) => Promise<void>;
} {
  const asked: string[] = [];
  const clock = manualClock(Date.parse('2026-05-01T12:00:00Z'));
  let now: readonly Change[] = [];
  const watch = watchExposure(
    () => Promise.resolve({ exposureChanges: () => Promise.resolve(now) }),
    (ids) => asked.push(...ids),
    clock,
    silentLogger,
  );
  return {
    asked,
    async see(...changes) {
      now = changes;
      watch.changed();
      await watch.idle();
    },
    async wait(ms) {
      clock.advance(ms);
      watch.tick();
      await watch.idle();
    },
  };
}

const MINUTE = 60_000;

test('what can be reached by more is matched at once', async () => {
  const { asked, see } = setUp();
  await see({ id: 'a', isLess: false });
  assert.deepEqual(asked, ['a']);
});

test('what can be reached by fewer is matched when that lasts, not when it is over soon', async () => {
  const { asked, see, wait } = setUp();
  await see({ id: 'a', isLess: true }, { id: 'b', isLess: true });
  await wait(5 * MINUTE);
  // The container of one came back.
  await see({ id: 'b', isLess: true });
  assert.deepEqual(asked, []);
  await wait(6 * MINUTE);
  assert.deepEqual(asked, ['b']);
  await see({ id: 'a', isLess: true });
  await wait(9 * MINUTE);
  assert.deepEqual(asked, ['b'], 'its time starts anew');
});
