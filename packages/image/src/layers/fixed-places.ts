// Places where systems keep their databases, and where these really lie when a link stands on the way: `/var/lib/dpkg` may
// be a link to `/srv/dpkg`. Links are told by a reader of their own; the files are then given under the names of the places.
import { hash } from 'node:crypto';
import type { Analyzer } from '../analyzer.ts';
import { MAX_PATH } from './layer-path.ts';

/** Target by path, as written. */
export type Links = ReadonlyMap<string, string>;

/** As in Linux, where more are a circle. */
const MAX_HOPS = 40;
const MAX_STEPS = 4096;

/** The path with all known links followed, within the root; undefined when they go in a circle or lead too far. */
export function realPath(path: string, links: Links): string | undefined {
  const left = path.split('/').toReversed();
  let real = '';
  let hops = 0;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const part = left.pop();
    if (part === undefined) return real === '' ? '/' : real;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      real = real.slice(0, Math.max(real.lastIndexOf('/'), 0));
      continue;
    }
    const next = `${real}/${part}`;
    const target = links.get(next);
    if (target === undefined) real = next;
    else {
      hops += 1;
      if (target.startsWith('/')) real = '';
      left.push(...target.split('/').toReversed());
    }
    if (hops > MAX_HOPS || real.length > MAX_PATH) return undefined;
  }
  return undefined;
}

/** The path and all folders on the way to it. */
export function stepsTo(path: string): readonly string[] {
  const steps: string[] = [];
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) steps.push(path.slice(0, end));
  return steps;
}

/** A place, and the file or folder that a link leads to from there. */
export interface Relocation {
  readonly place: string;
  readonly real: string;
}

export function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

/** The places of an analyzer that really lie where it does not look. */
export function relocationsOf({ places = [] }: Analyzer, links: Links): readonly Relocation[] {
  return places.flatMap((place) => {
    const real = realPath(place, links);
    return real === undefined || places.some((known) => isAtOrBelow(real, known)) ? [] : [{ place, real }];
  });
}

/** The name that a file has for an analyzer; undefined when it lies at none of the relocated places. */
export function nameAtPlace(path: string, relocations: readonly Relocation[]): string | undefined {
  const found = relocations.find(({ real }) => isAtOrBelow(path, real));
  if (found === undefined) return undefined;
  return found.real === '/' ? found.place + path : found.place + path.slice(found.real.length);
}

const short = (value: unknown): string => hash('sha256', JSON.stringify(value)).slice(0, 16);

/** The analyzer, for files that lie elsewhere; it sees them under the names of its places. */
export function relocated(analyzer: Analyzer, relocations: readonly Relocation[]): Analyzer {
  const { analyzeStored } = analyzer;
  const nameOf = (path: string): string | undefined => nameAtPlace(path, relocations);
  return {
    id: `${analyzer.id}@${short(relocations)}`,
    version: analyzer.version,
    maxBytes: analyzer.maxBytes,
    wants(entry) {
      const path = nameOf(entry.path);
      return path !== undefined && analyzer.wants({ ...entry, path });
    },
    analyze: (file) => analyzer.analyze({ ...file, path: nameOf(file.path) ?? file.path }),
    ...(analyzeStored === undefined
      ? {}
      : {
          analyzeStored: (file) => analyzeStored({ ...file, path: nameOf(file.path) ?? file.path }),
        }),
    assemble: analyzer.assemble,
  };
}

/** Keeps the targets of the links that stand at these paths. */
export function linkReader(paths: Iterable<string>): Analyzer {
  const linksAt = new Set(paths);
  return {
    id: `links-${short([...linksAt].sort())}`,
    version: 1,
    maxBytes: 0,
    linksAt,
    wants: () => false,
    analyze: () => undefined,
    assemble: () => ({ packages: [] }),
  };
}
