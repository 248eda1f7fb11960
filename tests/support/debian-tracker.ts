// Data of the shape that Debian's security tracker publishes, made for the packages of real releases, and what each
// state means for an installed version: written against the tracker's documentation, not against our reader.
import { command } from './run-command.ts';

export interface Installed {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly sourceVersion: string;
}

/** The installed packages of a root file system, as its dpkg database has them. */
export async function installedIn(root: string): Promise<readonly Installed[]> {
  const format = '${db:Status-Abbrev}\t${Package}\t${Version}\t${source:Package}\t${source:Version}\n';
  const listed = await command('dpkg-query', [`--admindir=${root}/var/lib/dpkg`, '-W', '-f', format]);
  return listed
    .split('\n')
    .filter((line) => /^.i/.test(line))
    .map((line) => {
      const [, name = '', version = '', source = '', sourceVersion = ''] = line.split('\t');
      return { name, version, source, sourceVersion };
    });
}

export interface TrackerRelease {
  readonly status: string;
  readonly repositories: Readonly<Record<string, string>>;
  readonly fixed_version?: string;
  readonly urgency: string;
  readonly nodsa?: string;
  readonly nodsa_reason?: string;
}

export interface TrackerEntry {
  readonly description: string;
  readonly debianbug?: number;
  readonly scope: string;
  readonly releases: Readonly<Record<string, TrackerRelease>>;
}

export type TrackerDocument = Readonly<Record<string, Readonly<Record<string, TrackerEntry>>>>;

/** Every state that the tracker knows, by the last two digits of the identifier. */
function statesFor(installed: string): readonly Omit<TrackerRelease, 'repositories'>[] {
  return [
    { status: 'resolved', fixed_version: installed, urgency: 'not yet assigned' },
    { status: 'resolved', fixed_version: `${installed}.1`, urgency: 'medium' },
    { status: 'resolved', fixed_version: `${installed}~`, urgency: 'high' },
    { status: 'resolved', fixed_version: '0', urgency: 'not yet assigned' },
    { status: 'open', urgency: 'not yet assigned' },
    { status: 'open', urgency: 'low', nodsa: 'Minor issue', nodsa_reason: '' },
    { status: 'open', urgency: 'medium**', nodsa: 'Minor issue', nodsa_reason: 'ignored' },
    { status: 'open', urgency: 'unimportant' },
    { status: 'open', urgency: 'high', nodsa: 'Can be fixed later', nodsa_reason: 'postponed' },
    { status: 'open', urgency: 'end-of-life' },
    { status: 'undetermined', urgency: 'not yet assigned' },
  ];
}

/** A document for the sources of all releases; every third source is left out, as most sources have nothing. */
export function trackerDocument(releases: ReadonlyMap<string, readonly Installed[]>): TrackerDocument {
  const document: Record<
    string,
    Record<string, { -readonly [K in keyof TrackerEntry]: TrackerEntry[K] }>
  > = {};
  const sources = [...new Set([...releases.values()].flat().map(({ source }) => source))].sort();
  for (const [at, source] of sources.entries()) {
    if (at % 3 === 2) continue;
    const entries: Record<string, TrackerEntry> = {};
    for (const [release, installed] of releases) {
      const one = installed.find((candidate) => candidate.source === source);
      if (one === undefined) continue;
      for (const [state, facts] of statesFor(one.sourceVersion).entries()) {
        const id = `CVE-2099-${String(1000 + at)}${String(state).padStart(2, '0')}`;
        const before = entries[id];
        entries[id] = {
          description: `made up for ${source}`,
          debianbug: 1_000_000 + at,
          scope: 'local',
          releases: {
            ...before?.releases,
            [release]: {
              ...facts,
              repositories: { [release]: one.sourceVersion, [`${release}-security`]: one.sourceVersion },
            },
            sid: { status: 'open', repositories: { sid: '1:9999' }, urgency: 'not yet assigned' },
          },
        };
      }
    }
    document[source] = entries;
  }
  return document;
}

/** `fixed status` for a version, or nothing when the tracker does not call it vulnerable. */
export function trackerVerdict(
  release: TrackerRelease | undefined,
  version: string,
  isBefore: (a: string, b: string) => boolean,
): string | undefined {
  if (release === undefined) return undefined;
  const fixed = release.fixed_version ?? '';
  if (release.status === 'resolved') {
    return fixed !== '0' && isBefore(version, fixed) ? `${fixed} fixed` : undefined;
  }
  if (release.status === 'undetermined') return '- under-investigation';
  if (release.nodsa_reason === 'ignored' || release.urgency === 'end-of-life') return '- will-not-fix';
  if (release.nodsa !== undefined) return '- fix-deferred';
  return '- affected';
}
