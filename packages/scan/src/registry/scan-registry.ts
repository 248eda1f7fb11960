// Scans a registry, or a part of it: one image after the other, some at a time. One that is broken stops no other.
import type { ScanError, ScanReport } from '@guardcell/core';
import { openRegistry, type RegistryClient } from '@guardcell/image';
import { errorFacts } from '@guardcell/kit';
import { scanTarget } from '../scan.ts';
import type { ScanOptions } from '../scan-target.ts';
import { inParallel } from './in-parallel.ts';
import {
  imagesOf,
  type ListingProblem,
  type RegistryImage,
  type RegistrySelection,
  selectRepositories,
} from './select-images.ts';

export type RegistryScanResult =
  | (RegistryImage & { readonly outcome: 'scanned'; readonly report: ScanReport })
  /** `isKnown` said that it was scanned before. */
  | (RegistryImage & { readonly outcome: 'known' })
  /** Something else than an image for containers: a chart, a signature, a policy … */
  | (RegistryImage & { readonly outcome: 'other'; readonly problem: ScanError })
  | (RegistryImage & { readonly outcome: 'failed'; readonly problem: ScanError })
  /** A repository or tag that could not be listed; there is no digest. */
  | (ListingProblem & { readonly outcome: 'unlisted' });

export interface RegistryScanProgress {
  /** Repositories that are selected, and those of which all images are known. */
  readonly repositories: number;
  readonly listed: number;
  /** Images found so far, and those that are done. */
  readonly images: number;
  readonly done: number;
}

export interface RegistryScanOptions extends Omit<ScanOptions, 'onProgress'> {
  readonly selection?: RegistrySelection;
  /** Images that are read at the same time; 2. */
  readonly parallel?: number;
  /** Whether nothing is to be learned by scanning this digest again; asked once for each image. */
  isKnown?(image: RegistryImage): boolean | Promise<boolean>;
  onProgress?(progress: RegistryScanProgress): void;
}

const DEFAULT_PARALLEL = 2;

/**
 * Scans the selected images of a registry (`registry.example:5000`) and gives results as they are ready. Leaving the
 * loop ends the scans that run. Memory holds `parallel` reports at most.
 * @throws CodedError GC_REGISTRY_… when repositories cannot be listed at all; the reason of `signal` when it aborts.
 */
export async function* scanRegistry(
  host: string,
  options: RegistryScanOptions = {},
): AsyncGenerator<RegistryScanResult, void, undefined> {
  const left = new AbortController();
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
  const client = openRegistry(host, { ...options.image?.registry, signal });
  try {
    yield* scanSelected(client, options, signal);
  } finally {
    left.abort();
    await client.close();
  }
}

async function* scanSelected(
  client: RegistryClient,
  options: RegistryScanOptions,
  signal: AbortSignal,
): AsyncGenerator<RegistryScanResult, void, undefined> {
  const { selection = {} } = options;
  const { repositories, problem } = await selectRepositories(client, selection);
  const counts = { listed: 0, images: 0, done: 0 };
  const tell = (): void => options.onProgress?.({ repositories: repositories.length, ...counts });

  async function* images(): AsyncGenerator<RegistryImage | ListingProblem, void, undefined> {
    if (problem !== undefined) yield { reference: client.host, problem };
    for (const repository of repositories) {
      const found = await imagesOf(client, repository, selection, signal);
      counts.listed += 1;
      counts.images += found.length;
      tell();
      yield* found;
    }
  }

  tell();
  const parallel = options.parallel ?? DEFAULT_PARALLEL;
  for await (const result of inParallel(images(), parallel, (image) => scanOne(image, options, signal))) {
    counts.done += 1;
    tell();
    yield result;
  }
}

async function scanOne(
  image: RegistryImage | ListingProblem,
  options: RegistryScanOptions,
  signal: AbortSignal,
): Promise<RegistryScanResult> {
  if ('problem' in image) return { ...image, outcome: 'unlisted' };
  const { onProgress: _, isKnown, ...shared } = options;
  try {
    if ((await isKnown?.(image)) === true) return { ...image, outcome: 'known' };
    const { reference, digest } = image;
    const report = await scanTarget({ kind: 'image', reference, digest }, { ...shared, signal });
    return { ...image, outcome: 'scanned', report };
  } catch (error) {
    signal.throwIfAborted();
    const problem = errorFacts(error);
    return { ...image, outcome: problem.code === 'GC_IMAGE_UNSUPPORTED' ? 'other' : 'failed', problem };
  }
}
