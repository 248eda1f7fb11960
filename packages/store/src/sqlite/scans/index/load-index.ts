// Brings the index up to what the file holds: all of it at first, afterwards what changed since.
import { type ArtifactKind, graverOf } from '@guardcell/core';
import type { ApprovedAcceptance } from '../../../scan-ports.ts';
import { columnsOfBytes, emptyColumns, type FindingColumns } from '../finding-columns.ts';
import { runningContainers } from '../put-running.ts';
import type { Row, Sql } from '../scan-file.ts';
import { type ArtifactEntry, emptyIndex, type ScanIndex, typeNumber } from './scan-index.ts';
import { markSilenced, silencersOf } from './silencers.ts';

export interface IndexLoader {
  /** Within a transaction; `nowMs` decides which acceptances are in force. */
  refresh(sql: Sql, nowMs: number): ScanIndex;
}

type Counters = Readonly<Record<'change' | 'epoch' | 'running' | 'acceptances', number>>;

const NO_FINDINGS = emptyColumns(0);
const NEVER: Counters = { change: 0, epoch: 0, running: 0, acceptances: 0 };

function countersOf(sql: Sql): Counters {
  const values = new Map(
    sql.all('SELECT name, value FROM counter').map((row) => [String(row['name']), Number(row['value'])]),
  );
  const value = (name: keyof Counters): number => values.get(name) ?? 0;
  return {
    change: value('change'),
    epoch: value('epoch'),
    running: value('running'),
    acceptances: value('acceptances'),
  };
}

export function createIndexLoader(): IndexLoader {
  let index = emptyIndex(0);
  let seen = NEVER;
  let acceptances: readonly ApprovedAcceptance[] = [];
  let nextExpiryMs = Number.POSITIVE_INFINITY;

  function silence(nowMs: number, changed: Iterable<ArtifactEntry>, anew: boolean): void {
    if (!anew && nowMs < nextExpiryMs) {
      markSilenced(index, changed);
      return;
    }
    index.silencers = silencersOf(acceptances, nowMs);
    nextExpiryMs = Math.min(...index.silencers.map(({ untilMs }) => untilMs), Number.POSITIVE_INFINITY);
    markSilenced(index, index.artifacts.values());
  }

  return {
    refresh(sql, nowMs) {
      const counters = countersOf(sql);
      const anew = counters.epoch !== seen.epoch || counters.change < seen.change;
      if (anew) {
        index = emptyIndex(index.version + 1);
        seen = NEVER;
      }
      const isNew = counters.change !== seen.change;
      const changed = isNew ? loadChanges(sql, index, seen.change) : [];
      const others = counters.acceptances !== seen.acceptances;
      if (others)
        acceptances = sql
          .all('SELECT content FROM acceptance')
          .map((row) => JSON.parse(String(row['content'])) as ApprovedAcceptance);
      const runs = counters.running !== seen.running;
      if (runs) index.workloads = runningContainers(sql).map((one) => ({ ...one, artifact: undefined }));
      // Numbers that only say that something was committed do not change answers.
      if (changed.length > 0 || runs) countRunning(index);
      const expired = nowMs >= nextExpiryMs;
      if (changed.length > 0 || others || expired) silence(nowMs, changed, others || expired);
      if (changed.length > 0 || others || runs || expired) index.version += 1;
      seen = counters;
      return index;
    },
  };
}

/** Returns the artifacts that changed; one that is gone has no findings in it. */
function loadChanges(sql: Sql, index: ScanIndex, since: number): ArtifactEntry[] {
  if (since === 0) loadNames(sql, index);
  const gone = since === 0 ? [] : sql.all('SELECT artifact FROM gone WHERE change > ?', since);
  const left = gone.flatMap((row) => removeEntry(index, Number(row['artifact'])));
  const columns = new Map<number, FindingColumns>();
  for (const row of sql.each('SELECT artifact, data FROM finding WHERE change > ?', since))
    columns.set(Number(row['artifact']), columnsOfBytes(row['data'] as Uint8Array));
  const references = namesOf(sql, 'reference', 'seen_ms DESC, name', since === 0);
  const registries = namesOf(sql, 'registry', 'name', since === 0);
  const changed: ArtifactEntry[] = [];
  for (const row of sql.each('SELECT * FROM artifact WHERE change > ?', since)) {
    const key = Number(row['key']);
    const known = removeEntry(index, key)[0]?.columns;
    const own = columns.get(key) ?? known ?? NO_FINDINGS;
    const entry = entryOf(row, references(key), registries(key), own);
    loadMissing(sql, index, own);
    index.artifacts.set(key, entry);
    changed.push(entry);
  }
  loadAliases(sql, index, since === 0 ? undefined : changed);
  return [...changed, ...left];
}

function removeEntry(index: ScanIndex, key: number): ArtifactEntry[] {
  const entry = index.artifacts.get(key);
  index.artifacts.delete(key);
  return entry === undefined ? [] : [entry];
}

/** Names by artifact: all in one go at first, later those that are asked for. */
function namesOf(sql: Sql, table: string, order: string, all: boolean): (key: number) => string[] {
  if (!all) {
    const one = `SELECT name FROM ${table} WHERE artifact = ? ORDER BY ${order}`;
    return (key) => sql.all(one, key).map((row) => String(row['name']));
  }
  const names = new Map<number, string[]>();
  for (const row of sql.each(`SELECT artifact, name FROM ${table} ORDER BY artifact, ${order}`)) {
    const of = names.get(Number(row['artifact']));
    if (of === undefined) names.set(Number(row['artifact']), [String(row['name'])]);
    else of.push(String(row['name']));
  }
  return (key) => names.get(key) ?? [];
}

