import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { layoutSource } from '../../tools/generate-abi.ts';
import { elfSection, parseBtf } from './btf.ts';
import { HEADER_SIZE, PROCESS_SIZE } from './layout.generated.ts';
import { OBJECT_PATH } from './programs.ts';

const object = readFileSync(OBJECT_PATH);

test('the committed layout is what the committed object says', () => {
  assert.equal(readFileSync(new URL('layout.generated.ts', import.meta.url), 'utf8'), layoutSource(object));
});

test('structures are free of holes and aligned to 8 bytes, so that 64-bit fields can be read in place', () => {
  const { structs } = parseBtf(elfSection(object, '.BTF'));
  for (const name of ['gc_header', 'gc_process', 'gc_descriptor', 'gc_spec', 'gc_config']) {
    const struct = structs.get(name);
    assert.ok(struct !== undefined);
    assert.equal(struct.sizeBytes % 8, 0, name);
    let end = 0;
    for (const member of struct.members) {
      assert.equal(member.offsetBytes, end, `${name}.${member.name}`);
      end += member.sizeBytes;
    }
    assert.equal(end, struct.sizeBytes, name);
  }
  assert.equal(HEADER_SIZE % 8, 0);
  assert.equal(PROCESS_SIZE % 8, 0);
});

test('a damaged object gives a coded error and nothing else', () => {
  assert.throws(() => elfSection(new Uint8Array(10), '.BTF'), { code: 'GC_SENSOR_BAD_OBJECT' });
  assert.throws(() => elfSection(object, '.none'), { code: 'GC_SENSOR_BAD_OBJECT' });
  assert.throws(() => parseBtf(new Uint8Array(24)), { code: 'GC_SENSOR_BAD_OBJECT' });
  const section = elfSection(object, '.BTF');
  fc.assert(
    fc.property(fc.nat({ max: 4000 }), fc.nat({ max: 255 }), (at, value) => {
      const damaged = Uint8Array.from(section.subarray(0, 6000));
      damaged[at % damaged.length] = value;
      try {
        parseBtf(damaged);
      } catch (error) {
        assert.ok(error instanceof Error);
      }
    }),
    { numRuns: 50 },
  );
});
