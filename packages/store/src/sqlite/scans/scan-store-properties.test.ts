// Random scans, matches, acceptances and filters: the store gives what plain loops over a flat list give.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VULNERABILITY_SORTS, type VulnerabilityFacets, type VulnerabilityFilter } from '@guardcell/contract';
import { EXPOSURES, IN_USE, SEVERITIES, UNKNOWN_EXPOSURE, type VulnerabilityFinding } from '@guardcell/core';
import fc from 'fast-check';
import type { ApprovedAcceptance, RunningContainer, ScanPage } from '../../scan-ports.ts';
import {
  matching,
  type NaiveState,
  naiveFacets,
  naiveGroups,
  naivePackages,
  naiveWorkloads,
  runningOf,
} from './testing/naive-findings.ts';
import {
  digest,
  names,
  type OpenedScans,
  openScans,
  sampleFinding,
  samplePackage,
  sampleReport,
} from './testing/samples.ts';

const ARTIFACTS = [0, 1, 2, 3].map((at) => ({
  id: digest(`manifest${at}`),
  imageId: digest(`image${at}`),
  reference: `registry.example.com/team${at % 2}/app${at}:1`,
  registry: at % 2 === 0 ? 'main' : 'other',
}));
const POOL = ['openssl', 'zlib', 'lodash'].flatMap((name) =>
  (['deb', 'npm'] as const).flatMap((type) =>
    ['1.0', '1.5'].map((version) => samplePackage(name, version, { type })),
  ),
);
const IDS = ['CVE-1', 'CVE-2', 'GHSA-3', 'CVE-4'];

/** What is the same for each finding of a vulnerability. */
const FACTS: Record<string, Partial<VulnerabilityFinding>> = {
  'CVE-1': { aliases: ['GHSA-1'], cvss: 9.8 },
  'CVE-2': { factors: [{ name: 'kev', value: 'exploited', effect: 25 }] },
  'GHSA-3': { aliases: ['CVE-33', 'PYSEC-3'] },
  'CVE-4': {},
};

const aFinding = fc
  .record({
    id: fc.constantFrom(...IDS),
    pkg: fc.constantFrom(...POOL),
    severity: fc.constantFrom(...SEVERITIES),
    score: fc.integer({ min: 0, max: 100 }),
    fixed: fc.constantFrom('', '2.0', '2.5'),
    status: fc.constantFrom('affected', 'fixed', 'will-not-fix'),
    inUse: fc.constantFrom(...IN_USE),
    suppressed: fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('', '2026-05-01', '2026-05-02') },
    ),
  })
  .map(({ id, pkg, suppressed, ...more }) =>
    sampleFinding(id, pkg, {
      ...more,
      ...FACTS[id],
      ...(suppressed !== undefined && {
        suppressed: { by: 'rule', reason: 'why', ...(suppressed !== '' && { until: suppressed }) },
      }),
    }),
  );

const oneKeyEach = fc.uniqueArray(aFinding, {
  minLength: 2,
  maxLength: 10,
  selector: ({ id, package: purl }) => `${id} ${purl}`,
  size: 'max',
});

const aStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('scan'), artifact: fc.nat(3), packages: fc.subarray(POOL) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('match'), artifact: fc.nat(3), findings: oneKeyEach }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('running'),
      of: fc.array(
        fc.record({
          artifact: fc.nat(4),
          by: fc.constantFrom('manifest', 'image', 'both'),
          level: fc.constantFrom(...EXPOSURES),
        }),
        { maxLength: 4 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('accept'),
      scopes: fc.array(
        fc.record({
          vulnerability: fc.constantFrom(...IDS, 'GHSA-1', 'CVE-33'),
          package: fc.constantFrom('', '', 'openssl'),
          artifact: fc.constantFrom('', '', ARTIFACTS[0]?.id ?? '', ARTIFACTS[1]?.imageId ?? ''),
          image: fc.constantFrom('', '', 'registry.example.com/team0/*', '**/app1'),
        }),
        { maxLength: 3 },
      ),
      hours: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), artifact: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), hours: fc.integer({ min: 1, max: 15 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
);

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined, freq: 2 });
const aFilter = fc
  .record({
    q: maybe(fc.constantFrom('cve', 'SSL', 'app1', 'ghsa-1', 'zzz')),
    severity: maybe(fc.subarray([...SEVERITIES], { minLength: 1 })),
    status: maybe(fc.subarray(['affected', 'fixed'] as const)),
    inUse: maybe(fc.subarray([...IN_USE], { minLength: 1 })),
    type: maybe(fc.subarray(['deb', 'npm'] as const)),
    kind: maybe(fc.subarray(['image', 'host'] as const)),
    artifact: maybe(
      fc.constantFrom(ARTIFACTS[0]?.id, ARTIFACTS[1]?.imageId, ARTIFACTS[2]?.reference, 'none'),
    ),
    package: maybe(fc.constantFrom('openssl', 'none')),
    container: maybe(fc.constantFrom('c0', 'c1')),
    registry: maybe(fc.constantFrom('main', 'none')),
    fixable: maybe(fc.boolean()),
    exploited: maybe(fc.boolean()),
    running: maybe(fc.boolean()),
    exposed: maybe(fc.boolean()),
    accepted: maybe(fc.boolean()),
  })
  .chain((filter) => {
    // Few conditions at once, else hardly anything is left.
    const given = Object.keys(filter).filter((name) => filter[name as keyof typeof filter] !== undefined);
    return fc
      .subarray(given, { maxLength: Math.min(3, given.length) })
      .map(
        (kept) =>
          Object.fromEntries(
            kept.map((name) => [name, filter[name as keyof typeof filter]]),
          ) as VulnerabilityFilter,
      );
  });

async function allPages<Item>(
  ask: (limit: number, cursor?: string) => Promise<ScanPage<Item>>,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await ask(limit, cursor);
    assert.ok(page.items.length <= limit);
    items.push(...page.items);
    if (page.nextCursor === undefined) return items;
    assert.equal(page.items.length, limit);
    cursor = page.nextCursor;
  }
}

type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;

async function take(at: OpenedScans, state: NaiveState, step: Step): Promise<void> {
  const store = at.current();
  if ('packages' in step) {
    const names_ = ARTIFACTS[step.artifact] as (typeof ARTIFACTS)[number];
    await store.putScan(
      names({
        manifestDigest: names_.id,
        imageId: names_.imageId,
        reference: names_.reference,
        registry: names_.registry,
      }),
      sampleReport(step.packages),
      state.nowMs,
    );
    const known = state.artifacts.get(names_.id);
    if (known === undefined)
      state.artifacts.set(names_.id, { ...names_, packages: step.packages, findings: [], matched: false });
    else known.packages = step.packages;
  } else if ('findings' in step) {
    const known = state.artifacts.get(ARTIFACTS[step.artifact]?.id ?? '');
    const input = await store.matchInput(ARTIFACTS[step.artifact]?.imageId ?? '');
    assert.equal(input === undefined, known === undefined);
    if (known === undefined || input === undefined) return;
    const key = ({ id, package: purl }: VulnerabilityFinding): string => `${id} ${purl}`;
    const before = new Map(known.findings.map(({ finding, firstSeenMs }) => [key(finding), firstSeenMs]));
    const outcome = await store.putMatches(input, step.findings, 'db1', state.nowMs);
    const added = known.matched ? step.findings.filter((finding) => !before.has(key(finding))) : [];
    assert.deepEqual(
      [outcome.taken, outcome.first, outcome.added.map(key).sort()],
      [true, !known.matched, added.map(key).sort()],
    );
    known.matched = true;
    known.findings = step.findings.map((finding) => ({
      finding,
      firstSeenMs: before.get(key(finding)) ?? state.nowMs,
    }));
  } else if ('of' in step) {
    const containers = step.of.map(({ artifact, by, level }, index): RunningContainer => {
      const names_ = ARTIFACTS[artifact] ?? { id: digest('else'), imageId: digest('elsewhere') };
      return {
        id: `c${index}`,
        name: `name${index}`,
        hostname: 'n',
        namespace: 'ns',
        pod: 'p',
        image: 'i',
        manifestDigest: by === 'image' ? '' : names_.id,
        imageId: by === 'manifest' ? '' : names_.imageId,
        exposure: { ...UNKNOWN_EXPOSURE, level },
      };
    });
    await store.setRunning('s1', containers);
    state.running = containers;
  } else if ('scopes' in step) {
    state.acceptances = step.scopes.map(
      (scope, index): ApprovedAcceptance => ({
        id: `a${index}`,
        scope,
        kind: 'accept-risk',
        reason: 'because',
        until: new Date(state.nowMs + step.hours * 3_600_000).toISOString(),
      }),
    );
    await store.setAcceptances(state.acceptances);
  } else if ('hours' in step) {
    at.clock.advance(step.hours * 3_600_000);
    state.nowMs += step.hours * 3_600_000;
  } else if ('artifact' in step) {
    const id = ARTIFACTS[step.artifact]?.id ?? '';
    assert.equal(await store.remove(id), state.artifacts.delete(id));
  } else {
    await at.reopen();
  }
}

