// Which image an image was built on, and whether its name leads to a newer one now: layers say so, nobody has to.
import type { ArtifactEntry, ScanIndex } from './index/scan-index.ts';
import type { Sql } from './scan-file.ts';

export interface NewerBase {
  /** The name under which the base was seen. */
  readonly reference: string;
  readonly old: ArtifactEntry;
  /** What that name means now. */
  readonly now: ArtifactEntry;
  /** Layers of the old one, counted from the lowest. */
  readonly layers: number;
}

const joined = (layers: readonly string[], count: number): string => layers.slice(0, count).join(' ');

function layersByKey(sql: Sql): Map<number, readonly string[]> {
  const layers = new Map<number, readonly string[]>();
  for (const row of sql.each("SELECT key, layers FROM artifact WHERE kind = 'image' AND layers <> '[]'")) {
    const list = JSON.parse(String(row['layers'])) as { readonly diffId: string }[];
    layers.set(
      Number(row['key']),
      list.map(({ diffId }) => diffId),
    );
  }
  return layers;
}

/** Where the name of an artifact leads to now, when that is another one. */
function successorOf(sql: Sql, index: ScanIndex, entry: ArtifactEntry): ArtifactEntry | undefined {
  const row = sql.get(
    'SELECT artifact FROM reference WHERE name = ? ORDER BY seen_ms DESC, artifact DESC LIMIT 1',
    entry.name,
  );
  const found = index.artifacts.get(Number(row?.['artifact'] ?? 0));
  return found === undefined || found.key === entry.key || found.matchedMs === 0 ? undefined : found;
}

/**
 * By artifact: the scanned image whose layers are the lowest ones of it, where that has been replaced under its name.
 * The base with the most layers counts.
 */
export function newerBases(sql: Sql, index: ScanIndex): ReadonlyMap<number, NewerBase> {
  const layers = layersByKey(sql);
  const whole = new Map([...layers].map(([key, list]) => [joined(list, list.length), key]));
  const successors = new Map<number, ArtifactEntry | undefined>();
  const bases = new Map<number, NewerBase>();
  for (const [key, list] of layers) {
    for (let count = list.length - 1; count > 0; count -= 1) {
      const base = whole.get(joined(list, count));
      const old = base === undefined ? undefined : index.artifacts.get(base);
      if (base === undefined || old === undefined) continue;
      if (!successors.has(base)) successors.set(base, successorOf(sql, index, old));
      const now = successors.get(base);
      if (now !== undefined && now.key !== key)
        bases.set(key, { reference: old.name, old, now, layers: count });
      break;
    }
  }
  return bases;
}
