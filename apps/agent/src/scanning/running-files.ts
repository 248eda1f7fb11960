// What processes that run already have in use: their programs, the code that is mapped, archives that are open. For processes
// that are older than the sensor, and for loaders that the kernel maps itself.
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { procStat } from '@guardcell/kit';
import { containerIdOfPath } from '@guardcell/sensor';
import { canBeOwned, type TouchedInContainer } from './touched-files.ts';

/** A process may map very many files; what is beyond this is not looked at. */
const MAPS_MAX_BYTES = 2 * 1024 * 1024;
const DESCRIPTORS_MAX = 512;
const PROCESSES_MAX = 32_768;
const CODE_ARCHIVE = /\.(?:jar|war|ear|phar|egg|dll)$/;

/** Processes that were looked at, by pid and time of start. */
export type SeenProcesses = Map<number, string>;

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readStart(path: string, max: number): string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return '';
  }
  const chunks: Buffer[] = [];
  try {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    for (let size = 0; size < max; ) {
      const count = readSync(fd, buffer);
      if (count === 0) break;
      size += count;
      chunks.push(Buffer.from(buffer.subarray(0, count)));
    }
  } catch {
    // It ended meanwhile.
  } finally {
    closeSync(fd);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Files that are mapped as code, by the text of /proc/PID/maps. */
export function mappedCode(maps: string): readonly string[] {
  const files = new Set<string>();
  for (const line of maps.split('\n')) {
    const path = /^[0-9a-f]+-[0-9a-f]+ ..x. \S+ \S+ [1-9]\d* +(\/.*)$/.exec(line)?.[1];
    if (path !== undefined && !path.endsWith(' (deleted)')) files.add(path.replaceAll('\\012', '\n'));
  }
  return [...files];
}

/** Whether a runtime of this host has, or may have, a container with this id. */
type IsKnown = (id: string) => boolean;

function containerOf(cgroups: string, isKnown: IsKnown): string {
  for (const line of cgroups.split('\n')) {
    const id = containerIdOfPath(line.slice(line.indexOf(':', line.indexOf(':') + 1) + 1), isKnown);
    if (id !== '') return id;
  }
  return 'host';
}

function openArchives(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(`${folder}/fd`);
  } catch {
    return [];
  }
  const found = names.slice(0, DESCRIPTORS_MAX).map((name) => link(`${folder}/fd/${name}`));
  return found.filter((path) => path.startsWith('/') && CODE_ARCHIVE.test(path));
}

/** Nothing for threads of the kernel, and for processes that have ended. */
export function filesOfProcess(
  folder: string,
  nowMs: number,
  isKnown: IsKnown = () => true,
): readonly TouchedInContainer[] {
  const program = link(`${folder}/exe`);
  if (program === '') return [];
  const containerId = containerOf(readText(`${folder}/cgroup`), isKnown);
  const files: TouchedInContainer[] = [];
  const add = (path: string, grade: TouchedInContainer['grade']): void => {
    if (canBeOwned(grade, path)) files.push({ containerId, path, grade, lastMs: nowMs });
  };
  if (!program.endsWith(' (deleted)')) add(program, 'executed');
  for (const path of mappedCode(readStart(`${folder}/maps`, MAPS_MAX_BYTES))) {
    if (path !== program) add(path, 'loaded');
  }
  for (const path of openArchives(folder)) add(path, 'opened');
  return files;
}

/**
 * When a process started, in ticks since boot, which with its pid names it; empty when it has ended.
 * @param folder `/proc/PID`
 */
export function startOfProcess(folder: string): string {
  return procStat(readText(`${folder}/stat`)).fields[19] ?? '';
}

/** Looks at every process that was not looked at before, one after the other, with pauses. */
export async function* filesOfRunning(
  seen: SeenProcesses,
  excluded: ReadonlySet<number>,
  nowMs: () => number,
  isKnown: IsKnown = () => true,
  root = '/proc',
): AsyncGenerator<readonly TouchedInContainer[], void, void> {
  const running = new Set<number>();
  for (const name of readdirSync(root)) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid <= 0) continue;
    running.add(pid);
    if (excluded.has(pid)) continue;
    const start = startOfProcess(`${root}/${name}`);
    if (start === '' || seen.get(pid) === start) continue;
    if (seen.size < PROCESSES_MAX) seen.set(pid, start);
    const files = filesOfProcess(`${root}/${name}`, nowMs(), isKnown);
    if (files.length > 0) yield files;
    await setImmediate();
  }
  for (const pid of seen.keys()) if (!running.has(pid)) seen.delete(pid);
}
