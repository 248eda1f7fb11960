// What the fake platform found: every vulnerability in every package of every image, scored and explained.
import type { Artifact, ArtifactVulnerability, SeverityCounts } from '@guardcell/contract';
import { IN_USE, SEVERITIES, type Severity, type SoftwarePackage } from '@guardcell/core';
import { seededRandom } from '../random.ts';
import { FAKE_CVES, type FakeCve, severityOf } from './cves.ts';
import { FAKE_IMAGES, type FakeImage, type FakePackage, sha } from './images.ts';

const HOUR_MS = 3_600_000;
const FEEDS: Readonly<Record<string, readonly [feed: string, ecosystem: string]>> = {
  deb: ['debian', 'Debian:12'],
  apk: ['alpine', 'Alpine:v3.20'],
  maven: ['osv', 'Maven'],
  npm: ['osv', 'npm'],
  golang: ['osv-go', 'Go'],
  pypi: ['osv', 'PyPI'],
  binary: ['nvd', 'binary'],
};

export interface FakeFinding extends ArtifactVulnerability {
  readonly artifact: string;
  readonly cve: FakeCve;
}

export interface FakeArtifact {
  readonly id: string;
  readonly image: FakeImage;
  readonly layers: readonly string[];
  readonly packages: readonly FakePackage[];
}

export function purlOf({ type, name, version }: FakePackage): string {
  const path = type === 'maven' ? name.replace(':', '/') : type === 'deb' ? `debian/${name}` : name;
  return `pkg:${type}/${path}@${version}`;
}

export function softwarePackage(artifact: FakeArtifact, each: FakePackage): SoftwarePackage {
  const isSystem = each.type === 'deb' || each.type === 'apk';
  const layer = artifact.layers[each.layer];
  return {
    name: each.name,
    version: each.version,
    type: each.type,
    purl: purlOf(each),
    source: isSystem ? { name: each.source, version: each.version } : null,
    locations: [{ path: each.path, ...(layer !== undefined && { layer }) }],
    licenses: isSystem ? ['GPL-2.0-or-later'] : each.type === 'maven' ? ['Apache-2.0'] : ['MIT'],
  } as SoftwarePackage;
}

