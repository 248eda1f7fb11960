// Paging while others write: what stays where it is comes exactly once, whatever else comes and goes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

const PACKAGES = Array.from({ length: 12 }, (_, index) => samplePackage(`package-${index}`));
const M = digest('m');

/** Which of the findings are there, by place; each keeps its score. */
const aState = fc.subarray(PACKAGES.map((_, index) => index));

test('a list that changes between pages neither repeats nor leaves out what stays', {
  timeout: 60_000,
}, async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M }), sampleReport(PACKAGES), NOON_MS);
  const put = (state: readonly number[], scores: readonly number[]) =>
    match(
      store,
      M,
      state.map((index) =>
        sampleFinding(`CVE-${index}`, PACKAGES[index] ?? samplePackage('x'), { score: scores[index] ?? 0 }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(
      fc.array(aState, { minLength: 2, maxLength: 6 }),
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('vulnerabilities', 'findings', 'packages'),
      async (states, scores, limit, list) => {
        const seen: string[] = [];
        let cursor: string | undefined;
        let page = 0;
        do {
          const state = states[Math.min(page, states.length - 1)] ?? [];
          if (page < states.length) await put(state, scores);
          page += 1;
          if (list === 'packages') {
            const found = await store.vulnerablePackages({}, limit, cursor);
            seen.push(...found.items.map(({ name }) => name.replace('package-', '')));
            cursor = found.nextCursor;
          } else {
            const found =
              list === 'findings'
                ? await store.occurrences('CVE-1', {}, limit, cursor)
                : await store.vulnerabilities({}, 'risk', limit, cursor);
            seen.push(...found.items.map((item) => ('id' in item ? item.id : 'CVE-1').replace('CVE-', '')));
            cursor = found.nextCursor;
          }
          assert.ok(page < 40);
        } while (cursor !== undefined);
        assert.equal(new Set(seen).size, seen.length, 'something came twice');
        const asked = states.slice(0, page);
        const stayed = PACKAGES.map((_, index) => index)
          .filter((index) => asked.every((state) => state.includes(index)))
          .filter((index) => list !== 'findings' || index === 1);
        for (const index of stayed) assert.ok(seen.includes(`${index}`), `${index} was left out`);
      },
    ),
    { numRuns: Number(process.env['GC_TEST_RUNS'] ?? 40) },
  );
});
