// The fake platform's findings in the forms of the API: summaries, groups, facets, plans, comparisons.
import type {
  Acceptance,
  AcceptanceScope,
  ArtifactFindings,
  ArtifactSummary,
  Comparison,
  FixStep,
  SeverityCounts,
  VulnerabilityFacets,
  VulnerabilityFilter,
  VulnerabilityGroup,
  VulnerablePackage,
  VulnerableWorkload,
} from '@guardcell/contract';
import { type Container, exposureOfContainer, isExposed, withoutTag } from '@guardcell/core';
import { globMatches } from '@guardcell/vuln';
import { counted, type FakeArtifact, type FakeFinding, strongestUse, worst } from './findings.ts';
import { sha } from './images.ts';

const HOUR_MS = 3_600_000;

export interface FakeScans {
  readonly nowMs: number;
  readonly artifacts: readonly FakeArtifact[];
  readonly findings: FakeFinding[];
  readonly containers: readonly Container[];
}

export function runningOf({ containers }: FakeScans, { image }: FakeArtifact): Container[] {
  return containers.filter((each) => each.state === 'running' && each.image.reference === image.reference);
}

export function isInScope(scans: FakeScans, scope: AcceptanceScope, finding: FakeFinding): boolean {
  const reference = scans.artifacts.find(({ id }) => id === finding.artifact)?.image.reference ?? '';
  return (
    finding.id === scope.vulnerability &&
    (scope.package === '' || scope.package === finding.packageName) &&
    (scope.artifact === '' || scope.artifact === finding.artifact) &&
    (scope.image === '' || globMatches(scope.image, withoutTag(reference)))
  );
}

/** Marks what approved acceptances silence. */
export function applyAcceptances(scans: FakeScans, acceptances: readonly Acceptance[]): void {
  const approved = acceptances.filter(({ state }) => state === 'approved');
  for (const [at, finding] of scans.findings.entries()) {
    const by = approved.find(({ scope }) => isInScope(scans, scope, finding));
    const { suppressed: _old, ...rest } = finding;
    scans.findings[at] =
      by === undefined
        ? { ...rest, acceptance: '' }
        : {
            ...rest,
            acceptance: by.id,
            suppressed: { by: by.decidedBy, reason: by.reason, until: by.until },
          };
  }
}

export function passes(scans: FakeScans, filter: VulnerabilityFilter, finding: FakeFinding): boolean {
  const artifact = scans.artifacts.find(({ id }) => id === finding.artifact);
  if (artifact === undefined) return false;
  const any = (values: readonly string[] | undefined, value: string): boolean =>
    values === undefined || values.length === 0 || values.includes(value);
  const q = (filter.q ?? '').toLowerCase();
  const kind = artifact.image.host === undefined ? 'image' : 'host';
  const inContainer =
    filter.container === undefined || runningOf(scans, artifact).some(({ id }) => id === filter.container);
  return (
    any(filter.severity, finding.severity) &&
    any(filter.status, finding.status) &&
    any(filter.inUse, finding.inUse) &&
    any(filter.type, finding.cve.type) &&
    any(filter.kind, kind) &&
    (filter.artifact === undefined || filter.artifact === finding.artifact) &&
    (filter.package === undefined || filter.package === finding.packageName) &&
    (filter.registry === undefined || filter.registry === artifact.image.registry) &&
    (filter.fixable === undefined || filter.fixable === (finding.fixed !== '')) &&
    (filter.exposed === undefined ||
      filter.exposed === runningOf(scans, artifact).some((each) => isExposed(exposureOf(each).level))) &&
    (filter.exploited === undefined || filter.exploited === finding.cve.marks.includes('K')) &&
    (filter.running !== true || runningOf(scans, artifact).length > 0 || kind === 'host') &&
    (finding.acceptance !== '') === (filter.accepted === true) &&
    inContainer &&
    [finding.id, ...finding.aliases, finding.packageName, artifact.image.reference].some((each) =>
      each.toLowerCase().includes(q),
    )
  );
}

export function grouped(
  findings: readonly FakeFinding[],
  key: (finding: FakeFinding) => string,
): [string, FakeFinding[]][] {
  return [...Map.groupBy(findings, key)];
}

