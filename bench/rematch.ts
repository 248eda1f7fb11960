// How long everything takes that is stored when a new vulnerability database comes: 1 000 images of 300 packages, by a
// whole platform, with what its API and its memory do meanwhile. Promised: 60 s.
// Run: node bench/rematch.ts [images, default 1000] [packages, default 300]
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { databasePath, openAdvisories } from '@guardcell/advisories';
import type { VulnerabilityData } from '@guardcell/contract';
import type { PackageType, ScanReport, SoftwarePackage } from '@guardcell/core';
import { silentLogger, systemClock } from '@guardcell/kit';
import { openSqliteScanStore } from '@guardcell/store';
import { callApi, eventually, type Platform, startPlatform } from '../tests/support/platform.ts';

const IMAGES = Number(process.argv[2] ?? 1000);
const PACKAGES = Number(process.argv[3] ?? 300);
const SNAPSHOT = resolve(import.meta.dirname, '../content/advisories/snapshot.db.zst');
/** Of the packages of an image so many have a name of which the database says something. */
const NAMED = 0.3;
const LIMIT_S = 60;

const TYPES: Readonly<Record<string, PackageType>> = {
  npm: 'npm',
  PyPI: 'pypi',
  Go: 'golang',
  RubyGems: 'gem',
  Packagist: 'composer',
  Maven: 'maven',
};

/** Repeatable, so that two runs measure the same. */
let seed = 1;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

function namesIn(path: string): readonly { readonly type: PackageType; readonly name: string }[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      'SELECT e.name AS ecosystem, a.name AS name FROM affected a JOIN ecosystems e ON e.id = a.ecosystem',
    )
    .all() as { ecosystem: string; name: string }[];
  database.close();
  return rows.flatMap(({ ecosystem, name }) => {
    const type = TYPES[ecosystem];
    return type === undefined ? [] : [{ type, name }];
  });
}

function reportOf(at: number, names: ReturnType<typeof namesIn>): ScanReport {
  const packages = Array.from({ length: PACKAGES }, (_, index): SoftwarePackage => {
    const known = names[Math.floor(random() * names.length)];
    const { type, name } =
      random() < NAMED && known !== undefined
        ? known
        : { type: 'npm' as const, name: `plain-${Math.floor(random() * 5000)}` };
    const version = `${Math.floor(random() * 4)}.${Math.floor(random() * 20)}.${index % 10}`;
    return {
      name,
      version,
      type,
      purl: `pkg:${type}/${name.replaceAll(':', '/')}@${version}`,
      locations: [{ path: `/app/${name}/package.json`, layer: `sha256:${'1'.repeat(64)}` }],
      licenses: ['MIT'],
    };
  });
  return {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    artifact: {
      kind: 'image',
      name: `registry.example.com/bench/image-${at}:1`,
      digest: '',
      platform: 'linux/amd64',
      layers: [],
      size: 1,
    },
    packages,
    vulnerabilities: [],
    secrets: [],
    misconfigurations: [],
    malware: [],
    licenses: [],
    errors: [],
  };
}

/** The same database under another revision, put in place as an update does. */
function install(source: string, dataDir: string, revision: string): void {
  const target = databasePath(dataDir);
  mkdirSync(join(target, '..'), { recursive: true });
  copyFileSync(source, `${target}.new`);
  const database = new DatabaseSync(`${target}.new`);
  database.prepare("UPDATE meta SET value = ? WHERE key = 'revision'").run(revision);
  database.close();
  renameSync(`${target}.new`, target);
}

interface Child {
  readonly pid: number;
  readonly name: string;
}

