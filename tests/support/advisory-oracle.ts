// Which advisories concern a package, computed from the raw records with orders that are not ours: npm's semver,
// Python's packaging, RubyGems itself, and plain numbers for Maven.
import semver from 'semver';
import { gemVerdicts, pep440Order } from './package-oracles.ts';
import { rawRecords } from './raw-feeds.ts';

export interface Subject {
  readonly ecosystem:
    | 'npm'
    | 'PyPI'
    | 'RubyGems'
    | 'Maven'
    | 'Go'
    | 'Bitnami'
    | 'crates.io'
    | 'Packagist'
    | 'NuGet'
    | 'SwiftURL';
  readonly name: string;
  readonly version: string;
}

export interface Expected extends Subject {
  /** All names of the vulnerability; a finding must have one of them. */
  readonly ids: readonly string[];
}

interface OsvEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
}

export interface Affected {
  readonly package?: { readonly ecosystem: string; readonly name: string };
  readonly ranges?: readonly { readonly type: string; readonly events: readonly OsvEvent[] }[];
  readonly versions?: readonly string[];
}

export interface OsvRecord {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly withdrawn?: string;
  readonly affected?: readonly Affected[];
}

type Order = (a: string, b: string) => number;

const pythonName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** npm's semver reads what is nearly a version, such as `1.9.0b1`, when asked to be loose. */
function npmOrder(a: string, b: string): number {
  return semver.compare(
    semver.parse(a, { loose: true }) ?? fail(a),
    semver.parse(b, { loose: true }) ?? fail(b),
  );
}

function semverOrder(a: string, b: string): number {
  const plain = (text: string): string => text.replace(/^(?:go|v)/, '');
  return npmOrder(padded(plain(a)), padded(plain(b)));
}

/** `1.19` → `1.19.0`, `1.0.0.beta.3` → `1.0.0-beta.3`. */
function padded(version: string): string {
  const [, numbers = '', rest = ''] = /^(\d+(?:\.\d+)*)(.*)$/.exec(version.replace(/\.(?=[a-z])/, '-')) ?? [];
  const parts = numbers.split('.');
  while (parts.length < 3) parts.push('0');
  return `${parts.join('.')}${rest}`;
}

function fail(version: string): never {
  throw new Error(`cannot be compared: ${version}`);
}

/** Leading numbers decide, then milestones before releases; any other tie is an error, for nobody guesses here. */
function mavenOrder(a: string, b: string): number {
  const numbers = (text: string): readonly number[] =>
    (/^\d+(?:\.\d+)*/.exec(text)?.[0] ?? fail(text)).split('.').map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(milestone(a) - milestone(b));
}

function milestone(version: string): number {
  const [, qualifier = '', number = ''] =
    /^[\d.]*\d(?:[.-]?(alpha|beta|pre|M|RC|CR|rc|v|Final|RELEASE|GA|jre|android)[.-]?(\d*))?$/.exec(
      version,
    ) ?? fail(version);
  const kinds: Readonly<Record<string, number>> = {
    alpha: -4000,
    beta: -3000,
    pre: -3000,
    M: -2000,
    RC: -1000,
    CR: -1000,
    rc: -1000,
  };
  return (kinds[qualifier] ?? 0) + (qualifier in kinds ? Number(number) : 0);
}

export const boundOf = (event: OsvEvent): string =>
  event.introduced ?? event.fixed ?? event.last_affected ?? '0';

/** Ranges of commits say nothing of a version. */
export const versionRanges = ({ ranges = [] }: Affected): NonNullable<Affected['ranges']> =>
  ranges.filter(({ type }) => type !== 'GIT');

/** Without intervals that end where they begin: nothing is in them. */
function withoutEmpty(events: readonly OsvEvent[]): readonly OsvEvent[] {
  const isEmpty = (at: number): boolean =>
    events[at]?.introduced !== undefined && events[at].introduced === events[at + 1]?.fixed;
  return events.filter((_, at) => !isEmpty(at) && !isEmpty(at - 1));
}

/** OSV's own evaluation: events in order of their versions, the last that does not lie above the version decides. */
function inRanges(published: readonly OsvEvent[], version: string, order: Order): boolean {
  const events = withoutEmpty(published).toSorted((a, b) => {
    const [left, right] = [boundOf(a), boundOf(b)];
    // What one interval ends with may be what the next one begins with.
    if (left === right) return Number(a.introduced !== undefined) - Number(b.introduced !== undefined);
    return left === '0' ? -1 : right === '0' ? 1 : order(left, right);
  });
  let concerned = false;
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && (introduced === '0' || order(version, introduced) >= 0)) concerned = true;
    if (fixed !== undefined && order(version, fixed) >= 0) concerned = false;
    if (last !== undefined && order(version, last) > 0) concerned = false;
  }
  return concerned;
}

