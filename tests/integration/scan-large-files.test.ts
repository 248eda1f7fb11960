// Programs and archives that are too large for memory: what is in them is found within the bound, in layers and in folders, and the
// disk space that it takes comes back whatever ends the scan.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScanReport } from '@guardcell/core';
import {
  LARGE_JAR_NAMES,
  largeGoProgram,
  largeJar,
  type StreamedFile,
  streamedTar,
} from '../support/large-files.ts';
import { runCli } from '../support/measured-cli.ts';
import { type Packing, writeStreamedLayout } from '../support/streamed-layout.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-large-'));
const MAX_MIB = 300;
const CLI = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');

after(() => rmSync(FOLDER, { recursive: true, force: true }));

const PROGRAM = { name: 'opt/server', mode: 0o755, make: () => largeGoProgram(250) };
const JAR = { name: 'opt/large.jar', mode: 0o644, make: () => largeJar(470, 60_000) };

async function image(name: string, packing: Packing, ...files: readonly StreamedFile[]): Promise<string> {
  const path = join(FOLDER, name);
  const lowest = { tar: streamedTar(), packing: 'none' } as const;
  await writeStreamedLayout(path, [lowest, ...files.map((file) => ({ tar: streamedTar(file), packing }))]);
  return path;
}

const names = ({ packages }: ScanReport, type: string): readonly string[] =>
  packages
    .filter((one) => one.type === type)
    .map(({ name }) => name)
    .sort();

function assertFound(run: Awaited<ReturnType<typeof runCli>>): void {
  assert.equal(run.code, 0, run.stdout.slice(0, 2000) + run.stderr);
  const report = JSON.parse(run.stdout) as ScanReport;
  assert.deepEqual(report.errors, []);
  assert.deepEqual(names(report, 'maven'), LARGE_JAR_NAMES);
  assert.ok(names(report, 'golang').includes('golang.org/x/net'));
  assert.ok(run.peakMiB <= MAX_MIB, `${run.peakMiB.toFixed(0)} MiB`);
}

for (const packing of ['gzip', 'zstd'] as const) {
  test(`a Go program of 250 MiB and a jar of 500 MiB in ${packing} layers take no more than ${MAX_MIB} MiB`, async (t) => {
    const path = await image(packing, packing, PROGRAM, JAR);
    const run = await runCli([
      'scan',
      'image',
      `oci:${path}`,
      '-o',
      'json',
      '--only',
      'packages',
      '--no-cache',
    ]);
    assertFound(run);
    t.diagnostic(`${run.peakMiB.toFixed(0)} MiB, ${run.seconds.toFixed(1)} s`);
    rmSync(path, { recursive: true });
  });
}

test(`the same in a folder is read where it lies`, async (t) => {
  const path = join(FOLDER, 'tree/opt');
  mkdirSync(path, { recursive: true });
  for (const { name, mode, make } of [PROGRAM, JAR]) {
    const target = createWriteStream(join(FOLDER, 'tree', name), { mode });
    await pipeline(Readable.from(make(), { objectMode: false }), target);
  }
  // Nothing but what is within archives needs room.
  // As large as providers of Terraform are: what is behind its sections takes no room.
  truncateSync(join(FOLDER, 'tree', PROGRAM.name), 800 * 2 ** 20);
  const run = await runCli(['scan', 'fs', join(FOLDER, 'tree'), '-o', 'json', '--only', 'packages']);
  assertFound(run);
  t.diagnostic(`${run.peakMiB.toFixed(0)} MiB, ${run.seconds.toFixed(1)} s`);
  rmSync(join(FOLDER, 'tree'), { recursive: true });
});

test('a scan that is killed while a copy is on disk leaves nothing behind', async () => {
  const path = await image('killed', 'none', JAR);
  const temporary = join(FOLDER, 'temporary');
  mkdirSync(temporary);
  const words = ['scan', 'image', `oci:${path}`, '-o', 'json', '--only', 'packages', '--no-cache'];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...words], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: temporary },
  });
  const ended = new Promise((done) => child.once('close', done));
  try {
    while (child.exitCode === null && !holdsFileIn(temporary, child.pid ?? 0)) await sleep(2);
    assert.equal(child.exitCode, null, 'it ended before a copy was seen');
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
  assert.deepEqual(readdirSync(temporary), []);
  rmSync(path, { recursive: true });
});

/** Whether a process has a file of that folder open, under whatever name it has or had. */
function holdsFileIn(folder: string, pid: number): boolean {
  const descriptors = `/proc/${pid}/fd`;
  if (!existsSync(descriptors)) return false;
  return readdirSync(descriptors).some((name) => {
    try {
      return readlinkSync(join(descriptors, name)).startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
}

test('without room for a copy the file is named with a code, all else is reported, and a later scan has it', async () => {
  const small = { name: 'srv/small.jar', mode: 0o644, make: () => largeJar(0, 10) };
  const large = { name: 'opt/large.jar', mode: 0o644, make: () => largeJar(40, 10) };
  const path = await image('full', 'gzip', small, large, { ...PROGRAM, make: () => largeGoProgram(20) });
  const words = ['scan', 'image', `oci:${path}`, '-o', 'json', '--only', 'packages'];
  const cached = [...words, '--cache-dir', join(path, 'cache')];
  const run = await runCli(cached, { TMPDIR: join(FOLDER, 'nowhere') });
  assert.equal(run.code, 6, run.stderr);
  const report = JSON.parse(run.stdout) as ScanReport;
  assert.deepEqual(report.errors.map(({ code, at }) => [code, at]).sort(), [
    ['GC_FILE_NOT_READ', '/opt/large.jar'],
    ['GC_FILE_NOT_READ', '/srv/small.jar'],
  ]);
  assert.match(report.errors[0]?.message ?? '', /no room in .*nowhere .*TMPDIR/);
  assert.ok(names(report, 'golang').includes('golang.org/x/net'));
  assert.deepEqual(names(report, 'maven'), ['org.example:outer', 'org.example:stored-inner']);
  assertFound(await runCli(cached));
});
