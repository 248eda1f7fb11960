// The form of a registry: what it begins with, what is wrong with it, what is sent. Pure.
import type { Registry, RegistryInput } from '@guardcell/contract';
import { lines } from '../settings/lines.ts';

export interface RegistryDraft {
  readonly name: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Take out the password that is kept. */
  readonly dropPassword: boolean;
  readonly ca: string;
  readonly allowInsecure: boolean;
  readonly repositories: string;
  readonly exclude: string;
  readonly tags: string;
  readonly newestTags: string;
  readonly enabled: boolean;
  readonly everyMinutes: string;
}

export const EMPTY_DRAFT: RegistryDraft = {
  name: '',
  url: 'https://',
  username: '',
  password: '',
  dropPassword: false,
  ca: '',
  allowInsecure: false,
  repositories: '',
  exclude: '',
  tags: '',
  newestTags: '5',
  enabled: true,
  everyMinutes: '360',
};

export function draftOf(registry: Registry): RegistryDraft {
  return {
    name: registry.name,
    url: registry.url,
    username: registry.username,
    password: '',
    dropPassword: false,
    ca: registry.ca,
    allowInsecure: registry.allowInsecure,
    repositories: registry.repositories.join('\n'),
    exclude: registry.exclude.join('\n'),
    tags: registry.tags.join('\n'),
    newestTags: String(registry.newestTags),
    enabled: registry.enabled,
    everyMinutes: String(registry.everyMinutes),
  };
}

export const LIMITS = { newestTags: [0, 1000], everyMinutes: [5, 43_200] } as const;

export type RegistryProblem = 'name' | 'taken' | 'url' | 'newestTags' | 'everyMinutes';

/** `taken`: names that are there already, for a registry that is new. */
export function registryProblems(
  draft: RegistryDraft,
  taken: readonly string[],
): ReadonlySet<RegistryProblem> {
  const problems = new Set<RegistryProblem>();
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/.test(draft.name)) problems.add('name');
  else if (taken.includes(draft.name)) problems.add('taken');
  if (!isAddress(draft.url)) problems.add('url');
  for (const field of ['newestTags', 'everyMinutes'] as const) {
    const [from, to] = LIMITS[field];
    const value = Number(draft[field]);
    if (!/^\d{1,6}$/.test(draft[field]) || value < from || value > to) problems.add(field);
  }
  return problems;
}

function isAddress(value: string): boolean {
  const url = URL.parse(value.trim());
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '';
}

/** The password goes along only when it changes: without it the one that is kept stays. */
export function registryInput(draft: RegistryDraft): RegistryInput {
  const changesPassword = draft.password !== '' || draft.dropPassword;
  return {
    url: draft.url.trim(),
    username: draft.username.trim(),
    ...(changesPassword && { password: draft.dropPassword ? '' : draft.password }),
    ca: draft.ca.trim(),
    allowInsecure: draft.allowInsecure,
    repositories: lines(draft.repositories),
    exclude: lines(draft.exclude),
    tags: lines(draft.tags),
    newestTags: Number(draft.newestTags),
    enabled: draft.enabled,
    everyMinutes: Number(draft.everyMinutes),
  };
}

/** A name to begin with, from the address: `registry.example.com` → `registry-example-com`. */
export function nameOf(url: string): string {
  const host = URL.parse(url.trim())?.hostname ?? '';
  return host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
