// Which containers run; what a runtime says of both digests of an image joins artifacts.
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
  };
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
    const { name, hostname, namespace, pod, image, manifestDigest, imageId } = c;
    sql.run(
      'INSERT OR REPLACE INTO running VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      sensor,
      id,
      name,
      hostname,
      namespace,
      pod,
      image,
      manifestDigest,
      imageId,
    );
    if (manifestDigest !== '' && imageId !== '') identify(sql, { id: '', manifestDigest, imageId }, change);
    changed = true;
  }
  return changed;
}

const MEMBERS = ['name', 'hostname', 'namespace', 'pod', 'image', 'manifestDigest', 'imageId'] as const;

function same(a: RunningContainer, b: RunningContainer): boolean {
  return MEMBERS.every((member) => a[member] === b[member]);
}
