// The writing half of the store of scans, and what jobs ask that matches. Runs in a worker thread.
import { renameSync } from 'node:fs';
import type { ScanArtifact, ScanReport, SoftwarePackage } from '@guardcell/core';
import type {
  ApprovedAcceptance,
  ArtifactNames,
  InUseEvidence,
  MatchInput,
  MatchOutcome,
  RunningContainer,
} from '../../scan-ports.ts';
import { onFile } from '../open-database.ts';
import { dropArtifact } from './drop-artifact.ts';
import { identify, keyOfDigest } from './identity.ts';
import { createInterning } from './interning.ts';
import { gradesOf, putInUse, windowOf } from './put-in-use.ts';
import { type MatchesInput, putMatches } from './put-matches.ts';
import { exposureChanges, exposureOfArtifact, putRunning, RUNNING } from './put-running.ts';
import { addNames, putScan } from './put-scan.ts';
import { createScanFile, type Sql } from './scan-file.ts';
import { PART } from './scan-schema.ts';
import { partsOf } from './stored-findings.ts';
import { sweep, sweepNow } from './sweep.ts';

export interface ScanWriter {
  putScan(input: {
    readonly names: ArtifactNames;
    readonly report: ScanReport;
    readonly atMs: number;
  }): string;
  known(digests: readonly string[]): readonly string[];
  touch(input: { readonly names: ArtifactNames; readonly atMs: number }): boolean;
  unmatched(input: { readonly databaseRevision: string; readonly limit: number }): string[];
  matchInput(id: string): MatchInput | undefined;
  putMatches(input: MatchesInput): MatchOutcome;
  putInUse(evidence: readonly InUseEvidence[]): string[];
  setRunning(input: {
    readonly sensor: string;
    readonly containers: readonly RunningContainer[];
    readonly atMs: number;
  }): void;
  exposureChanges(): { id: string; isLess: boolean }[];
  setAcceptances(acceptances: readonly ApprovedAcceptance[]): void;
  remove(id: string): boolean;
  /** `sensors`: all others run nothing any more; undefined while that is not known. */
  dropBefore(input: { readonly beforeMs: number; readonly sensors: readonly string[] | undefined }): number;
  /** Removes what nothing names any more and gives the space back to the disk. */
  compact(): void;
  /** Renames a damaged file; returns its new name. Nobody else may have it open. */
  setAside(stamp: string): string;
  close(): void;
}

/** Share of the file that may lie idle after artifacts were dropped. */
const MOST_UNUSED = 0.3;
const SUFFIXES = ['', '-wal', '-shm'];
/** Artifacts that are removed in one transaction, so that others may write in between. */
const DROPPED_AT_ONCE = 200;
/** Whether to sweep is asked once in so many commits, since counting is not free. */
const SWEEP_EVERY = 100;

