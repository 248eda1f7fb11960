// Measures the store of scans: writing scans and matches, the lists, facets and plan over all findings, size a finding.
// Run: node bench/scan-store.ts [artifacts, default 10 000; each has 300 packages and 100 findings] [folder that is kept;
// when it has scans already, they are asked only]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  IN_USE,
  type ScanReport,
  SEVERITIES,
  type SoftwarePackage,
  UNKNOWN_EXPOSURE,
  type VulnerabilityFinding,
} from '@guardcell/core';
import { processLogger, systemClock } from '@guardcell/kit';
import { openSqliteScanStore, type ScanStore } from '@guardcell/store';

const ARTIFACTS = Number(process.argv[2] ?? 10_000);
const PACKAGES = 300;
const FINDINGS = 100;
const NAMES = 6000;
const VULNERABILITIES = 20_000;
const ROUNDS = 15;

function random(seed: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Skewed: low numbers are frequent, as with base images. */
const pick = (seed: number, of: number): number => Math.floor(random(seed) ** 2 * of);

function packageOf(number: number, version: number): SoftwarePackage {
  const [name, text] = [`libpackage-${number}`, `1:${version}.4.${number % 30}-2+deb12u${version}`];
  const type = number % 4 === 0 ? 'npm' : 'deb';
  return {
    name,
    version: text,
    type,
    purl: `pkg:${type}/debian/${name}@${text}?arch=amd64&distro=debian-12`,
    arch: 'amd64',
    source: { name: `package-${number >> 1}`, version: text },
    locations: [{ path: '/var/lib/dpkg/status', layer: `sha256:${'ab'.repeat(30)}${number % 4}` }],
    licenses: ['MIT', 'GPL-2.0-only'],
  };
}

function findingOf(pkg: SoftwarePackage, v: number, use: number): VulnerabilityFinding {
  const id = `CVE-${2015 + (v % 12)}-${10_000 + v}`;
  const fixed = v % 3 === 0 ? '' : `1:9.9.${v % 50}-1`;
  return {
    id,
    aliases: v % 2 === 0 ? [`GHSA-${v.toString(36).padStart(4, '0')}-aaaa-bbbb`] : [],
    package: pkg.purl,
    packageName: pkg.name,
    installed: pkg.version,
    fixed,
    severity: SEVERITIES[Math.floor(random(v) * 5)] ?? 'info',
    cvss: (v % 100) / 10,
    score: v % 101,
    factors: [
      { name: 'cvss', value: ((v % 100) / 10).toFixed(1), effect: 30 },
      { name: 'epss', value: `${(v % 1000) / 10} % within 30 days`, effect: 3 },
      ...(v % 97 === 0 ? [{ name: 'kev', value: 'exploited, listed 2024-01-01', effect: 25 } as const] : []),
      ...(use === 4 ? [] : [{ name: 'in-use', value: IN_USE[use] ?? '', effect: 6 } as const]),
      ...(fixed === '' ? [] : [{ name: 'fix', value: `fixed in ${fixed}`, effect: 4 } as const]),
    ],
    status: fixed === '' ? 'affected' : 'fixed',
    inUse: IN_USE[use] ?? 'unknown',
    summary: `Reading beyond a buffer in part ${v} of the library lets a sender of crafted data crash it.`,
    references: [`https://example.com/advisories/${id}`, `https://example.org/commit/${v * 7919}`],
    explain: {
      feed: 'debian',
      advisory: id,
      ecosystem: 'Debian:12',
      matchedName: pkg.source?.name ?? '',
      range: `< ${fixed}`,
      comparison: `${pkg.version} < ${fixed} (deb)`,
    },
  };
}

function reportOf(artifact: number): ScanReport {
  const chosen = new Map<number, SoftwarePackage>();
  for (let at = 0; chosen.size < PACKAGES; at += 1) {
    const number = pick(artifact * 1009 + at, NAMES);
    chosen.set(number, packageOf(number, Math.floor(random(artifact + number) * 4)));
  }
  const layers = [0, 1, 2, 3].map((layer) => `sha256:${'ab'.repeat(30)}${layer}`);
  const digest = `sha256:${artifact.toString(16).padStart(64, '0')}`;
  return {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    artifact: {
      kind: 'image',
      name: `image-${artifact}`,
      digest,
      platform: 'linux/amd64',
      layers,
      size: 1e8,
    },
    packages: [...chosen.values()],
    vulnerabilities: [],
    secrets: [],
    misconfigurations: [],
    malware: [],
    licenses: [],
    errors: [],
  };
}

function findingsOf(packages: readonly SoftwarePackage[], artifact: number): VulnerabilityFinding[] {
  const seen = new Map<string, VulnerabilityFinding>();
  for (let at = 0; seen.size < FINDINGS; at += 1) {
    const pkg = packages[at % packages.length];
    if (pkg === undefined) break;
    const of = Number(/\d+/.exec(pkg.name)?.[0] ?? 0);
    const v = (of * 3 + (at % 7)) % VULNERABILITIES;
    seen.set(`${v} ${pkg.purl}`, findingOf(pkg, v, (artifact + of) % 5));
  }
  return [...seen.values()];
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function measure(name: string, ask: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await ask(round);
    times.push(performance.now() - start);
  }
  // Of all threads: tells more than the clock on a busy machine.
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / 1000 / ROUNDS;
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  console.log(
    `${name.padEnd(52)} p50 ${p50.toFixed(1).padStart(7)} ms   p99 ${p99.toFixed(1).padStart(7)} ms   cpu ${cpu.toFixed(1).padStart(6)} ms`,
  );
}

const memory = (): string => `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`;

async function fill(store: ScanStore): Promise<void> {
  const start = performance.now();
  let waiting: Promise<unknown>[] = [];
  let longest = 0;
  for (let artifact = 1; artifact <= ARTIFACTS; artifact += 1) {
    const report = reportOf(artifact);
    const { digest } = report.artifact;
    const names = {
      id: '',
      manifestDigest: digest,
      imageId: '',
      reference: `r.example.com/team-${artifact % 40}/image-${artifact}:1`,
      registry: `registry-${artifact % 3}`,
    };
    waiting.push(
      store.putScan(names, report, Date.now()).then(async (id) => {
        const input = await store.matchInput(id);
        if (input === undefined) throw new Error('the scan is gone');
        const from = performance.now();
        await store.putMatches(input, findingsOf(report.packages, artifact), 'revision-1', Date.now());
        longest = Math.max(longest, performance.now() - from);
      }),
    );
    if (waiting.length >= 8) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${ARTIFACTS} scans of ${PACKAGES} packages written, read and matched: ${seconds.toFixed(1)} s, ${((seconds * 1000) / ARTIFACTS).toFixed(2)} ms each`,
  );
}

async function questions(store: ScanStore): Promise<void> {
  const first = performance.now();
  await store.vulnerabilities({}, 'risk', 50);
  console.log(`first question, index loaded: ${(performance.now() - first).toFixed(0)} ms, rss ${memory()}`);
  const { nextCursor } = await store.vulnerabilities({}, 'risk', 50);
  // A filter of its own each round: none is answered from what the last one made.
  const own = (round: number) => ({ q: `cve-20${15 + (round % 12)}` });
  await measure('vulnerabilities, no filter (list kept)', () => store.vulnerabilities({}, 'risk', 50));
  await measure('vulnerabilities, second page', () => store.vulnerabilities({}, 'risk', 50, nextCursor));
  await measure('vulnerabilities, search', (round) => store.vulnerabilities(own(round), 'risk', 50));
  await measure('vulnerabilities, severity + running + fixable', (round) =>
    store.vulnerabilities(
      { severity: ['critical', 'high'], running: true, fixable: true, q: `${round}` },
      'risk',
      50,
    ),
  );
  await measure('facets, no filter', () => store.facets({}));
  await measure('facets, severity + type', () => store.facets({ severity: ['critical'], type: ['deb'] }));
  await measure('packages', (round) => store.vulnerablePackages(own(round), 50));
  await measure('images', (round) => store.vulnerableArtifacts(own(round), 50));
  await measure('workloads', (round) => store.vulnerableWorkloads(own(round), 50));
  await measure('artifacts by risk', (round) => store.artifacts({ q: `image-${round}` }, 50));
  await measure('fix plan', () => store.fixPlan({}));
  await measure('fix plan, critical', () => store.fixPlan({ severity: ['critical'] }));
  await measure('occurrences of one', (round) =>
    store.occurrences(`CVE-${2015 + (round % 12)}-${10_000 + round}`, {}, 50),
  );
  const id = (artifact: number): string => `sha256:${artifact.toString(16).padStart(64, '0')}`;
  await measure('one artifact', (round) => store.artifact(id(1 + round)));
  await measure('findings of one artifact', (round) => store.artifactVulnerabilities(id(1 + round), {}, 100));
  await measure('packages of one artifact', (round) => store.packages(id(1 + round), {}, 100));
  await measure('list after a write', async (round) => {
    await store.touch(
      { id: '', manifestDigest: id(1 + round), imageId: '', reference: `x:${round}`, registry: '' },
      Date.now(),
    );
    await store.vulnerabilities({}, 'risk', 50);
  });
}

const KEPT = process.argv[3];
const dir = KEPT ?? (await mkdtemp(join(tmpdir(), 'gc-bench-scans-')));
const options = { file: join(dir, 'scans.sqlite'), logger: processLogger(), clock: systemClock };
try {
  console.log(`rss before ${memory()}`);
  let store = await openSqliteScanStore(options);
  if ((await store.counts()).artifacts === 0) await fill(store);
  const containers = Array.from({ length: Math.min(2000, ARTIFACTS) }, (_, at) => ({
    id: at.toString(16).padStart(64, 'c'),
    name: `web-${at}`,
    hostname: `node-${at % 20}`,
    namespace: 'shop',
    pod: `web-${at}`,
    image: `r.example.com/image-${at}:1`,
    manifestDigest: `sha256:${(1 + (at % 700)).toString(16).padStart(64, '0')}`,
    imageId: '',
    exposure: UNKNOWN_EXPOSURE,
  }));
  await store.setRunning('sensor-1', containers);
  await store.close();
  store = await openSqliteScanStore(options);
  console.log(`opened again, rss ${memory()}`);
  await questions(store);
  const { artifacts, findings, sizeBytes } = await store.counts();
  console.log(
    `${artifacts} artifacts, ${findings} findings, ${(sizeBytes / 2 ** 20).toFixed(0)} MiB: ${(sizeBytes / findings).toFixed(0)} bytes a finding with its share of ${PACKAGES} packages, rss ${memory()}`,
  );
  await store.close();
} finally {
  if (KEPT === undefined) await rm(dir, { recursive: true });
}