function loadAliases(sql: Sql, index: ScanIndex, changed: readonly ArtifactEntry[] | undefined): void {
  if (changed === undefined) {
    for (const row of sql.each('SELECT digest, artifact FROM alias'))
      index.keyOfAlias.set(String(row['digest']), Number(row['artifact']));
    return;
  }
  // Aliases of what is gone stay in the map and lead nowhere.
  for (const { key } of changed) {
    for (const row of sql.all('SELECT digest FROM alias WHERE artifact = ?', key))
      index.keyOfAlias.set(String(row['digest']), key);
  }
}

function entryOf(
  row: Row,
  references: readonly string[],
  registries: readonly string[],
  columns: FindingColumns,
): ArtifactEntry {
  const text = (name: string): string => String(row[name]);
  const number = (name: string): number => Number(row[name]);
  return {
    key: number('key'),
    id: text('id'),
    kind: text('kind') as ArtifactKind,
    name: text('name'),
    references,
    registries,
    platform: text('platform'),
    os: text('os'),
    size: number('size'),
    packages: number('packages'),
    secrets: number('secrets'),
    misconfigurations: number('misconfigurations'),
    malware: number('malware'),
    errors: number('errors') + number('match_errors'),
    scannedMs: number('scanned_ms'),
    matchedMs: number('matched_ms'),
    change: number('change'),
    words: [text('id'), text('name'), ...references].join('\n').toLowerCase(),
    columns,
    running: 0,
    exposure: 'unknown',
    silencedBy: undefined,
  };
}

const FACT = 'SELECT key, id, aliases, cvss, epss, flags FROM fact';
const PACKAGE = 'SELECT key, type, name, version, source FROM package';
const FIXED = 'SELECT key, version FROM fixed';

function loadNames(sql: Sql, index: ScanIndex): void {
  for (const row of sql.each(FACT)) addFact(index, row);
  for (const row of sql.each(PACKAGE)) addPackage(index, row);
  for (const row of sql.each(FIXED)) addFixed(index, row);
}

/** Names that came after the index was loaded. */
function loadMissing(sql: Sql, index: ScanIndex, columns: FindingColumns): void {
  const one = (text: string, key: number, add: (index: ScanIndex, row: Row) => void): void => {
    const row = sql.get(`${text} WHERE key = ?`, key);
    if (row !== undefined) add(index, row);
  };
  for (let row = 0; row < columns.length; row += 1) {
    const [fact = 0, pkg = 0, fixed = 0] = [columns.fact[row], columns.package[row], columns.fixed[row]];
    if (index.facts[fact] === undefined) one(FACT, fact, addFact);
    if (index.packages[pkg] === undefined) one(PACKAGE, pkg, addPackage);
    if (fixed !== 0 && index.fixed[fixed] === undefined) one(FIXED, fixed, addFixed);
  }
}

function addFact(index: ScanIndex, row: Row): void {
  const id = String(row['id']);
  const aliases = JSON.parse(String(row['aliases'])) as string[];
  const key = Number(row['key']);
  for (const name of new Set([id, ...aliases].map((one) => one.toLowerCase()))) {
    const keys = index.factsNamed.get(name);
    if (keys === undefined) index.factsNamed.set(name, [key]);
    else keys.push(key);
  }
  index.facts[key] = {
    vulnerability: index.vulnerabilities.numberOf(id),
    aliases,
    words: [id, ...aliases].join('\n').toLowerCase(),
    cvss: Number(row['cvss']),
    epss: Number(row['epss']),
    flags: Number(row['flags']),
  };
  put(index.vulnerabilityOf, key, index.vulnerabilities.numberOf(id));
  put(index.flagsOf, key, Number(row['flags']));
}

function addPackage(index: ScanIndex, row: Row): void {
  const [type, name, version, source] = [row['type'], row['name'], row['version'], row['source']].map(String);
  const number = typeNumber(type ?? '');
  const key = Number(row['key']);
  const group = index.groups.numberOf(`${number} ${name}`);
  const move = index.moves.numberOf(`${number}\n${source || name}\n${version}`);
  index.packages[key] = {
    type: number,
    name: name ?? '',
    version: version ?? '',
    source: source ?? '',
    group,
    move,
  };
  put(index.typeOf, key, number);
  put(index.groupOf, key, group);
  put(index.moveOf, key, move);
}

/** Without holes: engines keep such arrays as plain numbers. */
function put(numbers: number[], at: number, value: number): void {
  while (numbers.length < at) numbers.push(0);
  numbers[at] = value;
}

function addFixed(index: ScanIndex, row: Row): void {
  index.fixed[Number(row['key'])] = String(row['version']);
}

/** An image id says exactly which image it is; the manifest may be that of several platforms. */
function countRunning(index: ScanIndex): void {
  for (const entry of index.artifacts.values()) Object.assign(entry, { running: 0, exposure: 'unknown' });
  for (const workload of index.workloads) {
    const key = index.keyOfAlias.get(workload.imageId) ?? index.keyOfAlias.get(workload.manifestDigest);
    const entry = key === undefined ? undefined : index.artifacts.get(key);
    workload.artifact = entry?.key;
    if (entry === undefined) continue;
    const { level } = workload.exposure;
    entry.exposure = entry.running === 0 ? level : graverOf(entry.exposure, level);
    entry.running += 1;
  }
}