const facetTexts = (facets: VulnerabilityFacets): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(facets).map(([name, values]) => [
      name,
      values.map(({ value, count }) => `${value} ${count}`).sort(),
    ]),
  );

test('lists, facets and counts are those of a plain list of findings', { timeout: 120_000 }, async () => {
  await using at = await openScans();
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(...ARTIFACTS.map(() => oneKeyEach)),
      fc.array(aStep, { maxLength: 8 }),
      fc.array(aFilter, { minLength: 3, maxLength: 5 }),
      fc.constantFrom(...VULNERABILITY_SORTS),
      fc.integer({ min: 1, max: 3 }),
      async (first, steps, filters, sort, limit) => {
        for (const { id } of ARTIFACTS) await at.current().remove(id);
        await at.current().setRunning('s1', []);
        await at.current().setAcceptances([]);
        const state: NaiveState = {
          artifacts: new Map(),
          running: [],
          acceptances: [],
          nowMs: at.clock.nowMs(),
        };
        for (const [artifact, findings] of first.entries()) {
          await take(at, state, { kind: 'scan', artifact, packages: POOL });
          await take(at, state, { kind: 'match', artifact, findings });
        }
        for (const step of steps) await take(at, state, step);
        const store = at.current();
        for (const filter of [{}, { accepted: true }, ...filters]) {
          const groups = await allPages((n, cursor) => store.vulnerabilities(filter, sort, n, cursor), limit);
          assert.deepEqual(groups, naiveGroups(state, filter, sort));
          assert.deepEqual(facetTexts(await store.facets(filter)), naiveFacets(state, filter));
          const packages = await allPages((n, cursor) => store.vulnerablePackages(filter, n, cursor), limit);
          assert.deepEqual(
            packages.toSorted((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1)),
            naivePackages(state, filter),
          );
          const workloads = await allPages(
            (n, cursor) => store.vulnerableWorkloads(filter, n, cursor),
            limit,
          );
          assert.deepEqual(
            workloads
              .filter(({ artifact }) => artifact !== '')
              .toSorted((a, b) => (a.container < b.container ? -1 : 1)),
            naiveWorkloads(state, filter),
          );
          const artifacts = await allPages(
            (n, cursor) => store.vulnerableArtifacts(filter, n, cursor),
            limit,
          );
          const expected = matching(state, filter);
          assert.deepEqual(
            artifacts.map(({ id, fixable, running }) => [id, fixable, running]).sort(),
            [...new Set(expected.map(({ artifact }) => artifact))]
              .map((artifact) => [
                artifact.id,
                expected.filter((flat) => flat.artifact === artifact && flat.finding.fixed !== '').length,
                runningOf(state, artifact).length,
              ])
              .sort(),
          );
          const of = ARTIFACTS[0]?.id ?? '';
          // The artifact of the question stands in place of the filter's.
          const { artifact: _artifact, ...others } = filter;
          const ofOwn = matching(state, others);
          const own = await allPages(
            (n, c) => store.artifactVulnerabilities(of, { ...others, sort }, n, c),
            limit,
          );
          assert.deepEqual(
            own
              .map(({ id, package: purl, score, firstSeenAt, acceptance }) => [
                id,
                purl,
                score,
                firstSeenAt,
                acceptance,
              ])
              .sort(),
            ofOwn
              .filter(({ artifact }) => artifact.id === of)
              .map(({ finding, firstSeenMs, silencedBy }) => [
                finding.id,
                finding.package,
                finding.score,
                new Date(firstSeenMs).toISOString(),
                silencedBy === 'report' ? '' : silencedBy,
              ])
              .sort(),
          );
        }
        const { artifacts, findings } = await store.counts();
        assert.deepEqual(
          [artifacts, findings],
          [
            state.artifacts.size,
            [...state.artifacts.values()].reduce((sum, one) => sum + one.findings.length, 0),
          ],
        );
      },
    ),
    { numRuns: Number(process.env['GC_TEST_RUNS'] ?? 20) },
  );
});
