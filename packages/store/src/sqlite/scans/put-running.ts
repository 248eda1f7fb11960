// Which containers run; what a runtime says of both digests of an image joins artifacts.
import {
  exposureSignature,
  gravestExposure,
  isLessExposed,
  UNKNOWN_EXPOSURE,
  type WorkloadExposure,
} from '@guardcell/core';
import type { RunningContainer } from '../../scan-ports.ts';
import { identify } from './identity.ts';
import type { Row, Sql } from './scan-file.ts';

function containerOf(row: Row): RunningContainer {
  const text = (name: string): string => String(row[name]);
  return {
    id: text('id'),
    name: text('name'),
    hostname: text('hostname'),
    namespace: text('namespace'),
    pod: text('pod'),
    image: text('image'),
    manifestDigest: text('manifest'),
    imageId: text('image_id'),
    exposure: exposureIn(row),
  };
}

/** Empty in files of an earlier version. */
function exposureIn(row: Row): WorkloadExposure {
  const text = String(row['exposure'] ?? '');
  return text === '' ? UNKNOWN_EXPOSURE : (JSON.parse(text) as WorkloadExposure);
}

export function runningContainers(sql: Sql): RunningContainer[] {
  return sql.all('SELECT * FROM running ORDER BY id, sensor').map(containerOf);
}

export interface RunningInput {
  readonly sensor: string;
  readonly containers: readonly RunningContainer[];
  readonly atMs: number;
}

/** Replaces what was known of the sensor; false when nothing is new. What ends was seen until now. */
export function putRunning(sql: Sql, { sensor, containers, atMs }: RunningInput, change: number): boolean {
  const before = new Map(
    sql
      .all('SELECT * FROM running WHERE sensor = ?', sensor)
      .map((row) => [String(row['id']), containerOf(row)]),
  );
  const after = new Map(containers.map((container) => [container.id, container]));
  let changed = false;
  for (const [id, { manifestDigest, imageId }] of before) {
    if (after.has(id)) continue;
    sql.run(
      `UPDATE artifact SET seen_ms = max(seen_ms, ?) WHERE key IN
         (SELECT artifact FROM alias WHERE digest IN (?, ?))`,
      atMs,
      manifestDigest,
      imageId,
    );
    sql.run('DELETE FROM running WHERE sensor = ? AND id = ?', sensor, id);
    changed = true;
  }
  for (const [id, c] of after) {
    const known = before.get(id);
    if (known !== undefined && same(known, c)) continue;
    const { name, hostname, namespace, pod, image, manifestDigest, imageId, exposure } = c;
    sql.run(
      'INSERT OR REPLACE INTO running VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      sensor,
      id,
      name,
      hostname,
      namespace,
      pod,
      image,
      manifestDigest,
      imageId,
      JSON.stringify(exposure),
    );
    if (manifestDigest !== '' && imageId !== '') identify(sql, { id: '', manifestDigest, imageId }, change);
    changed = true;
  }
  return changed;
}

const MEMBERS = ['name', 'hostname', 'namespace', 'pod', 'image', 'manifestDigest', 'imageId'] as const;

function same(a: RunningContainer, b: RunningContainer): boolean {
  return (
    MEMBERS.every((member) => a[member] === b[member]) &&
    JSON.stringify(a.exposure) === JSON.stringify(b.exposure)
  );
}

/** How far an artifact can be reached, by all containers that run it. */
export function exposureOfArtifact(sql: Sql, key: number): WorkloadExposure {
  const own = sql.get('SELECT id FROM artifact WHERE key = ?', key)?.['id'];
  const container = String(own ?? '').startsWith('container:') ? String(own).slice('container:'.length) : '';
  const rows =
    container === ''
      ? sql.all(
          // An image id says exactly which image it is; the manifest may be that of several platforms.
          `SELECT exposure FROM running WHERE image_id IN (SELECT digest FROM alias WHERE artifact = ?1)
             OR (manifest IN (SELECT digest FROM alias WHERE artifact = ?1)
               AND NOT EXISTS (SELECT 1 FROM alias WHERE digest = image_id))`,
          key,
        )
      : sql.all('SELECT exposure FROM running WHERE id = ?', container);
  return gravestExposure(rows.map(exposureIn));
}

/** Artifacts of which findings say something else than what runs now. */
export function exposureChanges(sql: Sql): { id: string; isLess: boolean }[] {
  const rows = sql.all(
    `SELECT key, id, exposure FROM artifact WHERE matched_ms > 0 AND (exposure <> '' OR key IN ${RUNNING}
       OR substr(id, 11) IN (SELECT id FROM running))`,
  );
  return rows.flatMap((row) => {
    const now = exposureOfArtifact(sql, Number(row['key']));
    const before = exposureIn(row);
    return exposureSignature(now) === exposureSignature(before)
      ? []
      : [{ id: String(row['id']), isLess: isLessExposed(now, before) }];
  });
}

/** Keys of artifacts of which a container runs. */
export const RUNNING = `(SELECT artifact FROM running JOIN alias ON digest = manifest
  UNION SELECT artifact FROM running JOIN alias ON digest = image_id)`;
