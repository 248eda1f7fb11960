// Evidence of what is in use, kept by the digest that it came with: it may come before the scan it belongs to.
import { IN_USE, type InUse } from '@guardcell/core';
import type { InUseEvidence } from '../../scan-ports.ts';
import { identify, keyOfDigest } from './identity.ts';
import { packJson, unpackJson } from './packed-json.ts';
import type { Sql } from './scan-file.ts';

/** By purl: index of the grade, when it was last seen so, a file that was touched. */
export type Usage = Record<string, readonly [grade: number, lastAt: string, example: string]>;

export interface UsageWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly containers: number;
}

/** Beyond so many containers of one image the count stands still. */
const MOST_CONTAINERS = 10_000;

function subjectOf({ container, sensor, manifestDigest, imageId }: InUseEvidence): string {
  if (container === 'host' && manifestDigest === '' && imageId === '') return `host:${sensor}`;
  return imageId || manifestDigest;
}

/** Ids of artifacts whose grades grew, or that were watched for the first time; they are to be matched again. */
export function putInUse(sql: Sql, evidence: readonly InUseEvidence[], change: number): string[] {
  const changed = new Set<number>();
  for (const one of evidence) {
    const subject = subjectOf(one);
    if (subject === '') continue;
    const grew = putOne(sql, subject, one);
    identify(sql, { id: '', manifestDigest: one.manifestDigest, imageId: one.imageId }, change);
    const key = keyOfDigest(sql, subject) ?? keyOfDigest(sql, one.manifestDigest);
    if (key !== undefined && grew) changed.add(key);
  }
  // One that was joined with another meanwhile is not there any more.
  return [...changed].flatMap((key) => {
    const row = sql.get(
      'UPDATE artifact SET revision = ?1, change = ?1 WHERE key = ?2 RETURNING id',
      change,
      key,
    );
    return row === undefined ? [] : [String(row['id'])];
  });
}

function putOne(sql: Sql, subject: string, one: InUseEvidence): boolean {
  const row = sql.get('SELECT from_ms, to_ms, lost, data FROM usage WHERE subject = ?', subject);
  const usage = row === undefined ? {} : unpackJson<Usage>(row['data']);
  const grew = grow(usage, one.packages) || row === undefined;
  const from = timeOf(one.from);
  const to = timeOf(one.to);
  if (row === undefined) {
    sql.run('INSERT INTO usage VALUES (?, ?, ?, ?, ?)', subject, from, to, one.lost, packJson(usage));
  } else {
    sql.run(
      'UPDATE usage SET from_ms = min(from_ms, ?), to_ms = max(to_ms, ?), lost = lost + ? WHERE subject = ?',
      from,
      to,
      one.lost,
      subject,
    );
    if (grew) sql.run('UPDATE usage SET data = ? WHERE subject = ?', packJson(usage), subject);
  }
  const count = sql.get('SELECT count(*) AS n FROM usage_container WHERE subject = ?', subject);
  if (Number(count?.['n']) < MOST_CONTAINERS)
    sql.run('INSERT OR IGNORE INTO usage_container VALUES (?, ?, ?)', subject, one.sensor, one.container);
  return grew;
}

const timeOf = (text: string): number => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? 0 : ms;
};

function grow(usage: Usage, packages: InUseEvidence['packages']): boolean {
  let grew = false;
  for (const { purl, grade, lastAt, example } of packages) {
    const rank = IN_USE.indexOf(grade);
    // Nobody knows the files of an `unknown` package: without this it would pass for untouched.
    const least = grade === 'unknown' ? IN_USE.length : IN_USE.indexOf('untouched');
    if (rank >= (usage[purl]?.[0] ?? least)) continue;
    usage[purl] = [rank, lastAt, example];
    grew = true;
  }
  return grew;
}

const OF_ARTIFACT = 'FROM usage WHERE subject IN (SELECT digest FROM alias WHERE artifact = ?)';

/** Over all digests of the artifact; undefined when nobody watched. */
export function windowOf(sql: Sql, key: number): UsageWindow | undefined {
  const row = sql.get(`SELECT min(from_ms) AS f, max(to_ms) AS t ${OF_ARTIFACT}`, key);
  if (row?.['f'] === null || row?.['f'] === undefined) return undefined;
  const containers = sql.get(
    `SELECT count(*) AS n FROM (SELECT DISTINCT sensor, container FROM usage_container
       WHERE subject IN (SELECT digest FROM alias WHERE artifact = ?))`,
    key,
  );
  return { fromMs: Number(row['f']), toMs: Number(row['t']), containers: Number(containers?.['n']) };
}

/** Strongest grade by purl; undefined when nobody watched. */
export function gradesOf(sql: Sql, key: number): Map<string, InUse> | undefined {
  const rows = sql.all(`SELECT data ${OF_ARTIFACT}`, key);
  if (rows.length === 0) return undefined;
  const ranks = new Map<string, number>();
  for (const row of rows) {
    for (const [purl, [rank]] of Object.entries(unpackJson<Usage>(row['data'])))
      ranks.set(purl, Math.min(rank, ranks.get(purl) ?? rank));
  }
  return new Map([...ranks].map(([purl, rank]) => [purl, IN_USE[rank] ?? 'unknown']));
}
