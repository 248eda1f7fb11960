import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isImageFailure } from '../failures.ts';
import { parseImageConfig } from '../image-config.ts';
import { parsePlatform } from '../platform.ts';
import { isForeign, parseManifest } from './manifest.ts';
import { selectPlatform } from './select-platform.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

test('a digest that could be a path, a negative size and too many layers are refused', () => {
  const manifest = (layer: unknown, count = 1): Uint8Array =>
    bytesOf({ schemaVersion: 2, config: { digest: DIGEST, size: 1 }, layers: Array(count).fill(layer) });
  const good = { digest: DIGEST, size: 1 };
  assert.equal(parseManifest(manifest(good), 'x').kind, 'manifest');
  for (const layer of [
    { ...good, digest: 'sha256:../../etc' },
    { ...good, size: -1 },
    { ...good, size: 1.5 },
    7,
  ]) {
    assert.throws(() => parseManifest(manifest(layer), 'x'), { code: 'GC_IMAGE_MANIFEST', at: 'x' });
  }
  assert.throws(() => parseManifest(manifest(good, 1001), 'x'), { code: 'GC_IMAGE_TOO_LARGE' });
});

test('foreign layers are known by both of their names', () => {
  assert.equal(isForeign('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'), true);
  assert.equal(isForeign('application/vnd.oci.image.layer.nondistributable.v1.tar+zstd'), true);
  assert.equal(isForeign('application/vnd.oci.image.layer.v1.tar+zstd'), false);
});

test('an only image is taken whatever it is for, unless a platform was asked for; attestations are no images', () => {
  const entry = (platform: string, digit: string) => ({
    mediaType: '',
    digest: `sha256:${digit.repeat(64)}`,
    size: 1,
    artifactType: '',
    annotations: {},
    platform: parsePlatform(platform),
  });
  const entries = [entry('linux/s390x', 'a'), entry('unknown/unknown', 'b')];
  const amd = parsePlatform('linux/amd64');
  assert.equal(selectPlatform(entries, amd, false, 'x').digest, entries[0]?.digest);
  assert.throws(() => selectPlatform(entries, amd, true, 'x'), { code: 'GC_IMAGE_PLATFORM' });
  const arms = [entry('linux/arm/v6', 'c'), entry('linux/arm/v7', 'd'), entry('linux/arm/v5', 'e')];
  assert.equal(selectPlatform(arms, parsePlatform('linux/arm/v7'), false, 'x').digest, arms[1]?.digest);
});

test('any JSON is read as manifest or configuration, or refused with an error of ours', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record({
      schemaVersion: fc.integer(),
      manifests: fc.jsonValue(),
      config: fc.jsonValue(),
      layers: fc.jsonValue(),
      rootfs: fc.record({ diff_ids: fc.jsonValue() }),
      history: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(value, (json) => {
      for (const read of [parseManifest, parseImageConfig]) {
        try {
          read(bytesOf(json), 'x');
        } catch (error) {
          assert.ok(isImageFailure(error), String(error));
        }
      }
    }),
    { numRuns: 500 },
  );
});