export function summaryOf(
  scans: FakeScans,
  artifact: FakeArtifact,
  filter?: VulnerabilityFilter,
): ArtifactSummary {
  const { image } = artifact;
  const all = scans.findings.filter((each) => each.artifact === artifact.id);
  const open =
    filter === undefined
      ? all.filter(({ acceptance }) => acceptance === '')
      : all.filter((each) => passes(scans, filter, each));
  const scannedMs = scans.nowMs - image.hoursAgo * HOUR_MS;
  return {
    id: artifact.id,
    kind: image.host === undefined ? 'image' : 'host',
    name: image.reference,
    references: [image.reference],
    registries: image.registry === '' ? [] : [image.registry],
    platform: 'linux/amd64',
    os: image.os[3],
    size: image.sizeMb * 1_048_576,
    packages: image.packages.length,
    vulnerabilities: counted(open),
    fixable: open.filter(({ fixed }) => fixed !== '').length,
    exploited: open.filter(({ cve }) => cve.marks.includes('K')).length,
    inUse: open.filter(({ inUse }) => inUse === 'executed' || inUse === 'loaded').length,
    accepted: all.length - all.filter(({ acceptance }) => acceptance === '').length,
    secrets: image.secrets,
    misconfigurations: image.misconfigurations,
    malware: image.malware,
    risk: Math.max(0, ...open.map(({ score }) => score)),
    running: runningOf(scans, artifact).length,
    scannedAt: new Date(scannedMs).toISOString(),
    matchedAt: new Date(scans.nowMs - 3.9 * HOUR_MS).toISOString(),
    errors: image.errors,
  };
}

export function groupOf(scans: FakeScans, id: string, findings: readonly FakeFinding[]): VulnerabilityGroup {
  const [first] = findings;
  if (first === undefined) throw new Error('a group has findings');
  const names = grouped(findings, ({ packageName }) => packageName).sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const artifacts = new Set(findings.map(({ artifact }) => artifact));
  return {
    id,
    aliases: [...first.aliases],
    summary: first.summary,
    severity: worst(findings),
    cvss: first.cvss,
    score: Math.max(...findings.map(({ score }) => score)),
    epss: first.cve.epss,
    exploited: first.cve.marks.includes('K'),
    ransomware: first.cve.marks.includes('R'),
    fixable: findings.some(({ fixed }) => fixed !== ''),
    inUse: strongestUse(findings),
    packages: names.slice(0, 5).map(([name]) => name),
    packageCount: names.length,
    artifacts: artifacts.size,
    running: scans.artifacts
      .filter(({ id: each }) => artifacts.has(each))
      .reduce((sum, each) => sum + runningOf(scans, each).length, 0),
    firstSeenAt: findings.map(({ firstSeenAt }) => firstSeenAt).sort()[0] ?? '',
  };
}

export function packageOf(
  scans: FakeScans,
  name: string,
  findings: readonly FakeFinding[],
): VulnerablePackage {
  const group = groupOf(scans, name, findings);
  return {
    name,
    type: findings[0]?.cve.type ?? 'deb',
    versions: [...new Set(findings.map(({ installed }) => installed))].slice(0, 10),
    vulnerabilities: counted(findings),
    score: group.score,
    fixable: findings.filter(({ fixed }) => fixed !== '').length,
    inUse: group.inUse,
    artifacts: group.artifacts,
    running: group.running,
  };
}

export function exposureOf(container: Container): VulnerableWorkload['exposure'] {
  const { ports, endpoints, ...rest } = exposureOfContainer(container);
  return { ...rest, ports: [...ports], endpoints: [...endpoints] };
}