export function createScanWriter(path: string): ScanWriter {
  const file = createScanFile(path, true);
  const interning = createInterning();

  /** `change` is of this commit alone. `keep` false: what was written only repeats what can be had again. */
  function write<T>(work: (sql: Sql, change: number) => T, keep = true): T {
    try {
      return file.transaction((sql) => work(sql, bump(sql, 'change')), keep ? 'power-loss' : 'process-crash');
    } catch (thrown) {
      interning.forget();
      throw thrown;
    }
  }

  function compact(): void {
    write((sql) => sweepNow(sql));
    interning.forget();
    file.vacuum();
  }

  return {
    putScan: ({ names, report, atMs }) => write((sql, change) => putScan(sql, names, report, atMs, change)),
    known: (digests) =>
      file.transaction((sql) => digests.filter((digest) => keyOfDigest(sql, digest) !== undefined)),
    touch: ({ names, atMs }) =>
      write((sql, change) => {
        const key = identify(sql, names, change);
        if (key === undefined) return false;
        addNames(sql, key, names, atMs);
        sql.run('UPDATE artifact SET seen_ms = max(seen_ms, ?), change = ? WHERE key = ?', atMs, change, key);
        return true;
      }),
    unmatched: ({ databaseRevision, limit }) =>
      file.transaction((sql) =>
        sql
          .all(
            `SELECT id FROM artifact WHERE database <> ? OR matched <> revision
             ORDER BY key IN ${RUNNING} DESC, matched_ms, key LIMIT ?`,
            databaseRevision,
            limit,
          )
          .map((row) => String(row['id'])),
      ),
    matchInput: (id) => file.transaction((sql) => matchInput(sql, id)),
    putMatches(input) {
      // Matches can be made again from the scan: no need to wait for the disk.
      return write((sql, change) => {
        const outcome = putMatches(sql, interning, input, change);
        if (change % SWEEP_EVERY === 0 && sweep(sql)) interning.forget();
        return outcome;
      }, false);
    },
    putInUse: (evidence) => write((sql, change) => putInUse(sql, evidence, change), false),
    setRunning: ({ sensor, containers, atMs }) =>
      write((sql, change) => {
        if (putRunning(sql, { sensor, containers, atMs }, change)) bump(sql, 'running');
      }, false),
    exposureChanges: () => file.transaction(exposureChanges),
    setAcceptances: (acceptances) =>
      write((sql) => {
        sql.run('DELETE FROM acceptance');
        for (const one of acceptances)
          sql.run('INSERT OR REPLACE INTO acceptance VALUES (?, ?)', one.id, JSON.stringify(one));
        bump(sql, 'acceptances');
      }),
    remove: (id) =>
      write((sql, change) => {
        const key = keyOfDigest(sql, id);
        if (key !== undefined) dropArtifact(sql, key, change);
        return key !== undefined;
      }),
    dropBefore({ beforeMs, sensors }) {
      if (sensors !== undefined) {
        const forgotten = write((sql) => forgetOthers(sql, sensors), false);
        if (forgotten) write((sql) => bump(sql, 'running'), false);
      }
      let dropped = 0;
      for (;;) {
        const some = write((sql, change) => dropSome(sql, beforeMs, change));
        dropped += some;
        if (some < DROPPED_AT_ONCE) break;
      }
      if (dropped > 0 && file.unused() > MOST_UNUSED) compact();
      return dropped;
    },
    compact,
    setAside(stamp) {
      file.close();
      interning.forget();
      const aside = `${path}.corrupt-${stamp}`;
      onFile(path, () => {
        for (const part of SUFFIXES) {
          try {
            renameSync(`${path}${part}`, `${aside}${part}`);
          } catch (thrown) {
            // WAL and index are often not there; the file itself must be.
            if (part === '') throw thrown;
          }
        }
      });
      return aside;
    },
    close: () => file.close(),
  };
}

function bump(sql: Sql, counter: 'change' | 'running' | 'acceptances'): number {
  const row = sql.get('UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value', counter);
  return Number(row?.['value']);
}

function matchInput(sql: Sql, id: string): MatchInput | undefined {
  const key = keyOfDigest(sql, id);
  const row =
    key === undefined ? undefined : sql.get('SELECT id, scan, revision FROM artifact WHERE key = ?', key);
  if (key === undefined || row === undefined) return undefined;
  const window = windowOf(sql, key);
  return {
    id: String(row['id']),
    report: {
      artifact: JSON.parse(String(row['scan'])) as ScanArtifact,
      packages: [...partsOf<SoftwarePackage>(sql, key, PART.packages)].flat(),
    },
    inUse: gradesOf(sql, key),
    window: {
      from: window === undefined ? '' : new Date(window.fromMs).toISOString(),
      to: window === undefined ? '' : new Date(window.toMs).toISOString(),
      containers: window?.containers ?? 0,
    },
    exposure: exposureOfArtifact(sql, key),
    revision: Number(row['revision']),
  };
}

function dropSome(sql: Sql, beforeMs: number, change: number): number {
  const rows = sql.all(
    `SELECT key FROM artifact WHERE seen_ms < ? AND key NOT IN ${RUNNING} LIMIT ?`,
    beforeMs,
    DROPPED_AT_ONCE,
  );
  for (const row of rows) dropArtifact(sql, Number(row['key']), change);
  if (rows.length < DROPPED_AT_ONCE) dropUsage(sql, beforeMs);
  return rows.length;
}

/** Sensors that did not come back run nothing that anybody knows of. */
function forgetOthers(sql: Sql, sensors: readonly string[]): boolean {
  const others = `FROM running WHERE sensor NOT IN (SELECT value FROM json_each(?))`;
  const known = JSON.stringify(sensors);
  if (sql.get(`SELECT 1 ${others} LIMIT 1`, known) === undefined) return false;
  sql.run(`DELETE ${others}`, known);
  return true;
}

/** Evidence of what was never scanned, or is gone. */
function dropUsage(sql: Sql, beforeMs: number): void {
  sql.run(
    'DELETE FROM usage WHERE to_ms < ? AND NOT EXISTS (SELECT 1 FROM alias WHERE digest = subject)',
    beforeMs,
  );
  sql.run(
    'DELETE FROM usage_container WHERE NOT EXISTS (SELECT 1 FROM usage WHERE usage.subject = usage_container.subject)',
  );
}
