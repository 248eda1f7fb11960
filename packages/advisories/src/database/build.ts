// Builds the database file from files of feeds; the old file stays in place until the new one is complete.
import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CodedError, errorFacts, makeFolder } from '@guardcell/kit';
import type { FactsPart, FeedSpec } from '../feed.ts';
import { mergeFacts } from './merge-facts.ts';
import { packGroup, packObject } from './pack.ts';
import { type FeedState, SCHEMA_VERSION, STAGING, TABLES } from './schema.ts';
import { type Counts, createStage, type Stage } from './stage.ts';

export interface FeedInput {
  readonly spec: FeedSpec;
  readonly files: readonly string[];
  /** Read in place of `files` when those cannot be. */
  readonly older?: readonly string[];
  readonly date: string;
  /** Why the newest data is not among the files, when fetching it failed. */
  readonly problem?: FeedState['problem'];
}

export interface BuildOptions {
  readonly target: string;
  readonly inputs: readonly FeedInput[];
  /** ISO 8601. */
  readonly builtAt: string;
  readonly origin: 'built' | 'snapshot';
  /** Summaries written by people; false for what ships with the project. */
  readonly texts: boolean;
  onFeed?(state: FeedState): void;
}

export interface BuildReport {
  readonly revision: string;
  readonly feeds: readonly FeedState[];
  readonly packages: number;
  readonly vulnerabilities: number;
}

const NOTHING: Counts = { records: 0, affected: 0, facts: 0, skipped: {} };

