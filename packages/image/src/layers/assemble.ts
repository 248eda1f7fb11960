// Packages out of fragments: every analyzer assembles its own, then files that belong to a system package point to it.
import type {
  MalwareFinding,
  MisconfigurationFinding,
  OsRelease,
  ScanError,
  SecretFinding,
  SoftwarePackage,
} from '@guardcell/core';
import type { Analyzer, AnalyzerResult, FoundFragment } from '../analyzer.ts';
import type { FileProblem } from './dispatch.ts';

/** What an artifact holds. */
export interface Contents {
  readonly packages: readonly SoftwarePackage[];
  readonly os?: OsRelease;
  /** Path → purl of the system package that owns it; only of paths in which something was found. */
  readonly owners: ReadonlyMap<string, string>;
  /** purls of system packages whose list of files is missing. */
  readonly unlisted: ReadonlySet<string>;
  readonly secrets: readonly SecretFinding[];
  readonly misconfigurations: readonly MisconfigurationFinding[];
  readonly malware: readonly MalwareFinding[];
  readonly errors: readonly ScanError[];
}

/** Assembles. An analyzer that fails becomes an error; the others stand. */
export function assembleContents(
  analyzers: readonly Analyzer[],
  found: ReadonlyMap<string, readonly FoundFragment[]>,
  problems: readonly FileProblem[],
): Contents {
  const errors: ScanError[] = problems.map(({ path, message }) => ({
    code: 'GC_FILE_NOT_READ',
    message,
    at: path,
    hint: '',
  }));
  const results: AnalyzerResult[] = [];
  for (const analyzer of analyzers) {
    const mine = found.get(analyzer.id);
    if (mine === undefined) continue;
    try {
      results.push(analyzer.assemble(mine));
    } catch (error) {
      errors.push({
        code: 'GC_ANALYZER_FAILED',
        message: `${analyzer.id}: ${error instanceof Error ? error.message : String(error)}`,
        at: mine[0]?.location.path ?? '',
        hint: 'Please report it with the file that is named.',
      });
    }
  }
  const owners = new Map<string, string>();
  for (const result of results) for (const [path, purl] of result.owners ?? []) owners.set(path, purl);
  const unchanged = unchangedFiles(results);
  const os = results.find((result) => result.os !== undefined)?.os;
  const packages = results.flatMap((result) => result.packages).map((one) => withOwner(one, owners));
  const distribution = new Map(
    packages
      .filter(({ type, thirdParty }) => SYSTEM_TYPES.has(type) && thirdParty === undefined)
      .map(({ purl, name }) => [purl, name]),
  );
  return {
    packages,
    ...(os === undefined ? {} : { os }),
    owners,
    unlisted: new Set(results.flatMap((result) => [...(result.unlisted ?? [])])),
    secrets: results
      .flatMap((result) => result.secrets ?? [])
      .map((secret) => publishedSecret(secret, owners, distribution, unchanged)),
    misconfigurations: results.flatMap((result) => result.misconfigurations ?? []),
    malware: results.flatMap((result) => result.malware ?? []),
    errors: [
      ...errors.map((error) => (isLeftToOwner(error, owners, distribution) ? { ...error, ...OWNED } : error)),
      ...results.flatMap((result) => result.notes ?? []),
    ],
  };
}

/** These look into programs and archives for packages alone. */
const WITHIN_PROGRAMS = /^(?:binaries|cargo|golang|jar): the file has \d+ bytes/;
const OWNED = {
  level: 'note',
  hint: 'The file belongs to a package of the distribution, which is judged.',
} as const;

/** What a distribution built into its programs is the distribution's to judge: nothing was missed there. */
function isLeftToOwner(
  { at, message }: ScanError,
  owners: ReadonlyMap<string, string>,
  distribution: ReadonlyMap<string, string>,
): boolean {
  if (!WITHIN_PROGRAMS.test(message)) return false;
  return distribution.has(owners.get(at) ?? owners.get(throughMergedUsr(at)) ?? '');
}

/** Settings that nobody has changed since their package brought them. */
function unchangedFiles(results: readonly AnalyzerResult[]): ReadonlySet<string> {
  const shipped = new Map(results.flatMap((result) => [...(result.shipped ?? [])]));
  const digests = results.flatMap((result) => [...(result.digests ?? [])]);
  return new Set(
    digests.flatMap(([path, own]) => {
      const brought = shipped.get(path);
      return brought !== undefined && own.includes(brought) ? [path] : [];
    }),
  );
}

/** What a distribution ships below /usr everybody can read already; settings, in /etc and elsewhere, are changed by people. */
const SHIPPED = /^\/(?:usr|bin|sbin|lib\w*)\//;

/** Marks a secret that stands in a file of a distribution's package: an example in its documentation, mostly. */
function publishedSecret(
  secret: SecretFinding,
  owners: ReadonlyMap<string, string>,
  distribution: ReadonlyMap<string, string>,
  unchanged: ReadonlySet<string>,
): SecretFinding {
  const { path, suppressed } = secret;
  if (suppressed !== undefined || !(SHIPPED.test(path) || unchanged.has(path))) return secret;
  const name = distribution.get(owners.get(path) ?? owners.get(throughMergedUsr(path)) ?? '');
  if (name === undefined) return secret;
  const reason = `The file is part of the distribution's package ${name}: what it holds is published.`;
  return { ...secret, suppressed: { by: 'built-in', reason } };
}

const SYSTEM_TYPES: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm']);

function withOwner(one: SoftwarePackage, owners: ReadonlyMap<string, string>): SoftwarePackage {
  if (owners.size === 0 || one.ownedBy !== undefined || SYSTEM_TYPES.has(one.type)) return one;
  for (const { path } of one.locations) {
    // Nested archives belong to whoever owns the outermost file.
    const [file = path] = path.split('!/');
    const owner = owners.get(file) ?? owners.get(throughMergedUsr(file));
    if (owner !== undefined) return { ...one, ownedBy: owner };
  }
  return one;
}

/** Packages list files under the names from before the /usr merge: `/lib/x` is `/usr/lib/x`, and the other way round. */
function throughMergedUsr(path: string): string {
  if (/^\/usr\/(?:bin|sbin|lib\w*)\//.test(path)) return path.slice(4);
  return /^\/(?:bin|sbin|lib\w*)\//.test(path) ? `/usr${path}` : path;
}