function noCounts(): { -readonly [K in keyof SeverityCounts]: number } {
  return { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
}

export function counted(findings: readonly { readonly severity: Severity }[]): SeverityCounts {
  const counts = noCounts();
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

function isOlder(version: string, fixed: string): boolean {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  const [a, b] = [numbers(version), numbers(fixed)];
  for (const [at, wanted] of b.entries()) if ((a[at] ?? 0) !== wanted) return (a[at] ?? 0) < wanted;
  return false;
}

function isAffected(each: FakePackage, cve: FakeCve): boolean {
  if (each.type !== cve.type || each.source !== cve.source) return false;
  return cve.type === 'deb' || cve.fixed === '' || isOlder(each.version, cve.fixed);
}

export function fakeArtifacts(): FakeArtifact[] {
  return FAKE_IMAGES.map((image) => ({
    id: image.host === undefined ? sha(`manifest ${image.reference}`) : `host:${image.host}`,
    image,
    layers: image.history.map((step, at) => sha(`${at} ${step} ${at === 0 ? '' : image.reference}`)),
    packages: image.packages,
  }));
}

function factorsOf(cve: FakeCve, { inUse }: FakePackage): FakeFinding['factors'] {
  const factors: FakeFinding['factors'] = [
    { name: 'cvss', value: cve.cvss.toFixed(1), effect: Math.round(cve.cvss * 5) },
    {
      name: 'epss',
      value: `${(cve.epss * 100).toFixed(1)} % within 30 days`,
      effect: Math.round(cve.epss * 20),
    },
  ];
  if (cve.marks.includes('K'))
    factors.push({ name: 'kev', value: 'exploited, listed 2024-05-14', effect: 15 });
  if (cve.marks.includes('R')) factors.push({ name: 'ransomware', value: 'used by ransomware', effect: 5 });
  const used = { executed: 10, loaded: 8, opened: 4, untouched: -15, unknown: 0 }[inUse];
  factors.push({ name: 'in-use', value: inUse, effect: used });
  if (cve.fixed !== '') factors.push({ name: 'fix', value: `fixed in ${cve.fixed}`, effect: 3 });
  return factors;
}

function findingOf(
  artifact: FakeArtifact,
  each: FakePackage,
  cve: FakeCve,
  firstSeenMs: number,
): FakeFinding {
  const factors = factorsOf(cve, each);
  const score = Math.max(
    1,
    Math.min(
      100,
      factors.reduce((sum, { effect }) => sum + effect, 0),
    ),
  );
  const [feed, ecosystem] = FEEDS[cve.type] ?? ['osv', cve.type];
  return {
    artifact: artifact.id,
    cve,
    id: cve.id,
    aliases:
      cve.type === 'deb'
        ? []
        : [`GHSA-${sha(cve.id).slice(7, 11)}-${sha(cve.id).slice(11, 15)}-${sha(cve.id).slice(15, 19)}`],
    package: purlOf(each),
    packageName: each.name,
    installed: each.version,
    fixed: cve.fixed,
    severity: severityOf(cve),
    cvss: cve.cvss,
    score: cve.marks.includes('W') ? Math.min(score, 20) : score,
    factors,
    status: cve.marks.includes('W') ? 'will-not-fix' : cve.fixed === '' ? 'fix-deferred' : 'affected',
    inUse: each.inUse,
    summary: cve.summary,
    references: [`https://nvd.nist.gov/vuln/detail/${cve.id}`, `https://www.cve.org/CVERecord?id=${cve.id}`],
    explain: {
      feed,
      advisory: cve.id,
      ecosystem,
      matchedName: each.source,
      range: cve.fixed === '' ? 'all versions' : `< ${cve.fixed}`,
      comparison:
        cve.fixed === ''
          ? `${each.version} (no fixed version)`
          : `${each.version} < ${cve.fixed} (${cve.type})`,
    },
    firstSeenAt: new Date(firstSeenMs).toISOString(),
    layer: artifact.layers[each.layer] ?? '',
    path: each.path,
    acceptance: '',
  };
}

/** About 300 findings, highest score first. */
export function fakeFindings(artifacts: readonly FakeArtifact[], nowMs: number): FakeFinding[] {
  const random = seededRandom(4711);
  return artifacts
    .flatMap((artifact) =>
      artifact.packages.flatMap((each) =>
        FAKE_CVES.filter((cve) => isAffected(each, cve)).map((cve) =>
          findingOf(artifact, each, cve, nowMs - (1 + random.below(40 * 24)) * HOUR_MS),
        ),
      ),
    )
    .sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1));
}

export function worst(findings: readonly FakeFinding[]): Severity {
  return SEVERITIES.find((severity) => findings.some((each) => each.severity === severity)) ?? 'info';
}

export function strongestUse(findings: readonly FakeFinding[]): FakeFinding['inUse'] {
  return IN_USE.find((grade) => findings.some((each) => each.inUse === grade)) ?? 'unknown';
}

/** What could not be read, and what is worth knowing, of an image that has such. */
export const FAKE_ERRORS: Artifact['errors'] = [
  {
    code: 'GC_FILE_NOT_READ',
    message: 'jar: ZIP directory is cut or broken',
    at: '/opt/conda/pkgs/openjdk-17.jar',
    hint: '',
  },
  {
    code: 'GC_OS_END_OF_LIFE',
    level: 'note',
    message: 'Debian GNU/Linux 10 (buster) has had no security fixes since 2024-06-30',
    at: '/etc/os-release',
    hint: 'What is not listed may still be vulnerable; move to a release that is supported (https://wiki.debian.org/LTS).',
  },
];