const OSV_FEEDS = ['osv-go', 'osv-pypi', 'osv-bitnami', 'osv-crates', 'osv-mixed-cassettes'] as const;

const keyOf = (ecosystem: string, name: string): string =>
  `${ecosystem} ${ecosystem === 'PyPI' ? pythonName(name) : name}`;

async function expectedOfOsv(
  image: string,
  subjects: readonly Subject[],
  feeds: readonly string[],
): Promise<readonly Expected[]> {
  const records = feeds
    .flatMap((feed) => rawRecords<OsvRecord>(feed))
    .filter(({ withdrawn }) => withdrawn === undefined);
  const byName = new Map<string, { readonly record: OsvRecord; readonly one: Affected }[]>();
  for (const record of records) {
    for (const one of record.affected ?? []) {
      if (one.package === undefined) continue;
      const key = keyOf(one.package.ecosystem, one.package.name);
      byName.set(key, [...(byName.get(key) ?? []), { record, one }]);
    }
  }
  const claims = subjects.flatMap((subject) =>
    (byName.get(keyOf(subject.ecosystem, subject.name)) ?? []).map(({ record, one }) => ({
      subject,
      record,
      one,
    })),
  );
  const pep = await pep440Order(
    image,
    claims
      .filter(({ subject }) => subject.ecosystem === 'PyPI')
      .flatMap(({ subject, one }) => [
        subject.version,
        ...versionRanges(one).flatMap(({ events }) => events.map(boundOf)),
      ]),
  );
  const orders: Readonly<Record<Subject['ecosystem'], Order>> = {
    npm: npmOrder,
    PyPI: pep,
    RubyGems: () => fail('gems are judged by Ruby'),
    Maven: mavenOrder,
    Go: semverOrder,
    Bitnami: semverOrder,
    'crates.io': semverOrder,
    Packagist: semverOrder,
    NuGet: semverOrder,
    SwiftURL: semverOrder,
  };
  return claims
    .filter(({ subject, one }) => {
      if (one.versions?.includes(subject.version) === true) return true;
      return versionRanges(one).some(({ events }) =>
        inRanges(events, subject.version, orders[subject.ecosystem]),
      );
    })
    .map(({ subject, record }) => ({ ...subject, ids: [record.id, ...(record.aliases ?? [])] }));
}

interface NodewgRecord {
  readonly id: number;
  readonly module_name?: string;
  readonly cves: readonly string[] | null;
  readonly vulnerable_versions: string | null;
  readonly patched_versions: string | null;
}

interface RetireLibrary {
  readonly npmname?: string;
  readonly vulnerabilities: readonly {
    readonly below: string;
    readonly atOrAbove?: string;
    readonly identifiers: {
      readonly CVE?: readonly string[];
      readonly githubID?: string;
      readonly retid?: string;
      readonly bug?: string;
      readonly issue?: string;
    };
  }[];
}

function expectedOfNpm(subjects: readonly Subject[]): readonly Expected[] {
  const nodewg = rawRecords<NodewgRecord>('npm-nodewg').filter(({ module_name: name }) => name !== undefined);
  const [retire = {}] = rawRecords<Readonly<Record<string, RetireLibrary>>>('retirejs');
  const loose = { loose: true, includePrerelease: true };
  return subjects.flatMap((subject) => [
    ...nodewg
      .filter((record) => {
        const { module_name: name, vulnerable_versions: bad, patched_versions: good } = record;
        if (name !== subject.name) return false;
        if (good !== null && good !== '' && semver.satisfies(subject.version, good, loose)) return false;
        return semver.satisfies(subject.version, bad ?? '', loose);
      })
      .map(({ id, cves }) => ({ ...subject, ids: [`NSWG-ECO-${id}`, ...(cves ?? [])] })),
    ...Object.entries(retire)
      .filter(([key, library]) => (library.npmname ?? key) === subject.name)
      .flatMap(([, library]) => library.vulnerabilities)
      .filter(
        ({ below, atOrAbove }) =>
          npmOrder(subject.version, padded(below)) < 0 &&
          (atOrAbove === undefined || npmOrder(subject.version, padded(atOrAbove)) >= 0),
      )
      .map(({ identifiers: { CVE = [], githubID, retid, bug, issue } }) => {
        const own = `RETIREJS-${subject.name}-${retid ?? bug ?? issue}`;
        const public_ = [...CVE, ...(githubID === undefined ? [] : [githubID])];
        return { ...subject, ids: public_.length > 0 ? public_ : [own] };
      }),
  ]);
}

