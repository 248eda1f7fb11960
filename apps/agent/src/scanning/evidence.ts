// Which files were in use in which container, since when, and what may have been missed. Every change is in a journal before the
// sensor is told that its events may be forgotten, so a killed agent goes on where it was.
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorFacts, type Logger, systemErrorCode } from '@guardcell/kit';
import { isStronger, type TouchedFile, type TouchGrade } from '@guardcell/vuln/in-use';
import type { TouchedInContainer } from './touched-files.ts';

/** Paths of one container, of all, and containers that are kept. Beyond that files count as lost. */
const PATHS_MAX = 8000;
const ALL_PATHS_MAX = 60_000;
const CONTAINERS_MAX = 2000;
const JOURNAL_MAX_BYTES = 8 * 1024 * 1024;

/** By which the scan of a container's image is found. */
export interface ImageKey {
  readonly manifestDigest: string;
  readonly imageId: string;
}

export interface ContainerEvidence {
  readonly id: string;
  /** Observed since, ms since 1970. */
  readonly fromMs: number;
  readonly image: ImageKey | undefined;
  /** Events and files that were not noted since the last upload. */
  readonly lost: number;
  readonly isGone: boolean;
  /** Whether something changed since `uploaded`. */
  readonly isChanged: boolean;
  /** Grows with every change. */
  readonly version: number;
  files(): Iterable<TouchedFile>;
}

export interface Evidence {
  /** In the journal when it returns. */
  note(files: readonly TouchedInContainer[]): void;
  setImage(id: string, image: ImageKey): void;
  /** So many files in use of this container were missed; undefined: it may be of each. In the journal when it returns. */
  noteLost(count: number, id?: string): void;
  gone(id: string): void;
  /** A container that was stopped runs again. */
  back(id: string): void;
  list(): readonly ContainerEvidence[];
  /** The server has what was listed with this version; what is gone is forgotten. */
  uploaded(id: string, version: number, lost: number): void;
  /** The container is to be uploaded again though nothing was touched: its packages are known now, or others. */
  renew(id: string): void;
  /** Forgets all paths of a container but these. */
  keepOnly(id: string, paths: ReadonlySet<string>): void;
  forget(id: string): void;
  close(): void;
}

interface Touch {
  grade: TouchGrade;
  lastMs: number;
}

interface Kept {
  fromMs: number;
  image: ImageKey | undefined;
  lost: number;
  isGone: boolean;
  version: number;
  uploaded: number;
  readonly files: Map<string, Touch>;
}

const GRADES: readonly TouchGrade[] = ['executed', 'loaded', 'opened'];

/** A line of the journal: container, what, two values. */
type Line = readonly [
  string,
  'f' | 'i' | 'l' | 'g' | 'b' | 'x' | 0 | 1 | 2,
  (number | string)?,
  (number | string)?,
];