function children(platform: Platform): readonly Child[] {
  const found: Child[] = [];
  for (const entry of readdirSync('/proc').filter((word) => /^\d+$/.test(word))) {
    try {
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      const environment = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(environment.slice(environment.lastIndexOf(')') + 2).split(' ')[1]);
      if (command.includes('/apps/server/src/main.ts') && parent === platform.process.pid) {
        found.push({ pid: Number(entry), name: 'server' });
      }
      if (command.includes('/scanning/helper/helper-main.ts') && found.some(({ pid }) => pid === parent)) {
        found.push({ pid: Number(entry), name: 'helper' });
      }
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

function rssMiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Of all of them since they started; 100 ticks a second on every Linux that Node runs on. */
function cpuSeconds(of: readonly Child[]): number {
  return of.reduce((sum, { pid }) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return sum + ((user ?? 0) + (system ?? 0)) / 100;
    } catch {
      return sum;
    }
  }, 0);
}

async function seedStore(dataDir: string, names: ReturnType<typeof namesIn>): Promise<void> {
  const store = await openSqliteScanStore({
    file: join(dataDir, 'scans.sqlite'),
    logger: silentLogger,
    clock: systemClock,
  });
  for (let at = 0; at < IMAGES; at++) {
    const manifestDigest = `sha256:${at.toString(16).padStart(64, '0')}`;
    const report = reportOf(at, names);
    const place = { id: '', manifestDigest, imageId: '', reference: report.artifact.name, registry: '' };
    await store.putScan(place, report, Date.now());
  }
  await store.close();
}

async function idle(platform: Platform, revision: string): Promise<VulnerabilityData> {
  const since = new Date().toISOString();
  return eventually('everything is matched', 300_000, async () => {
    const data = await callApi<VulnerabilityData>(platform, 'GET', '/api/v1/vulnerability-data');
    const { state, artifacts, finishedAt } = data.rematch;
    const isDone =
      data.revision === revision && state === 'idle' && artifacts >= IMAGES && finishedAt > since;
    await sleep(200);
    return isDone ? data : undefined;
  });
}

const folder = mkdtempSync(join(tmpdir(), 'gc-rematch-'));
try {
  const shipped = await openAdvisories({ dataDir: join(folder, 'snapshot'), snapshot: SNAPSHOT });
  const source = shipped.info().path;
  shipped.close();
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const seedMs = performance.now();
  await seedStore(dataDir, namesIn(source));
  console.log(
    `stored ${IMAGES} images of ${PACKAGES} packages in ${((performance.now() - seedMs) / 1000).toFixed(1)} s`,
  );
  install(source, dataDir, 'bench-1');
  await using platform = await startPlatform({ dataDir, args: ['--no-sensor'] });
  const firstMs = performance.now();
  await idle(platform, 'bench-1');
  console.log(`first matching of everything: ${((performance.now() - firstMs) / 1000).toFixed(1)} s`);

  install(source, dataDir, 'bench-2');
  const startMs = performance.now();
  const cpuBefore = cpuSeconds(children(platform));
  const answers: number[] = [];
  const peak = { server: 0, helper: 0 };
  const over = new AbortController();
  const watch = (async () => {
    while (!over.signal.aborted) {
      const before = performance.now();
      await callApi(platform, 'GET', '/api/v1/status');
      answers.push(performance.now() - before);
      for (const { pid, name } of children(platform)) {
        peak[name as 'server' | 'helper'] = Math.max(peak[name as 'server' | 'helper'], rssMiB(pid));
      }
      await sleep(200);
    }
  })();
  await idle(platform, 'bench-2');
  over.abort();
  await watch;
  const seconds = (performance.now() - startMs) / 1000;
  const cpu = cpuSeconds(children(platform)) - cpuBefore;
  const page = await callApi<{ severity: readonly { count: number }[] }>(
    platform,
    'GET',
    '/api/v1/vulnerabilities/facets',
  );
  const findings = page.severity.reduce((sum, { count }) => sum + count, 0);
  const sorted = answers.toSorted((a, b) => a - b);
  const at = (p: number): string => (sorted[Math.floor(sorted.length * p)] ?? 0).toFixed(0);
  console.log(
    `matched again: ${seconds.toFixed(1)} s from the new file to the last artifact (promised ≤ ${LIMIT_S} s)`,
  );
  console.log(
    `CPU used for it: ${cpu.toFixed(1)} s; load of the machine ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
  );
  console.log(`findings: ${findings}; per artifact ${((seconds * 1000) / IMAGES).toFixed(1)} ms`);
  console.log(
    `GET /api/v1/status meanwhile: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms`,
  );
  console.log(
    `memory: server at most ${peak.server.toFixed(0)} MiB, helper at most ${peak.helper.toFixed(0)} MiB`,
  );
  await sleep(25_000);
  const rest = children(platform);
  console.log(
    `at rest: server ${rssMiB(rest.find(({ name }) => name === 'server')?.pid ?? 0).toFixed(0)} MiB, helpers ${rest.filter(({ name }) => name === 'helper').length}`,
  );
  if (seconds > LIMIT_S) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