export interface GemRecord {
  readonly gem?: string;
  readonly cve?: string;
  readonly ghsa?: string;
  readonly osvdb?: string | number;
  readonly patched_versions?: readonly string[];
  readonly unaffected_versions?: readonly string[];
}

async function expectedOfGems(image: string, subjects: readonly Subject[]): Promise<readonly Expected[]> {
  const records = rawRecords<GemRecord>('rubysec-gems');
  const claims = subjects.flatMap((subject) =>
    records.filter(({ gem }) => gem === subject.name).map((record) => ({ subject, record })),
  );
  const verdicts = await gemVerdicts(
    image,
    claims.map(({ subject, record }) => [
      subject.version,
      [...(record.patched_versions ?? []), ...(record.unaffected_versions ?? [])],
    ]),
  );
  return claims
    .filter((_, at) => verdicts[at] === true)
    .map(({ subject, record: { cve, ghsa, osvdb } }) => ({
      ...subject,
      ids: [`CVE-${cve}`, `GHSA-${ghsa}`, `OSVDB-${osvdb}`].filter((id) => !id.endsWith('-undefined')),
    }));
}

interface ProjectKbRecord {
  readonly vulnerability_id: string;
  readonly artifacts?: readonly { readonly id: string; readonly affected: boolean }[];
}

function expectedOfMaven(subjects: readonly Subject[]): readonly Expected[] {
  const records = rawRecords<ProjectKbRecord>('maven-projectkb');
  return subjects.flatMap((subject) => {
    const purl = `pkg:maven/${subject.name.replace(':', '/')}@${subject.version}`;
    return records
      .filter(({ artifacts = [] }) => artifacts.some(({ id, affected }) => affected && id === purl))
      .map(({ vulnerability_id: id }) => ({ ...subject, ids: [id] }));
  });
}

interface PhpRecord {
  readonly cve: string | null;
  readonly reference: string;
  readonly _path: string;
  readonly branches: Readonly<Record<string, { readonly versions: readonly string[] }>>;
}

/** Constraints of a branch hold together; the versions of the sample are plain, so npm's order is Composer's. */
function expectedOfComposer(subjects: readonly Subject[]): readonly Expected[] {
  const records = rawRecords<PhpRecord>('php-advisories');
  const holds = (version: string, constraint: string): boolean => {
    const [, operator = '', bound = ''] = /^\s*(>=|<=|<|>|==?|)\s*v?(\S+)\s*$/.exec(constraint) ?? [];
    const order = semverOrder(version, bound);
    if (operator === '>=') return order >= 0;
    if (operator === '<=') return order <= 0;
    if (operator === '<') return order < 0;
    return operator === '>' ? order > 0 : order === 0;
  };
  return subjects.flatMap((subject) =>
    records
      .filter(({ reference }) => reference === `composer://${subject.name}`)
      .filter(({ branches }) =>
        Object.values(branches).some(({ versions }) => versions.every((one) => holds(subject.version, one))),
      )
      .map(({ cve, _path: path }) => ({
        ...subject,
        ids: [cve ?? `FOP-${path.replace(/\.ya?ml$/, '')}`],
      })),
  );
}

/** What the shared feeds hold of these packages; `image` has Ruby and Python for their orders, where they are asked. */
export async function expectedAdvisories(
  image: string,
  subjects: readonly Subject[],
  feeds: readonly string[] = OSV_FEEDS,
): Promise<readonly Expected[]> {
  const of = (ecosystem: Subject['ecosystem']): readonly Subject[] =>
    subjects.filter((subject) => subject.ecosystem === ecosystem);
  return [
    ...(await expectedOfOsv(
      image,
      subjects.filter(({ ecosystem }) => ecosystem !== 'RubyGems'),
      feeds,
    )),
    ...expectedOfNpm(of('npm')),
    ...(await expectedOfGems(image, of('RubyGems'))),
    ...expectedOfMaven(of('Maven')),
    ...expectedOfComposer(of('Packagist')),
  ];
}
