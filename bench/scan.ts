// The promises of SPECIFICATION.md that concern scans: time and memory of a Debian image cold and cached, a large SBOM, the
// database, and layers that are made to hurt. Usage: node bench/scan.ts [folder of feeds, default ../shared/feeds]
// Needs root and a mirror of Debian for the first run, which makes the image; later runs find it. Takes about three minutes.
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDatabase } from '@guardcell/advisories/open';
import type { ScanReport } from '@guardcell/core';
import { matchPackages } from '@guardcell/vuln';
import { debianRoot } from '../tests/support/debian-root.ts';
import { jarBomb, manyFiles, oneFile, sparseBomb, zeroBomb } from '../tests/support/hostile-layers.ts';
import { largeGoProgram, largeJar, streamedTar } from '../tests/support/large-files.ts';
import { type CliRun, measureCli, runCli } from '../tests/support/measured-cli.ts';
import { type LayerInput, type WrittenLayer, writeStreamedLayout } from '../tests/support/streamed-layout.ts';
import { writeDebianFeed } from './scan/debian-feed.ts';
import { writeLargeSbom } from './scan/large-sbom.ts';

const FEEDS = resolve(process.argv[2] ?? join(import.meta.dirname, '../../shared/feeds'));
const FOLDER = mkdtempSync(join(tmpdir(), 'gc-bench-scan-'));
const DATABASE = join(FOLDER, 'advisories.db');
const SBOM_PACKAGES = 12_000;

function row(name: string, figures: string, goal = ''): void {
  process.stdout.write(`${name.padEnd(50)} ${figures.padEnd(58)} ${goal}\n`);
}

/** Wall time, processor time (which a busy machine does not change much), peak memory. */
function costs({ seconds, cpuSeconds, peakMiB }: CliRun): string {
  return `${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s CPU), ${peakMiB.toFixed(0)} MiB`;
}

async function layout(name: string, ...layers: readonly LayerInput[]): Promise<readonly WrittenLayer[]> {
  return writeStreamedLayout(join(FOLDER, name), layers);
}

function words(name: string, ...more: readonly string[]): readonly string[] {
  return ['scan', 'image', `oci:${join(FOLDER, name)}`, '-o', 'json', '--db', DATABASE, ...more];
}

const ONLY = ['--only', 'packages,vulnerabilities'];

async function database(installed: readonly string[]): Promise<void> {
  const feeds = join(FOLDER, 'feeds');
  mkdirSync(feeds);
  for (const name of readdirSync(FEEDS)) symlinkSync(join(FEEDS, name), join(feeds, name));
  const made = writeDebianFeed(join(feeds, 'debian.json'), installed);
  const build = await measureCli(['db', 'build', '--feeds', feeds, '--db', DATABASE], { runs: 1 });
  row(`database: all feeds, ${made} made-up rows of Debian`, costs(build), '≤ 60 s');
  const opened: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    const before = performance.now();
    const open = openDatabase(DATABASE);
    opened.push(performance.now() - before);
    open.close();
  }
  row('database: opened, slowest of 20', `${Math.max(...opened).toFixed(1)} ms`, '≤ 50 ms');
}

async function debian(): Promise<void> {
  const tar = await debianRoot('bookworm');
  const read = (): AsyncIterable<Buffer> => createReadStream(tar, { highWaterMark: 2 ** 20 });
  const [layer] = await layout('debian', { tar: read(), packing: 'gzip' });
  const found = JSON.parse(
    (
      await measureCli(
        ['scan', 'image', `oci:${join(FOLDER, 'debian')}`, '-o', 'json', '--no-cache', '--only', 'packages'],
        { runs: 1 },
      )
    ).stdout,
  ) as ScanReport;
  await database([...new Set(found.packages.map((one) => one.source?.name ?? one.name))]);
  const cold = await measureCli(words('debian', '--no-cache', ...ONLY));
  const report = JSON.parse(cold.stdout) as ScanReport;
  row(
    'image: Debian 12, minimal, one gzip layer',
    `${((layer?.bytes ?? 0) / 1e6).toFixed(0)} MB, ${report.packages.length} packages, ${report.vulnerabilities.length} vulnerabilities`,
  );
  row('  packages, vulnerabilities: cold', costs(cold), '≤ 3 s, ≤ 150 MiB');
  const cache = ['--cache-dir', join(FOLDER, 'cache')];
  await runCli(words('debian', ...cache, ...ONLY));
  row(
    '  packages, vulnerabilities: cached',
    costs(await measureCli(words('debian', ...cache, ...ONLY))),
    '≤ 0.3 s, ≤ 150 MiB',
  );
  row('  everything: cold', costs(await measureCli(words('debian', '--no-cache'))), '≤ 6 s');
  await runCli(words('debian', ...cache));
  row('  everything: cached', costs(await measureCli(words('debian', ...cache))));
  await layout('zstd', { tar: read(), packing: 'zstd' });
  row(
    '  packages, vulnerabilities: cold, zstd layer',
    costs(await measureCli(words('zstd', '--no-cache', ...ONLY))),
  );
  await layout('twice', { tar: read(), packing: 'gzip' }, { tar: read(), packing: 'gzip' });
  row(
    '  packages, vulnerabilities: cold, two such layers',
    costs(await measureCli(words('twice', '--no-cache', ...ONLY))),
  );
}

