// Losses of files in use: told once, to the container that they concern.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupTable } from './cgroups.ts';
import { untoldFiles } from './untold-files.ts';

const WEB = 'ab'.repeat(32);

function setUp(): {
  readonly kernel: Map<number, number>;
  readonly told: (readonly [string | undefined, number])[];
  readonly untold: ReturnType<typeof untoldFiles>;
  readonly learn: (id: number, name: string) => void;
} {
  const kernel = new Map<number, number>();
  const told: (readonly [string | undefined, number])[] = [];
  const cgroups = cgroupTable();
  const idOf = (key: Uint8Array): number => Number(new DataView(key.buffer).getBigUint64(0, true));
  const object = {
    keys: () => [...kernel.keys()].map((id) => new Uint8Array(BigUint64Array.of(BigInt(id)).buffer)),
    lookup: (_map: string, key: Uint8Array, value: Uint8Array) => {
      new DataView(value.buffer).setBigUint64(0, BigInt(kernel.get(idOf(key)) ?? 0), true);
      return 0;
    },
    remove: (_map: string, key: Uint8Array) => (kernel.delete(idOf(key)) ? 0 : -2),
  };
  return {
    kernel,
    told,
    untold: untoldFiles(object, cgroups, (id, count) => told.push([id, count])),
    learn: (id, name) => void cgroups.learn(id, [name, '']),
  };
}

test('a loss is told once, to its container, and the kernel forgets it a second later', () => {
  const { kernel, told, untold, learn } = setUp();
  learn(7, WEB);
  learn(1, '');
  kernel.set(7, 3);
  kernel.set(1, 1);
  untold.look(0, 0);
  assert.deepEqual(told, [
    [WEB, 3],
    ['', 1],
  ]);
  kernel.set(7, 5);
  untold.look(1000, 0);
  assert.deepEqual(told.slice(2), [[WEB, 2]]);
  untold.look(2000, 0);
  assert.equal(kernel.size, 0);
  kernel.set(7, 1);
  untold.look(3000, 0);
  assert.deepEqual(told.slice(3), [[WEB, 1]]);
});

test('a loss of a control group without a path waits for it, and then may be of anybody', () => {
  const { kernel, told, untold, learn } = setUp();
  kernel.set(7, 2);
  untold.note(7);
  untold.note(8);
  untold.look(0, 0);
  assert.deepEqual(told, []);
  learn(7, WEB);
  untold.look(1000, 0);
  assert.deepEqual(told, [[WEB, 3]]);
  untold.look(6000, 0);
  assert.deepEqual(told.slice(1), [[undefined, 1]]);
});

test('what the kernel could not count by control group may be of anybody', () => {
  const { told, untold } = setUp();
  untold.look(0, 4);
  untold.look(1000, 4);
  assert.deepEqual(told, [[undefined, 4]]);
});
