// Measures the vulnerability database: building it from a folder of feeds, its size, opening it, looking up.
// Run: node bench/advisories.ts [folder of feeds, default ../shared/feeds]

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { buildDatabase, findInputs, openDatabase } from '@guardcell/advisories';

const FEEDS = resolve(process.argv[2] ?? join(import.meta.dirname, '../../shared/feeds'));
const LOOKUPS = 20_000;

function report(what: string, value: number, unit: string, goal = ''): void {
  process.stdout.write(`${what.padEnd(34)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(6)} ${goal}\n`);
}

const folder = await mkdtemp(join(tmpdir(), 'guardcell-bench-'));
try {
  const target = join(folder, 'advisories.db');
  const { inputs } = findInputs(FEEDS);
  const started = performance.now();
  const built = await buildDatabase({
    target,
    inputs,
    builtAt: new Date().toISOString(),
    origin: 'built',
    texts: true,
  });
  report('build', (performance.now() - started) / 1000, 's', 'goal ≤ 60');
  report('peak memory of the build', process.resourceUsage().maxRSS / 1024, 'MiB');
  report('size', (await stat(target)).size / 1e6, 'MB');
  report('size packed (zstd)', zstdCompressSync(readFileSync(target)).length / 1e6, 'MB');
  report('packages', built.packages, '');
  report('vulnerabilities', built.vulnerabilities, '');
  const opening = performance.now();
  const database = openDatabase(target);
  report('open', performance.now() - opening, 'ms', 'goal ≤ 50');
  const plain = new DatabaseSync(target, { readOnly: true });
  const keys = plain
    .prepare(
      'SELECT e.name AS ecosystem, a.name AS name FROM affected a JOIN ecosystems e ON e.id = a.ecosystem ORDER BY a.name',
    )
    .all() as { ecosystem: string; name: string }[];
  plain.close();
  const timed = (what: string, count: number, look: (at: number) => void): void => {
    const from = performance.now();
    for (let at = 0; at < count; at += 1) look(at);
    report(what, ((performance.now() - from) * 1000) / count, 'µs');
  };
  const keyAt = (at: number) => keys[(at * 7919) % keys.length] ?? { ecosystem: '', name: '' };
  let entries = 0;
  timed('look-up of a package, found', LOOKUPS, (at) => {
    const { ecosystem, name } = keyAt(at);
    entries += database.affected(ecosystem, name).length;
  });
  report('  entries of each on average', entries / LOOKUPS, '');
  timed('look-up of a package, not found', LOOKUPS, (at) => void database.affected('npm', `absent-${at}`));
  const ids = keys
    .slice(0, 2000)
    .flatMap(({ ecosystem, name }) => database.affected(ecosystem, name).map((entry) => entry.vulnerability));
  timed('facts of a vulnerability', LOOKUPS, (at) => void database.facts(ids[at % ids.length] ?? ''));
  report('memory at the end', process.memoryUsage.rss() / 2 ** 20, 'MiB');
  database.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
