// Compiles packages/sensor/bpf into the committed CO-RE object and records the hashes of sources and object.
// `--check` verifies that the committed object belongs to the sources, and rebuilds to compare where clang is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CodedError } from '@guardcell/kit';
import { generateAbi } from './generate-abi.ts';

const SOURCES = fileURLToPath(new URL('../bpf/', import.meta.url));
/** The sensor itself, and a program of two instructions that finds out whether BPF LSM works. */
const NAMES = ['sensor', 'probe-lsm'] as const;
const OBJECT = objectPath('sensor');
const HASHES = `${OBJECT}.sha256`;
const FLAGS = '-O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -Wall -Werror -Wno-unused-function'.split(' ');
const PACKAGES = ['clang', 'llvm', 'libbpf-dev'];

export interface BuildResult {
  readonly ok: boolean;
  readonly detail: string;
}

function objectPath(name: string): string {
  return join(SOURCES, 'dist', `${name}.bpf.o`);
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function sourceHash(): string {
  const hash = createHash('sha256');
  const files = readdirSync(SOURCES).filter((name) => name.endsWith('.c') || name.endsWith('.h'));
  for (const name of files.toSorted()) hash.update(`${name}\0`).update(readFileSync(join(SOURCES, name)));
  return hash.digest('hex');
}

function objectHash(paths: readonly string[] = NAMES.map(objectPath)): string {
  return sha256(paths.map((path) => sha256(readFileSync(path))).join(' '));
}

function has(tool: string): boolean {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0;
}

function compilerVersion(): string {
  return (
    /clang version (\S+)/.exec(spawnSync('clang', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ??
    ''
  );
}

function run(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.status === 0) return;
  throw new CodedError('GC_BUILD_BPF_FAILED', `${command} failed`, {
    at: SOURCES,
    hint: (done.stderr || done.error?.message || '').slice(0, 4000),
  });
}

/** Makes sure that clang, llvm-strip and the libbpf headers are there; installs them with apt when root. */
function ensureTools(): void {
  const headers = readFileSyncOrEmpty('/usr/include/bpf/bpf_helpers.h') !== '';
  if (has('clang') && has('llvm-strip') && headers) return;
  const command = `apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`;
  if (process.getuid?.() !== 0 || !has('apt-get')) {
    throw new CodedError('GC_BUILD_BPF_NO_CLANG', 'clang, llvm-strip or the libbpf headers are missing', {
      hint: `Run as root: ${command}`,
    });
  }
  run('apt-get', ['update', '-q']);
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...PACKAGES]);
}

function readFileSyncOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function compile(name: string, target: string): void {
  // both paths are fixed, so that the object is the same wherever the repository lies and wherever this is run
  run('clang', [
    ...FLAGS,
    `-ffile-prefix-map=${SOURCES}=`,
    '-fdebug-compilation-dir=.',
    '-c',
    join(SOURCES, `${name}.bpf.c`),
    '-o',
    target,
  ]);
  run('llvm-strip', ['-g', target]);
}

function recorded(): { sources: string; object: string; clang: string } {
  const text = readFileSyncOrEmpty(HASHES);
  const value = (name: string): string => new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? '';
  return { sources: value('sources'), object: value('object'), clang: value('clang') };
}

/**
 * Builds the object and its layout file, or checks the committed ones.
 * @throws CodedError GC_BUILD_BPF_NO_CLANG, GC_BUILD_BPF_FAILED
 */
function buildBpf(options: { readonly check?: boolean } = {}): BuildResult {
  if (options.check === true) return check();
  ensureTools();
  mkdirSync(join(SOURCES, 'dist'), { recursive: true });
  for (const name of NAMES) compile(name, objectPath(name));
  writeFileSync(
    HASHES,
    `sources ${sourceHash()}
object ${objectHash()}
clang ${compilerVersion()}
`,
  );
  generateAbi({ check: false });
  return { ok: true, detail: `built ${NAMES.map(objectPath).join(', ')}` };
}

function check(): BuildResult {
  const known = recorded();
  if (known.sources !== sourceHash()) return { ok: false, detail: 'the object was built from other sources' };
  if (known.object !== objectHash()) return { ok: false, detail: 'the object is not the recorded one' };
  if (!generateAbi({ check: true }))
    return { ok: false, detail: 'layout.generated.ts does not match the object' };
  if (!has('clang') || !has('llvm-strip') || compilerVersion() !== known.clang) {
    return { ok: true, detail: `hashes match (not rebuilt: clang ${known.clang} is not here)` };
  }
  const folder = mkdtempSync(join(tmpdir(), 'guardcell-bpf-'));
  try {
    const again = NAMES.map((name) => join(folder, `${name}.bpf.o`));
    for (const [index, name] of NAMES.entries()) compile(name, again[index] ?? '');
    const same = objectHash(again) === known.object;
    return {
      ok: same,
      detail: same ? 'hashes match and a rebuild is identical' : 'a rebuild gives another object',
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const result = buildBpf({ check: process.argv.includes('--check') });
    process.stderr.write(`${result.detail}\n`);
    process.exitCode = result.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n${error.hint}\n`);
    process.exitCode = 1;
  }
}
