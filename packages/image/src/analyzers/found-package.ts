// What analyzers of language packages keep of a file, and how that becomes packages. Not for OS databases.
import type { PackageLocation, PackageType, SoftwarePackage } from '@guardcell/core';
import type { AnalyzerResult, FoundFragment } from '../analyzer.ts';
import { packageUrl } from './package-url.ts';

/** One package as a file names it. Plain data: it is kept as JSON. */
export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  readonly dev?: boolean;
  readonly direct?: boolean;
  readonly licenses?: readonly string[];
  readonly symbols?: readonly string[];
  /** Path within the archive that was read, nested ones joined with `!/`. */
  readonly inner?: string;
}

interface Growing {
  readonly purl: string;
  readonly first: FoundPackage;
  readonly locations: PackageLocation[];
  readonly licenses: Set<string>;
  /** Undefined until a file says so; one use outside of tests makes it no development package. */
  dev: boolean | undefined;
  direct: boolean | undefined;
}

const place = (location: PackageLocation, inner: string | undefined): PackageLocation =>
  inner === undefined ? location : { ...location, path: `${location.path}!/${inner}` };

function add(grown: Growing, found: FoundPackage, location: PackageLocation): void {
  if (!grown.locations.some((l) => l.path === location.path && l.layer === location.layer)) {
    grown.locations.push(location);
  }
  for (const license of found.licenses ?? []) grown.licenses.add(license);
  grown.dev = (grown.dev ?? true) && found.dev === true;
  if (found.direct !== undefined) grown.direct = grown.direct === true || found.direct;
}

const finished = (grown: Growing, type: PackageType): SoftwarePackage => ({
  name: grown.first.name,
  version: grown.first.version,
  type,
  purl: grown.purl,
  locations: grown.locations,
  licenses: [...grown.licenses],
  ...(grown.dev === true ? { dev: true } : {}),
  ...(grown.direct === undefined ? {} : { direct: grown.direct }),
  ...(grown.first.symbols === undefined ? {} : { symbols: grown.first.symbols }),
});

/** One package per purl with all its locations; programs with symbols stay apart, since each has its own. */
export function assembleFound(
  found: readonly FoundFragment<readonly FoundPackage[]>[],
  type: PackageType,
  purlOf: (found: FoundPackage) => string,
): AnalyzerResult {
  const packages = new Map<string, Growing>();
  for (const { location, value } of found) {
    for (const item of value) {
      if (item.name === '' || item.version === '') continue;
      const purl = purlOf(item);
      const key = item.symbols === undefined ? purl : `${purl} ${location.path}`;
      let grown = packages.get(key);
      if (grown === undefined) {
        grown = { purl, first: item, locations: [], licenses: new Set(), dev: undefined, direct: undefined };
        packages.set(key, grown);
      }
      add(grown, item, place(location, item.inner));
    }
  }
  return { packages: [...packages.values()].map((grown) => finished(grown, type)) };
}

/** For names that carry their namespace before the last `/`: Go modules, Swift repositories, npm scopes. */
export function slashedPackageUrl(type: string, name: string, version: string): string {
  const cut = name.lastIndexOf('/');
  return packageUrl({ type, namespace: name.slice(0, Math.max(cut, 0)), name: name.slice(cut + 1), version });
}