export function openEvidence(folder: string, nowMs: () => number, logger: Logger): Evidence {
  const file = join(folder, 'in-use.journal');
  const containers = new Map<string, Kept>();
  let paths = 0;
  let bytes = 0;
  let fd: number | undefined;
  let canLog = true;

  function keep(id: string, fromMs: number): Kept | undefined {
    const known = containers.get(id);
    if (known !== undefined) return known;
    if (containers.size >= CONTAINERS_MAX) return undefined;
    const kept: Kept = {
      fromMs,
      image: undefined,
      lost: 0,
      isGone: false,
      version: 1,
      uploaded: 0,
      files: new Map(),
    };
    containers.set(id, kept);
    return kept;
  }

  function put(kept: Kept, path: string, grade: TouchGrade, lastMs: number): boolean {
    const known = kept.files.get(path);
    if (known === undefined) {
      if (kept.files.size >= PATHS_MAX || paths >= ALL_PATHS_MAX) {
        kept.lost++;
        return false;
      }
      kept.files.set(path, { grade, lastMs });
      paths++;
      return true;
    }
    if (isStronger(known.grade, grade)) return false;
    known.grade = grade;
    known.lastMs = Math.max(known.lastMs, lastMs);
    return true;
  }

  function drop(id: string): void {
    paths -= containers.get(id)?.files.size ?? 0;
    containers.delete(id);
  }

  /** Any line may be of a damaged file. */
  function replay([id, what, a, b]: Line): void {
    if (typeof id !== 'string') return;
    if (what === 'x') return drop(id);
    const kept = keep(id, typeof a === 'number' && what === 'f' ? a : nowMs());
    if (kept === undefined) return;
    if (what === 'i') kept.image = { manifestDigest: String(a), imageId: String(b) };
    else if (what === 'l') kept.lost += Number(a) || 0;
    else if (what === 'g' || what === 'b') kept.isGone = what === 'g';
    else if (typeof what === 'number' && typeof b === 'string') {
      put(kept, b, GRADES[what] ?? 'opened', Number(a) || 0);
    }
  }

  function load(): void {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (thrown) {
      if (systemErrorCode(thrown) !== 'ENOENT') {
        logger.warn('what was in use before cannot be read; it is observed anew', { ...errorFacts(thrown) });
      }
      return;
    }
    for (const line of text.split('\n')) {
      try {
        if (line !== '') replay(JSON.parse(line) as Line);
      } catch {
        // The last line of a process that was killed.
      }
    }
  }

  function* lines(): Iterable<Line> {
    for (const [id, kept] of containers) {
      yield [id, 'f', kept.fromMs];
      if (kept.image !== undefined) yield [id, 'i', kept.image.manifestDigest, kept.image.imageId];
      if (kept.lost > 0) yield [id, 'l', kept.lost];
      if (kept.isGone) yield [id, 'g'];
      for (const [path, { grade, lastMs }] of kept.files) {
        yield [id, GRADES.indexOf(grade) as 0 | 1 | 2, lastMs, path];
      }
    }
  }

  function failed(thrown: unknown): void {
    if (canLog) logger.warn('what is in use is not kept over a restart', { ...errorFacts(thrown) });
    canLog = false;
  }

  /** The whole state instead of its history. */
  function rewrite(): void {
    try {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
      const text = [...lines()].map((line) => `${JSON.stringify(line)}\n`).join('');
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      bytes = Buffer.byteLength(text);
      fd = openSync(file, 'a', 0o600);
    } catch (thrown) {
      failed(thrown);
    }
  }

  function append(added: readonly Line[]): void {
    if (added.length === 0) return;
    const text = added.map((line) => `${JSON.stringify(line)}\n`).join('');
    bytes += Buffer.byteLength(text);
    if (bytes > JOURNAL_MAX_BYTES) return rewrite();
    try {
      if (fd !== undefined) writeSync(fd, text);
      canLog = true;
    } catch (thrown) {
      failed(thrown);
    }
  }

  load();
  rewrite();

  return {
    note(files) {
      const added: Line[] = [];
      for (const { containerId, grade, path, lastMs } of files) {
        const isNew = !containers.has(containerId);
        const kept = keep(containerId, lastMs);
        if (kept === undefined) continue;
        if (isNew) added.push([containerId, 'f', lastMs]);
        const lostBefore = kept.lost;
        if (put(kept, path, grade, lastMs)) {
          added.push([containerId, GRADES.indexOf(grade) as 0 | 1 | 2, lastMs, path]);
        } else if (kept.lost === lostBefore) continue;
        else added.push([containerId, 'l', 1]);
        kept.version++;
      }
      append(added);
    },
    setImage(id, image) {
      const kept = containers.get(id);
      if (kept === undefined) return;
      if (kept.image?.manifestDigest === image.manifestDigest && kept.image.imageId === image.imageId) return;
      kept.image = image;
      kept.version++;
      append([[id, 'i', image.manifestDigest, image.imageId]]);
    },
    noteLost(count, id) {
      const added: Line[] = [];
      if (id !== undefined && !containers.has(id) && keep(id, nowMs()) !== undefined)
        added.push([id, 'f', nowMs()]);
      for (const [each, kept] of containers) {
        if (id === undefined ? kept.isGone : id !== each) continue;
        kept.lost += count;
        kept.version++;
        added.push([each, 'l', count]);
      }
      append(added);
    },
    gone(id) {
      const kept = containers.get(id);
      if (kept === undefined || kept.isGone) return;
      kept.isGone = true;
      kept.version++;
      append([[id, 'g']]);
    },
    back(id) {
      const kept = containers.get(id);
      if (kept === undefined || !kept.isGone) return;
      kept.isGone = false;
      append([[id, 'b']]);
    },
    list: () =>
      [...containers].map(([id, kept]) => ({
        id,
        fromMs: kept.fromMs,
        image: kept.image,
        lost: kept.lost,
        isGone: kept.isGone,
        isChanged: kept.version !== kept.uploaded,
        version: kept.version,
        *files() {
          for (const [path, { grade, lastMs }] of kept.files) yield { path, grade, lastMs };
        },
      })),
    uploaded(id, version, lost) {
      const kept = containers.get(id);
      if (kept === undefined) return;
      kept.uploaded = version;
      if (lost > 0) {
        kept.lost -= lost;
        append([[id, 'l', -lost]]);
      }
      if (!kept.isGone || kept.version !== version) return;
      drop(id);
      append([[id, 'x']]);
    },
    renew(id) {
      const kept = containers.get(id);
      if (kept !== undefined) kept.version++;
    },
    keepOnly(id, kept) {
      const files = containers.get(id)?.files;
      for (const path of files?.keys() ?? []) {
        if (kept.has(path)) continue;
        files?.delete(path);
        paths--;
      }
    },
    forget(id) {
      if (!containers.has(id)) return;
      drop(id);
      append([[id, 'x']]);
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}