async function digest(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function readFeed(stage: Stage, input: FeedInput, origin: BuildOptions['origin']): Promise<FeedState> {
  const { spec } = input;
  const only = origin === 'snapshot' ? spec.shipsOnly : undefined;
  const facts = {
    name: spec.name,
    title: spec.title,
    licence: spec.licence,
    home: spec.home,
    date: input.date,
  };
  let problem = input.problem;
  for (const [attempt, files] of [input.files, input.older ?? []].entries()) {
    if (files.length === 0) continue;
    try {
      const counts = await stage.read(spec, files, only);
      if (counts.records > 0 && counts.affected + counts.facts === 0) {
        throw new CodedError('GC_FEED_EMPTY', 'none of the records could be used', {
          at: basename(files[0] ?? ''),
        });
      }
      const sha256 = await digest(files);
      return {
        ...facts,
        ...counts,
        sha256,
        ...(attempt > 0 ? { usedOlder: true } : {}),
        ...(problem === undefined ? {} : { problem }),
      };
    } catch (error) {
      stage.forget(spec);
      const { code, message, at } = errorFacts(error);
      problem ??= { code, message, at };
    }
  }
  return { ...facts, ...NOTHING, sha256: '', ...(problem === undefined ? {} : { problem }) };
}

function mergeAffected(database: DatabaseSync, hash: Hash): number {
  const insert = database.prepare('INSERT INTO affected VALUES (?, ?, ?)');
  const rows = database
    .prepare('SELECT ecosystem, name, data FROM staged.affected ORDER BY ecosystem, name, data')
    .iterate();
  let [ecosystem, name, group, packages] = [-1, '', [] as string[], 0];
  const flush = (): void => {
    if (group.length === 0) return;
    insert.run(ecosystem, name, packGroup(group));
    hash.update(`${ecosystem}\0${name}\0`);
    for (const row of group) hash.update(row);
    packages += 1;
  };
  for (const raw of rows) {
    const row = raw as { ecosystem: number; name: string; data: string };
    if (row.ecosystem !== ecosystem || row.name !== name) {
      flush();
      [ecosystem, name, group] = [row.ecosystem, row.name, []];
    }
    // The same words of the same feed twice (main and community, two dumps) are one.
    if (group.at(-1) !== row.data) group.push(row.data);
  }
  flush();
  return packages;
}

function mergeAllFacts(database: DatabaseSync, texts: boolean, hash: Hash): number {
  database.exec('INSERT INTO aliases SELECT alias, MIN(id) FROM staged.aliases GROUP BY alias');
  const insert = database.prepare('INSERT INTO facts VALUES (?, ?)');
  const referenced = database.prepare('SELECT 1 FROM staged.referenced WHERE id = ?');
  const rows = database
    .prepare(
      `SELECT COALESCE(a.id, f.id) AS id, f.data AS data FROM staged.facts f LEFT JOIN aliases a ON a.alias = f.id
       ORDER BY 1, f.rank, f.data`,
    )
    .iterate();
  let [id, parts, kept] = ['', [] as FactsPart[], 0];
  const flush = (): void => {
    if (parts.length === 0) return;
    const wanted =
      referenced.get(id) !== undefined ||
      parts.some((part) => part.kev !== undefined || referenced.get(part.id) !== undefined);
    if (!wanted) return;
    const data = packObject(mergeFacts(id, parts, texts));
    insert.run(id, data);
    hash.update(id).update(data);
    kept += 1;
  };
  for (const raw of rows) {
    const row = raw as { id: string; data: string };
    if (row.id !== id) {
      flush();
      [id, parts] = [row.id, []];
    }
    parts.push(JSON.parse(row.data) as FactsPart);
  }
  flush();
  database.exec('DELETE FROM aliases WHERE id NOT IN (SELECT id FROM facts)');
  return kept;
}

function writeMeta(
  database: DatabaseSync,
  options: BuildOptions,
  revision: string,
  feeds: readonly FeedState[],
): void {
  const meta = database.prepare('INSERT INTO meta VALUES (?, ?)');
  meta.run('schemaVersion', String(SCHEMA_VERSION));
  meta.run('builtAt', options.builtAt);
  meta.run('origin', options.origin);
  meta.run('revision', revision);
  const feed = database.prepare('INSERT INTO feeds VALUES (?, ?, ?)');
  for (const [at, state] of feeds.entries()) feed.run(state.name, at, JSON.stringify(state));
}

/** Flushes a file to the disk. */
async function settle(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}

function created(path: string, target: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (cause) {
    const message = 'the folder of the database cannot be written';
    throw new CodedError('GC_DB_WRITE', message, { at: dirname(target), cause });
  }
}

/**
 * Builds a database and puts it in place of `target`.
 * Feeds that cannot be read are reported in their state; the others are built.
 * @throws CodedError GC_DB_BUILD when no feed could be read; the old file is then untouched.
 */
export async function buildDatabase(options: BuildOptions): Promise<BuildReport> {
  const { target } = options;
  makeFolder(dirname(target));
  const work = join(dirname(target), `.building-${randomUUID()}`);
  const [fresh, staging] = [`${work}.db`, `${work}.staged`];
  const database = created(fresh, target);
  try {
    database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;
      PRAGMA cache_size = -32768; ATTACH '${staging.replaceAll("'", "''")}' AS staged;
      PRAGMA staged.journal_mode = OFF; PRAGMA staged.synchronous = OFF;`);
    database.exec(TABLES + STAGING);
    const stage = createStage(database, new Map(options.inputs.map(({ spec }, at) => [spec.name, at])));
    const feeds: FeedState[] = [];
    for (const input of options.inputs) {
      database.exec('BEGIN');
      const state = await readFeed(stage, input, options.origin);
      database.exec('COMMIT');
      feeds.push(state);
      options.onFeed?.(state);
    }
    if (feeds.every((feed) => feed.affected + feed.facts === 0)) throw nothingRead(target, feeds);
    database.exec('BEGIN');
    const hash = createHash('sha256').update(feeds.map((feed) => feed.name).join());
    const packages = mergeAffected(database, hash);
    const vulnerabilities = mergeAllFacts(database, options.texts, hash);
    const revision = hash.digest('hex').slice(0, 32);
    writeMeta(database, options, revision, feeds);
    database.exec('COMMIT; DETACH staged; ANALYZE; VACUUM;');
    database.close();
    await settle(fresh);
    await rename(fresh, target);
    return { revision, feeds, packages, vulnerabilities };
  } finally {
    if (database.isOpen) database.close();
    for (const path of [fresh, staging]) if (existsSync(path)) await rm(path, { force: true });
  }
}

function nothingRead(target: string, feeds: readonly FeedState[]): CodedError {
  const first = feeds.find((feed) => feed.problem !== undefined)?.problem;
  return new CodedError(
    'GC_DB_BUILD',
    `no feed could be read${first === undefined ? '' : `: ${first.message}`}`,
    {
      at: first?.at ?? target,
      hint: 'Files of feeds are named after them (debian.json, osv-npm.zip …); `guardcell db status` lists the names.',
    },
  );
}