export function workloadsOf(scans: FakeScans, filter: VulnerabilityFilter): VulnerableWorkload[] {
  return scans.artifacts
    .flatMap((artifact) =>
      runningOf(scans, artifact).map((container): VulnerableWorkload => {
        const findings = scans.findings.filter(
          (each) =>
            each.artifact === artifact.id && passes(scans, { ...filter, container: container.id }, each),
        );
        return {
          container: container.id,
          name: container.name,
          hostname: 'node-a.example.net',
          namespace: container.kubernetes?.namespace ?? '',
          pod: container.kubernetes?.podName ?? '',
          image: container.image.reference,
          artifact: artifact.id,
          vulnerabilities: counted(findings),
          exploited: findings.filter(({ cve }) => cve.marks.includes('K')).length,
          inUse: findings.filter(({ inUse }) => inUse === 'executed' || inUse === 'loaded').length,
          fixable: findings.filter(({ fixed }) => fixed !== '').length,
          score: Math.max(0, ...findings.map(({ score }) => score)),
          exposure: exposureOf(container),
        };
      }),
    )
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

export function facetsOf(scans: FakeScans, filter: VulnerabilityFilter): VulnerabilityFacets {
  const nameOf = (id: string): string =>
    scans.artifacts.find((each) => each.id === id)?.image.reference ?? id;
  function facet(
    without: keyof VulnerabilityFilter,
    value: (each: FakeFinding) => string,
    label = (each: string) => each,
  ): VulnerabilityFacets['severity'] {
    const { [without]: _own, ...rest } = filter;
    return grouped(
      scans.findings.filter((each) => passes(scans, rest, each)),
      value,
    )
      .map(([key, all]) => ({ value: key, label: label(key), count: all.length }))
      .sort((a, b) => b.count - a.count)
      .slice(0, 20);
  }
  return {
    severity: facet('severity', (each) => each.severity),
    status: facet('status', (each) => each.status),
    inUse: facet('inUse', (each) => each.inUse),
    type: facet('type', (each) => each.cve.type),
    kind: facet('kind', (each) => (each.artifact.startsWith('host:') ? 'host' : 'image')),
    fixable: facet('fixable', (each) => String(each.fixed !== '')),
    exploited: facet('exploited', (each) => String(each.cve.marks.includes('K'))),
    exposed: facet('exposed', (each) =>
      String(
        scans.artifacts
          .filter(({ id }) => id === each.artifact)
          .flatMap((artifact) => runningOf(scans, artifact))
          .some((container) => isExposed(exposureOf(container).level)),
      ),
    ),
    artifact: facet('artifact', (each) => each.artifact, nameOf),
    package: facet('package', (each) => each.packageName),
  };
}

const COMMANDS: Readonly<Record<string, (name: string, to: string) => string>> = {
  deb: (name, to) => `apt-get install ${name}=${to}`,
  apk: (name, to) => `apk add '${name}>=${to}'`,
  npm: (name, to) => `npm install ${name}@${to}`,
  golang: (name, to) => (name === 'stdlib' ? `build with Go ${to}` : `go get ${name}@v${to}`),
  pypi: (name, to) => `pip install '${name}>=${to}'`,
  maven: (name, to) => `${name}:${to}`,
  binary: (name, to) => `${name} ${to}`,
};

export function fixPlanOf(findings: readonly FakeFinding[]): FixStep[] {
  const weight = (closes: SeverityCounts): number =>
    closes.critical * 1000 + closes.high * 100 + closes.medium * 10 + closes.low;
  return grouped(
    findings.filter(({ fixed }) => fixed !== ''),
    ({ package: purl }) => purl,
  )
    .map(([purl, all]): FixStep => {
      const [first] = all;
      const to =
        all
          .map(({ fixed }) => fixed)
          .sort()
          .at(-1) ?? '';
      const name = first?.packageName ?? '';
      return {
        action: (COMMANDS[first?.cve.type ?? ''] ?? ((each: string) => each))(name, to),
        package: purl,
        packageName: name,
        from: first?.installed ?? '',
        to,
        closes: counted(all),
        vulnerabilities: [...new Set(all.map(({ id }) => id))],
        artifacts: new Set(all.map(({ artifact }) => artifact)).size,
      };
    })
    .sort((a, b) => weight(b.closes) - weight(a.closes));
}

export function comparisonOf(scans: FakeScans, from: FakeArtifact, to: FakeArtifact): Comparison {
  const of = ({ id }: FakeArtifact): FakeFinding[] => scans.findings.filter((each) => each.artifact === id);
  const key = ({ id, packageName }: FakeFinding): string => `${id} ${packageName}`;
  const [before, after] = [of(from), of(to)];
  const [known, next] = [new Set(before.map(key)), new Set(after.map(key))];
  const change = (each: FakeFinding): Comparison['added'][number] => ({
    id: each.id,
    packageName: each.packageName,
    installed: each.installed,
    fixed: each.fixed,
    severity: each.severity,
    score: each.score,
  });
  const added = after.filter((each) => !known.has(key(each)));
  const removed = before.filter((each) => !next.has(key(each)));
  const names = new Map(
    [...from.packages, ...to.packages].map((each) => [`${each.type} ${each.name}`, each]),
  );
  const packages = [...names.values()]
    .map(({ name, type }) => ({
      name,
      type,
      from: from.packages.find((each) => each.name === name && each.type === type)?.version ?? '',
      to: to.packages.find((each) => each.name === name && each.type === type)?.version ?? '',
    }))
    .filter((each) => each.from !== each.to);
  return {
    from: summaryOf(scans, from),
    to: summaryOf(scans, to),
    packages,
    added: added.map(change),
    removed: removed.map(change),
    counts: {
      packages: packages.length,
      added: counted(added),
      removed: counted(removed),
      unchanged: counted(after.filter((each) => known.has(key(each)))),
    },
  };
}

export function otherFindings({ image, layers }: FakeArtifact): ArtifactFindings {
  const layer = layers.at(-1);
  const secrets: ArtifactFindings['secrets'] = [
    {
      rule: 'database-url-postgres',
      title: 'PostgreSQL address with password',
      severity: 'high',
      path: '/app/config/application.yaml',
      line: 14,
      excerpt: 'url: postgres://shop:********@shop-db/shop',
    },
    {
      rule: 'aws-access-key-id',
      title: 'AWS access key ID',
      severity: 'critical',
      path: '/app/config/deploy.env',
      line: 3,
      excerpt: 'AWS_ACCESS_KEY_ID=AKIA************',
    },
  ];
  const inImage = { path: 'config', startLine: 0, endLine: 0 };
  const misconfigurations: ArtifactFindings['misconfigurations'] = [
    {
      ...inImage,
      check: 'GC-IMAGE-001',
      title: 'The image runs as root',
      severity: 'medium',
      message: 'The image runs as root',
      fix: 'Set USER to a number above 0 at the end of the Dockerfile.',
    },
    {
      ...inImage,
      check: 'GC-IMAGE-006',
      title: 'The image has no health check',
      severity: 'low',
      message: 'The image has no health check',
      fix: 'Add HEALTHCHECK, or give the orchestrator a probe and ignore this.',
    },
    {
      ...inImage,
      check: 'GC-IMAGE-010',
      title: 'Certificates of servers were not checked when the image was built',
      severity: 'medium',
      message:
        'Certificates of servers were not checked when the image was built (curl -k https://mirror.example.net/tools.tgz)',
      fix: 'Install the authority’s certificate instead of switching checks off.',
    },
  ];
  return {
    secrets: secrets
      .slice(0, image.secrets)
      .map((each) => ({ ...each, ...(layer !== undefined && { layer }) })),
    misconfigurations: misconfigurations.slice(0, image.misconfigurations),
    malware:
      image.malware === 0
        ? []
        : [
            {
              rule: 'webshell-php-eval-request',
              title: 'PHP web shell: runs code or commands out of a request',
              severity: 'critical',
              path: '/usr/src/wordpress/wp-content/uploads/cache.php',
              sha256: sha('webshell').slice(7),
              ...(layer !== undefined && { layer }),
            },
          ],
    licenses: [
      {
        expression: 'GPL-2.0-or-later',
        package: 'pkg:deb/debian/bash@5.2.15-2+b2',
        category: 'copyleft',
        verdict: 'review',
      },
      {
        expression: 'Apache-2.0',
        package: image.packages.at(-1)?.name ?? 'app',
        category: 'permissive',
        verdict: 'allowed',
      },
      {
        expression: 'AGPL-3.0-only',
        package: 'pkg:generic/ghostscript@10.0',
        category: 'network-copyleft',
        verdict: 'denied',
      },
    ],
    cut: 0,
  };
}
