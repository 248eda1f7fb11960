// All layers as one tree: what higher layers hide is gone, what remains says in which layer it lies.
import type { FoundFragment } from '../analyzer.ts';
import type { FileProblem, KeptFragment } from './dispatch.ts';
import { fileExclusion, type PathExclusion } from './path-exclusion.ts';
import { readPathMarks } from './path-marks.ts';
import type { LayerFindings } from './read-layer.ts';

export interface MergedFindings {
  /** By analyzer id, in the order of layers, then as found. */
  readonly found: ReadonlyMap<string, readonly FoundFragment[]>;
  readonly problems: readonly FileProblem[];
}

/** A layer with its diffID; `findings` is undefined when it could not be read. */
export interface LayerAndFindings {
  readonly diffId: string;
  readonly findings: LayerFindings | undefined;
}

/**
 * Merges layers, lowest first. A layer that could not be read hides nothing.
 * @param keepers ids of analyzers that are given what is hidden, too
 * @param exclusion takes findings and problems of these paths away
 */
export function mergeLayers(
  layers: readonly LayerAndFindings[],
  keepers: ReadonlySet<string> = new Set(),
  exclusion?: PathExclusion,
): MergedFindings {
  const found = new Map<string, FoundFragment[]>();
  const problems: FileProblem[] = [];
  const isExcluded = exclusion === undefined ? undefined : onceByPath(fileExclusion(exclusion));
  const isLeftOut = (path: string): boolean => {
    if (isExcluded?.(path) !== true) return false;
    exclusion?.onExcluded?.(path, false);
    return true;
  };
  const marks = layers.map((layer) => readPathMarks(layer.findings?.marks ?? ''));
  for (const [i, { diffId, findings }] of layers.entries()) {
    if (findings === undefined) continue;
    const above = marks.slice(i + 1);
    const isVisible = (path: string): boolean => !above.some((layer) => layer.hides(path));
    const visible = onceByPath(isVisible);
    for (const fragment of findings.fragments) {
      if (isLeftOut(fragment.path)) continue;
      const isHidden = !visible(fragment.path);
      if (!isHidden || keepers.has(fragment.analyzer)) add(found, fragment, diffId, isHidden);
    }
    problems.push(...findings.problems.filter(({ path }) => !isLeftOut(path) && visible(path)));
  }
  return { found, problems };
}

/** Fragments of one file stand together: the last answer is asked for again. */
function onceByPath(isVisible: (path: string) => boolean): (path: string) => boolean {
  let last = '';
  let answer = true;
  return (path) => {
    if (path !== last) {
      last = path;
      answer = isVisible(path);
    }
    return answer;
  };
}

function add(
  found: Map<string, FoundFragment[]>,
  fragment: KeptFragment,
  layer: string,
  isHidden: boolean,
): void {
  const list = found.get(fragment.analyzer);
  const one: FoundFragment = {
    location: layer === '' ? { path: fragment.path } : { path: fragment.path, layer },
    value: JSON.parse(fragment.json),
    ...(isHidden ? { isHidden } : {}),
  };
  if (list === undefined) found.set(fragment.analyzer, [one]);
  else list.push(one);
}
