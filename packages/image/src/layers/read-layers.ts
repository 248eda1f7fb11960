// All layers of an image: what is known already comes from the cache, the rest is read, some at a time, and all is merged.
import type { ScanError } from '@guardcell/core';
import { CodedError, errorFacts } from '@guardcell/kit';
import type { Analyzer, FoundFragment } from '../analyzer.ts';
import { assembleContents, type Contents } from './assemble.ts';
import { packagesIn } from './dispatch.ts';
import { readFollowingLinks } from './follow-links.ts';
import type { LayerCache } from './layer-cache.ts';
import type { LayerSource } from './layer-source.ts';
import { LAYER_LIMITS, type LayerLimits } from './limits.ts';
import { type LayerAndFindings, type MergedFindings, mergeLayers } from './merge-layers.ts';
import { fileExclusion, type PathExclusion, unheard } from './path-exclusion.ts';
import { type LayerFindings, readLayer } from './read-layer.ts';
import { type WalkOptions, walkTree } from './walk-tree.ts';

export interface ReadLayersOptions {
  readonly cache?: LayerCache;
  /** Layers that are read at the same time. */
  readonly parallel?: number;
  readonly limits?: LayerLimits;
  /** Applied to what was read: it changes nothing of what is kept. */
  readonly exclusion?: PathExclusion;
  readonly signal?: AbortSignal;
  /** Told whenever a layer is done. */
  onLayer?(done: number, total: number): void;
}

export interface ReadContents extends Contents {
  /** Uncompressed bytes. */
  readonly bytes: number;
}

/** Reads layers, lowest first. Those that fail are errors of the result; the others stand. */
export async function readLayers(
  layers: readonly LayerSource[],
  analyzers: readonly Analyzer[],
  options: ReadLayersOptions = {},
): Promise<ReadContents> {
  let bytes: number | undefined;
  const failed = new Map<string, ScanError>();
  const order = layers.map(({ diffId }) => diffId);
  const { onLayer: _onLayer, ...quiet } = options;
  const keepers = new Set(analyzers.filter(({ keepsHidden }) => keepsHidden).map(({ id }) => id));
  const followed = await readFollowingLinks(analyzers, order, async (readers, within) => {
    const read = async (how: ReadLayersOptions, anew: ReadonlySet<string>): Promise<MergedFindings> => {
      const results = await eachLayer(layers, readers, how, anew);
      for (const [i, { error }] of results.entries()) {
        if (error !== undefined) failed.set(`${i} ${error.code}`, error);
      }
      bytes ??= results.reduce((sum, { findings }) => sum + (findings?.bytes ?? 0), 0);
      // Nobody holds what the layers gave, once it is merged.
      return mergeLayers(results.splice(0), keepers, options.exclusion);
    };
    const merged = await read(within === undefined ? options : quiet, NONE);
    const anew = layersToReadAnew(readers, merged);
    return anew.size === 0 ? merged : await read(quiet, anew);
  });
  const { found, problems } = withoutExcluded(followed, options.exclusion);
  const contents = assembleContents(analyzers, found, problems);
  return { ...contents, bytes: bytes ?? 0, errors: [...failed.values(), ...contents.errors] };
}

/** What a link has moved has another name now: whoever names the place means it too. */
function withoutExcluded(merged: MergedFindings, exclusion: PathExclusion | undefined): MergedFindings {
  if (exclusion === undefined) return merged;
  const isExcluded = fileExclusion(exclusion);
  const found = new Map<string, readonly FoundFragment[]>();
  for (const [id, list] of merged.found) {
    const { gone = [], left = [] } = Object.groupBy(list, ({ location }) =>
      isExcluded(location.path) ? 'gone' : 'left',
    );
    for (const { location } of gone) exclusion.onExcluded?.(location.path, false);
    found.set(id, left);
  }
  return { ...merged, found };
}

const NONE: ReadonlySet<string> = new Set();

function layersToReadAnew(analyzers: readonly Analyzer[], { found }: MergedFindings): ReadonlySet<string> {
  return new Set(
    analyzers.flatMap((analyzer) => [...(analyzer.toReadAnew?.(found.get(analyzer.id) ?? []) ?? [])]),
  );
}

