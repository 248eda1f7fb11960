// Which images of a registry are meant: repositories by glob, tags by glob and age, one image for each digest.

import type { ScanError } from '@guardcell/core';
import { imageFailure, type RegistryClient } from '@guardcell/image';
import { errorFacts } from '@guardcell/kit';
import { globMatches } from '@guardcell/vuln';
import { inParallel } from './in-parallel.ts';
import { newestTags } from './tag-order.ts';

export interface RegistrySelection {
  /** Only repositories of this name, or below it: `team`. */
  readonly prefix?: string;
  /** Globs of repositories: `*` stays within one part of the name, `**` does not. All when left out. */
  readonly repositories?: readonly string[];
  /** Globs of repositories, or of `repository:tag`, that are left out. */
  readonly exclude?: readonly string[];
  /** Globs of tags; all when left out. */
  readonly tags?: readonly string[];
  /** Of each repository only so many tags, the newest by version, then by name. */
  readonly newest?: number;
}

/** An image as a registry lists it. */
export interface RegistryImage {
  /** `host/repository:tag`, of the first of the tags. */
  readonly reference: string;
  readonly repository: string;
  /** All selected tags that point to it now. */
  readonly tags: readonly string[];
  /** What the tags point to: a manifest, or an index of several platforms. */
  readonly digest: string;
}

/** A part of a registry that could not be listed. */
export interface ListingProblem {
  readonly reference: string;
  readonly problem: ScanError;
}

const MAX_REPOSITORIES = 1_000_000;
const MAX_TAGS = 1_000_000;
/** Questions for digests at the same time. */
const PARALLEL_HEADS = 8;
/** Signatures, attestations and referrers that tools keep under tags: they belong to an image and are none. */
const ATTACHMENT = /^sha(?:256|512)-[0-9a-f]{32,128}(?:\.\w{1,32})?$/;

/**
 * Repositories that are selected, sorted. The catalog is not asked when every one is named in full.
 * @throws CodedError when the registry does not list any; `problem` when it stops in between.
 */
export async function selectRepositories(
  client: RegistryClient,
  selection: RegistrySelection,
): Promise<{ readonly repositories: readonly string[]; readonly problem?: ScanError }> {
  const wanted = (selection.repositories ?? []).map((glob) => below(selection.prefix, glob));
  // Registries often list only a part: whoever is named in full is looked for, listed or not.
  const named = wanted.filter((glob) => !/[*?]/.test(glob) && !isExcluded(glob, selection));
  const found = new Set(named);
  if (wanted.length > 0 && wanted.every((glob) => !/[*?]/.test(glob)))
    return { repositories: [...found].sort() };
  try {
    for await (const name of client.repositories()) {
      if (isSelected(name, wanted, selection)) found.add(name);
      if (found.size > MAX_REPOSITORIES) {
        throw imageFailure('GC_IMAGE_TOO_LARGE', `more than ${MAX_REPOSITORIES} repositories are not read`, {
          at: client.host,
        });
      }
    }
  } catch (error) {
    if (found.size === 0) throw withHint(error, client.host);
    return { repositories: [...found].sort(), problem: errorFacts(error) };
  }
  return { repositories: [...found].sort() };
}

function below(prefix: string | undefined, glob: string): string {
  return prefix === undefined || glob === prefix || glob.startsWith(`${prefix}/`)
    ? glob
    : `${prefix}/${glob}`;
}

function isSelected(name: string, wanted: readonly string[], selection: RegistrySelection): boolean {
  const { prefix } = selection;
  if (prefix !== undefined && name !== prefix && !name.startsWith(`${prefix}/`)) return false;
  if (wanted.length > 0 && !wanted.some((glob) => globMatches(glob, name))) return false;
  return !isExcluded(name, selection);
}

function isExcluded(name: string, { prefix, exclude = [] }: RegistrySelection): boolean {
  return exclude.some((glob) => globMatches(glob, name) || globMatches(below(prefix, glob), name));
}

function withHint(error: unknown, host: string): unknown {
  const { code, message } = errorFacts(error);
  if (!/^GC_(?:REGISTRY_(?:AUTH|REFUSED|ANSWER)|IMAGE_NOT_FOUND)$/.test(code)) return error;
  return imageFailure(
    code === 'GC_REGISTRY_AUTH' ? 'GC_REGISTRY_AUTH' : 'GC_REGISTRY_REFUSED',
    `the registry does not list its repositories: ${message}`,
    { at: host, hint: 'Give credentials that may list them, or name each repository in full.', cause: error },
  );
}

/** The images of one repository: one for each digest that selected tags point to. */
export async function imagesOf(
  client: RegistryClient,
  repository: string,
  selection: RegistrySelection,
  signal: AbortSignal | undefined,
): Promise<readonly (RegistryImage | ListingProblem)[]> {
  const name = `${client.host}/${repository}`;
  try {
    const tags = await selectedTags(client, repository, selection);
    const resolved = inParallel(streamed(tags), PARALLEL_HEADS, (tag) =>
      resolve(client, repository, tag, signal),
    );
    const problems: ListingProblem[] = [];
    const digests = new Map<string, string>();
    for await (const one of resolved) {
      if ('problem' in one) problems.push({ reference: `${name}:${one.tag}`, problem: one.problem });
      else digests.set(one.tag, one.digest);
    }
    // Back to the order of the tags: answers came as they came.
    const byDigest = Map.groupBy(
      tags.filter((tag) => digests.has(tag)),
      (tag) => digests.get(tag) ?? '',
    );
    const images = [...byDigest].map(([digest, all]) => ({
      reference: `${name}:${all[0] ?? ''}`,
      repository,
      tags: all,
      digest,
    }));
    return [...images, ...problems];
  } catch (error) {
    signal?.throwIfAborted();
    return [{ reference: name, problem: errorFacts(error) }];
  }
}

async function selectedTags(
  client: RegistryClient,
  repository: string,
  { tags: globs = [], exclude = [], newest }: RegistrySelection,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const tag of client.tags(repository)) {
    const isWanted = globs.length > 0 ? globs.some((glob) => globMatches(glob, tag)) : !ATTACHMENT.test(tag);
    if (!isWanted || exclude.some((glob) => globMatches(glob, `${repository}:${tag}`))) continue;
    found.push(tag);
    if (found.length > MAX_TAGS) {
      throw imageFailure('GC_IMAGE_TOO_LARGE', `more than ${MAX_TAGS} tags are not read`, {
        at: `${client.host}/${repository}`,
      });
    }
  }
  return newestTags(found, newest ?? found.length);
}

interface ResolvedTag {
  readonly tag: string;
  readonly digest: string;
}

async function resolve(
  client: RegistryClient,
  repository: string,
  tag: string,
  signal: AbortSignal | undefined,
): Promise<ResolvedTag | { readonly tag: string; readonly problem: ScanError }> {
  try {
    const digest = await client.digestOf(repository, tag);
    if (digest !== undefined) return { tag, digest };
    const message = 'the registry lists the tag, and does not have what it points to';
    throw imageFailure('GC_IMAGE_NOT_FOUND', message, { at: `${client.host}/${repository}:${tag}` });
  } catch (error) {
    signal?.throwIfAborted();
    return { tag, problem: errorFacts(error) };
  }
}

async function* streamed<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
