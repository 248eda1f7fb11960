// A second reader must see the same: Debian's sysdig (0.29) over the public captures, event by event.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCapture } from '@guardcell/capture';
import { tryCommand } from '../support/run-command.ts';

const COMPAT = join(import.meta.dirname, '../../../shared/compat/falco/captures');
const hasSysdig = (await tryCommand('sysdig', ['--version'])).code === 0;
const skip = !existsSync(COMPAT)
  ? 'the compatibility material is not beside the checkout'
  : hasSysdig
    ? false
    : 'sysdig is not installed';

/** The others have only events that sysdig does not print. */
const CAPTURES = [
  'cat_write-c4cf36b9',
  'connect_localhost-8806a67a',
  'open-multiple-files-61832b17',
  'ping_sendto-939de436',
  'run_as_user_0_container-641c4c5f',
  'run_as_user_65534_container-63e58a10',
  'syscall-90dc870a',
  'write_tmp_test-caaa73cb',
] as const;
const FORMAT = '*%evt.num\t%evt.type\t%proc.name\t%proc.pid\t%fd.name\t%proc.pname\t%user.uid';
const MISSING = '<NA>';

interface Line {
  readonly fields: readonly string[];
  /** sysdig takes a descriptor from an earlier call when it did not see this one begin. */
  readonly isFdKnown: boolean;
}

async function ourLines(path: string): Promise<ReadonlyMap<string, Line>> {
  const lines = new Map<string, Line>();
  await openCapture(path).read({
    onEvent(event) {
      const { fd, thread } = event;
      const fields = [
        event.type,
        thread.comm,
        thread.pid,
        fd?.name ?? '',
        thread.parent()?.comm ?? '',
        thread.uid,
      ];
      lines.set(String(event.num), {
        fields: fields.map(String),
        isFdKnown: event.paramNames().includes('fd') || event.result === undefined,
      });
    },
  });
  return lines;
}

describe('sysdig sees the same events', { skip }, () => {
  for (const name of CAPTURES) {
    test(name, async () => {
      const path = join(COMPAT, `${name}.scap`);
      const ours = await ourLines(path);
      const { stdout } = await tryCommand('sysdig', ['-r', path, '-p', FORMAT, 'evt.dir=<']);
      let compared = 0;
      for (const line of stdout.split('\n').filter((text) => text !== '')) {
        const [num = '', type = '', ...rest] = line
          .split('\t')
          .map((field) => (field === MISSING ? '' : field));
        const own = ours.get(num);
        assert.ok(own, `event ${num} ${type}`);
        const [ownType, ...ownRest] = own.fields;
        // It has no name for calls that it does not know, and no descriptors for mmap.
        if (type !== '<unknown>') assert.equal(ownType, type, `event ${num}`);
        if (type === 'mmap' || !own.isFdKnown) ownRest[2] = rest[2] ?? '';
        assert.deepEqual(ownRest, rest, `event ${num} ${type}`);
        compared += 1;
      }
      assert.ok(compared > 0);
    });
  }
});
