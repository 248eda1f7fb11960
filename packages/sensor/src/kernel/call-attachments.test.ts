import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callAttachments, IDLE_MS } from './call-attachments.ts';
import { CALLS } from './calls.ts';
import { SPEC_ENABLED } from './layout.generated.ts';

const NONE = { dataTypes: new Set<string>(), touched: false };
const wish = (...types: string[]) => ({ ...NONE, eventTypes: new Set(types) });

/** A kernel that takes attachments down when told to, as the real one does some time after the pin is gone. */
function kernel() {
  const pins = new Set<string>();
  const ending = new Set<string>();
  const enabled = new Map<number, boolean>();
  const missing: string[] = [];
  let attachments = 0;
  const name = (pin: string): string => pin.slice('link-'.length);
  const calls = callAttachments({
    object: {
      attachTracepoint: () => 0,
      detach: () => {},
      lookup: () => -2,
      update: (_map, key, value) => {
        enabled.set(new DataView(key.buffer).getUint32(0, true), value[SPEC_ENABLED] !== 0);
        return 0;
      },
    },
    folder: {
      has: (pin) => pins.has(pin),
      pin: (pin) => pin,
      remove: (pin) => {
        pins.delete(pin);
        ending.add(name(pin));
      },
    },
    isResumed: false,
    hasTracepoint: (tracepoint) => tracepoint !== 'sys_exit_chmod',
    attachOnce: (pin) => {
      if (ending.has(name(pin))) return -17;
      pins.add(pin);
      attachments++;
      return 0;
    },
    onMissing: (tracepoint) => missing.push(tracepoint),
  });
  return {
    calls,
    ending,
    missing,
    attachments: () => attachments,
    isEnabled: (type: string) => enabled.get(CALLS.find((call) => call.type === type)?.nr ?? -1) ?? false,
    has: (type: string) => calls.attached().includes(type),
  };
}

describe('attachments of system calls', () => {
  test('what is not wanted for a moment is silent but stays attached', () => {
    const { calls, attachments, isEnabled, has } = kernel();
    calls.enable(wish('connect'), 0);
    const before = attachments();
    calls.enable(wish('rename'), 1000);
    assert.equal(isEnabled('connect'), false);
    assert.equal(has('connect'), false);
    calls.tidy(1000 + IDLE_MS - 1);
    calls.enable(wish('connect', 'rename'), 5000);
    assert.equal(isEnabled('connect'), true);
    assert.equal(has('connect'), true);
    assert.equal(attachments(), before + 1, 'only rename was new');
    calls.tidy(1000 + IDLE_MS * 2);
    assert.equal(has('connect'), true, 'the wish counts, not when it was gone');
  });

  test('what is wanted again while it is taken down is attached as soon as the kernel lets it', () => {
    const { calls, ending, isEnabled, has, missing } = kernel();
    calls.enable(wish('connect'), 0);
    calls.enable(wish(), 0);
    calls.tidy(IDLE_MS);
    assert.ok(ending.has('sys_exit_connect'));
    calls.enable(wish('connect'), IDLE_MS + 1);
    assert.equal(has('connect'), false, 'what is not attached is not said to be');
    calls.tidy(IDLE_MS + 2);
    assert.equal(has('connect'), false);
    ending.clear();
    calls.tidy(IDLE_MS + 3);
    assert.equal(has('connect'), true);
    assert.equal(isEnabled('connect'), true);
    assert.deepEqual(missing, []);
  });

  test('a wish that is taken back while it waits is not granted later', () => {
    const { calls, ending, has, attachments } = kernel();
    calls.enable(wish('connect'), 0);
    calls.enable(wish(), 0);
    calls.tidy(IDLE_MS);
    calls.enable(wish('connect'), IDLE_MS);
    calls.enable(wish(), IDLE_MS);
    ending.clear();
    const before = attachments();
    calls.tidy(IDLE_MS + 1);
    assert.equal(attachments(), before);
    assert.equal(has('connect'), false);
  });

  test('a tracepoint that the kernel does not have is told', () => {
    const { calls, missing, has } = kernel();
    calls.enable(wish('chmod'), 0);
    assert.deepEqual(missing, ['sys_exit_chmod']);
    assert.equal(has('chmod'), false);
  });
});