interface LayerResult extends LayerAndFindings {
  readonly error?: ScanError;
}

async function eachLayer(
  layers: readonly LayerSource[],
  analyzers: readonly Analyzer[],
  options: ReadLayersOptions,
  anew: ReadonlySet<string>,
): Promise<LayerResult[]> {
  const results: LayerResult[] = layers.map(({ diffId }) => ({ diffId, findings: undefined }));
  const withinBudget = imageBudget(options.limits ?? LAYER_LIMITS);
  const queue = [...layers.entries()];
  let done = 0;
  async function work(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [i, layer] = next;
      const { diffId } = layer;
      try {
        const findings = await oneLayer(layer, i === 0, analyzers, options, anew.has(diffId));
        withinBudget(findings);
        results[i] = { diffId, findings };
      } catch (error) {
        options.signal?.throwIfAborted();
        const facts = errorFacts(error);
        const at = facts.at.includes(diffId) ? facts.at : diffId;
        results[i] = { diffId, findings: undefined, error: { ...facts, at } };
      }
      done += 1;
      options.onLayer?.(done, layers.length);
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.parallel ?? 2, layers.length) }, work));
  return results;
}

/** What layers may hold together: a thousand layers that are each just small enough are too much. */
function imageBudget(limits: LayerLimits): (findings: LayerFindings) => void {
  let [fragments, chars, packages, marks] = [0, 0, 0, 0];
  return (findings) => {
    fragments += findings.fragments.length;
    for (const { json, path } of findings.fragments) {
      chars += json.length + path.length;
      packages += packagesIn(json);
    }
    marks += findings.marks.length;
    const isSmall = fragments <= limits.fragments && chars <= limits.fragmentChars;
    if (isSmall && packages <= limits.packages && marks <= limits.markChars) return;
    throw new CodedError(
      'GC_LAYER_TOO_MANY_FINDINGS',
      'the layers of the image hold more together than can be kept in memory',
    );
  };
}

/** `isAnew`: what is kept of the layer counts only when the layer cannot be read. */
async function oneLayer(
  layer: LayerSource,
  isLowest: boolean,
  analyzers: readonly Analyzer[],
  { cache, limits, signal }: ReadLayersOptions,
  isAnew: boolean,
): Promise<LayerFindings> {
  const key = { diffId: layer.diffId, analyzers, isLowest };
  const known = await cache?.read(key);
  if (known !== undefined && !isAnew) return known;
  let findings: LayerFindings;
  try {
    findings = await readLayer(layer, analyzers, {
      isLowest,
      ...(limits === undefined ? {} : { limits }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (known === undefined) throw error;
    return known;
  }
  // Only now is the digest known to be right. A disk that was full leaves gaps that another scan need not have.
  if (!findings.problems.some(({ isPassing }) => isPassing === true)) await cache?.write(key, findings);
  return findings;
}

/** Reads a folder, a container's root or the host's. @throws as walkTree. */
export async function readTree(
  root: string,
  analyzers: readonly Analyzer[],
  options: WalkOptions = {},
): Promise<ReadContents> {
  let bytes: number | undefined;
  let ended: ScanError | undefined;
  const { onProgress: _onProgress, exclusion, ...rest } = options;
  // What is left out is told in the first pass.
  const quiet = exclusion === undefined ? rest : { ...rest, exclusion: unheard(exclusion) };
  const followed = await readFollowingLinks(analyzers, [], async (readers, within) => {
    const findings = await walkTree(root, readers, within === undefined ? options : { ...quiet, within });
    bytes ??= findings.bytes;
    ended ??= findings.ended;
    return mergeLayers([{ diffId: '', findings: { ...findings, marks: '' } }]);
  });
  const { found, problems } = withoutExcluded(followed, exclusion);
  const contents = assembleContents(analyzers, found, problems);
  const errors = ended === undefined ? contents.errors : [ended, ...contents.errors];
  return { ...contents, errors, bytes: bytes ?? 0 };
}