async function largeSbom(): Promise<void> {
  const file = join(FOLDER, 'large.cdx.json');
  writeLargeSbom(file, DATABASE, SBOM_PACKAGES);
  const run = await measureCli(['scan', 'sbom', file, '-o', 'json', '--db', DATABASE, ...ONLY], { runs: 3 });
  const report = JSON.parse(run.stdout) as ScanReport;
  row(
    `SBOM of ${report.packages.length} packages: scan`,
    `${costs(run)}, ${report.vulnerabilities.length} findings`,
    '≤ 2 s',
  );
  const open = openDatabase(DATABASE);
  const before = performance.now();
  matchPackages(report.packages, undefined, open);
  row('  matching alone, first time in a process', `${((performance.now() - before) / 1000).toFixed(2)} s`);
  open.close();
}

/** A scan of an image with one good layer and a hostile one above it: what is said of it, and what it took. */
async function hostile(name: string, code: number, goal: string, layer: LayerInput): Promise<void> {
  const good = {
    tar: oneFile('app/node_modules/kept/package.json', Buffer.from('{"name":"kept","version":"1.0.0"}')),
    packing: 'none',
  } as const;
  const written = await layout(name, good, layer);
  const run = await measureCli(words(name, '--no-cache', '--only', 'packages'), { runs: 1, code });
  const { errors, packages } = JSON.parse(run.stdout) as ScanReport;
  const told = [...new Set(errors.map((error) => error.code))].join(', ');
  const kept = packages.some((one) => one.name === 'kept') ? '' : ', the good layer is lost';
  row(
    `${name} (${((written[1]?.size ?? 0) / 1e6).toFixed(1)} MB stored)`,
    `${costs(run)}, exit ${run.code} ${told}${kept}`,
    goal,
  );
  rmSync(join(FOLDER, name), { recursive: true });
}

try {
  await debian();
  await largeSbom();
  const bound = '≤ 300 MiB';
  await hostile('3 000 000 tiny files', 0, bound, { tar: manyFiles(3_000_000), packing: 'zstd' });
  await hostile('5 100 000 tiny files', 6, bound, { tar: manyFiles(5_100_000), packing: 'zstd' });
  await hostile('gzip bomb', 6, bound, { stored: zeroBomb('gzip', 16), packing: 'gzip' });
  await hostile('zstd bomb', 6, bound, { stored: zeroBomb('zstd', 16), packing: 'zstd' });
  await hostile('zip bomb in a jar', 6, bound, { tar: oneFile('app/bomb.jar', jarBomb()), packing: 'none' });
  const program = { name: 'opt/server', mode: 0o755, make: () => largeGoProgram(250) };
  const jar = { name: 'opt/large.jar', mode: 0o644, make: () => largeJar(470, 60_000) };
  await hostile('Go program of 250 MiB', 0, bound, { tar: streamedTar(program), packing: 'gzip' });
  await hostile('jar of 500 MiB with archives in it', 0, bound, { tar: streamedTar(jar), packing: 'zstd' });
  await hostile('files of holes', 6, bound, { tar: sparseBomb(100_000), packing: 'gzip' });
} finally {
  rmSync(FOLDER, { recursive: true, force: true });
}
