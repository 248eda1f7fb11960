// Images that are known by their manifest, by their id, or by both, in any order: never two images in one artifact, and
// one artifact for an image as soon as something named both digests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNKNOWN_EXPOSURE } from '@guardcell/core';
import fc from 'fast-check';
import type { RunningContainer } from '../../scan-ports.ts';
import {
  digest,
  match,
  NOON_MS,
  names,
  openScans,
  sampleFinding,
  samplePackage,
  sampleReport,
} from './testing/samples.ts';

const IMAGES = 3;
const manifest = (image: number): string => digest(`m${image}`);
const imageId = (image: number): string => digest(`i${image}`);

const aNaming = fc.constantFrom('manifest', 'image', 'both');
type Naming = 'manifest' | 'image' | 'both';
const aStep = fc.record({
  kind: fc.constantFrom('scan', 'scan', 'touch', 'running', 'evidence', 'match'),
  image: fc.nat(IMAGES - 1),
  by: aNaming,
});

const digestsOf = (image: number, by: Naming) => ({
  manifestDigest: by === 'image' ? '' : manifest(image),
  imageId: by === 'manifest' ? '' : imageId(image),
});

test('scans, names, containers and evidence join what is one image and nothing else', {
  timeout: 60_000,
}, async () => {
  await using at = await openScans();
  const { store } = at;
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 2, maxLength: 14 }), async (steps) => {
      const running: RunningContainer[] = [];
      const scannedBy = Array.from({ length: IMAGES }, () => new Set<Naming>());
      const joined = new Set<number>();
      let time = NOON_MS;
      for (const { kind, image, by } of steps) {
        time += 1000;
        const digests = digestsOf(image, by);
        const id = digests.manifestDigest || digests.imageId;
        const pkg = samplePackage(`package-${image}`);
        if (kind === 'scan') {
          await store.putScan(names({ ...digests, reference: `image:${image}` }), sampleReport([pkg]), time);
          scannedBy[image]?.add(by);
        } else if (kind === 'touch') {
          await store.touch(names({ ...digests, reference: `image:${image}-again` }), time);
        } else if (kind === 'running') {
          running.push({
            id: `c${running.length}`,
            name: 'n',
            hostname: 'h',
            exposure: UNKNOWN_EXPOSURE,
            namespace: '',
            pod: '',
            image: '',
            ...digests,
          });
          await store.setRunning('s1', running);
        } else if (kind === 'evidence') {
          const [from, to] = ['2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z'];
          const packages = [{ purl: pkg.purl, grade: 'loaded' as const, lastAt: to, example: '' }];
          await store.putInUse([{ sensor: 's1', container: 'c', ...digests, from, to, lost: 0, packages }]);
        } else if (scannedBy[image]?.has(by) === true) {
          await match(store, id, [sampleFinding(`CVE-${image}`, pkg)], time);
        }
        // Names that came before there was an artifact to name may be forgotten, except those of containers that run.
        const known = (scannedBy[image]?.size ?? 0) > 0;
        if (by === 'both' && known && kind !== 'match') joined.add(image);
      }
      const { items } = await store.artifacts({}, 100);
      for (let image = 0; image < IMAGES; image += 1) {
        const own = items.filter(({ references }) =>
          references.some((name) => name.startsWith(`image:${image}`)),
        );
        const ways = scannedBy[image] ?? new Set();
        assert.ok(own.length <= Math.min(2, ways.size));
        assert.equal(own.length > 0, ways.size > 0);
        const runsAsBoth = running.some(
          (one) => one.manifestDigest === manifest(image) && one.imageId === imageId(image),
        );
        if (joined.has(image) || (runsAsBoth && ways.size > 0))
          assert.equal(own.length, 1, `image ${image} twice`);
        if (own.length === 1 && joined.has(image)) {
          assert.equal(own[0]?.id, manifest(image));
          assert.deepEqual((await store.known([manifest(image), imageId(image)])).size, 2);
          const inUse = (await store.matchInput(imageId(image)))?.inUse;
          const watched = steps.some((step) => step.kind === 'evidence' && step.image === image);
          assert.equal(inUse?.get(samplePackage(`package-${image}`).purl), watched ? 'loaded' : undefined);
          assert.equal(
            own[0]?.running,
            running.filter((one) =>
              [one.manifestDigest, one.imageId].some(
                (text) => text === manifest(image) || text === imageId(image),
              ),
            ).length,
          );
        }
        for (const name of [manifest(image), imageId(image)]) {
          const report = await store.report(name);
          if (report === undefined) continue;
          assert.deepEqual(
            report.packages.map((pkg) => pkg.name),
            [`package-${image}`],
          );
          assert.ok(report.vulnerabilities.every(({ id }) => id === `CVE-${image}`));
        }
      }
      await store.setRunning('s1', []);
      for (const { id } of items) assert.equal(await store.remove(id), true);
      await store.dropBefore(Number.MAX_SAFE_INTEGER);
      assert.equal((await store.artifacts({}, 1)).items.length, 0);
    }),
    { numRuns: Number(process.env['GC_TEST_RUNS'] ?? 40) },
  );
});
