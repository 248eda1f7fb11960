// A report with something of everything, hostile text included; tests of all formats share it.
import type { ScanReport, SoftwarePackage, VulnerabilityFinding } from '@guardcell/core';

const LAYER = `sha256:${'a'.repeat(64)}`;

const PACKAGES: readonly SoftwarePackage[] = [
  {
    name: 'libssl3',
    version: '3.0.11-1~deb12u2',
    type: 'deb',
    purl: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
    arch: 'amd64',
    source: { name: 'openssl', version: '3.0.11-1~deb12u2' },
    locations: [{ path: '/var/lib/dpkg/status', layer: LAYER }],
    licenses: ['Apache-2.0', 'Artistic, GPL-1+'],
  },
  {
    name: 'linux-libc-dev',
    version: '1:6.1.55-1',
    type: 'deb',
    purl: 'pkg:deb/debian/linux-libc-dev@1:6.1.55-1?arch=all&distro=debian-12',
    arch: 'all',
    source: { name: 'linux', version: '6.1.55-1' },
    locations: [{ path: '/var/lib/dpkg/status', layer: LAYER }],
    licenses: ['GPL-2.0-only WITH Linux-syscall-note'],
    inert: true,
    thirdParty: 'packages.example.org',
  },
  {
    name: '@babel/core',
    version: '7.0.0',
    type: 'npm',
    purl: 'pkg:npm/%40babel/core@7.0.0',
    locations: [
      { path: '/app/node_modules/@babel/core/package.json', layer: LAYER },
      { path: '/app/b/package.json' },
    ],
    licenses: ['MIT'],
    direct: true,
    dev: false,
  },
  {
    name: 'org.apache.logging.log4j:log4j-core',
    version: '2.14.1',
    type: 'maven',
    purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
    locations: [{ path: '/opt/app.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar', layer: LAYER }],
    licenses: ['Apache-2.0 OR MIT'],
    ownedBy: 'pkg:deb/debian/liblog4j2-java@2.14.1-1',
  },
  {
    name: 'golang.org/x/net',
    version: 'v0.1.0',
    type: 'golang',
    purl: 'pkg:golang/golang.org/x/net@v0.1.0',
    locations: [{ path: '/usr/bin/app </text> ]]> "quoted" & <b>' }],
    licenses: [],
    symbols: ['golang.org/x/net/http2.Server.ServeConn', 'a<b'],
  },
  {
    name: 'nginx',
    version: '1.25.1',
    type: 'binary',
    purl: 'pkg:generic/nginx@1.25.1',
    locations: [{ path: '/usr/sbin/nginx' }],
    licenses: ['<script>alert(1)</script> 私有许可'],
  },
];

function vulnerability(
  id: string,
  item: SoftwarePackage,
  more: Partial<VulnerabilityFinding> = {},
): VulnerabilityFinding {
  return {
    id,
    aliases: [],
    package: item.purl,
    packageName: item.name,
    installed: item.version,
    fixed: '',
    severity: 'medium',
    cvss: 0,
    score: 20,
    factors: [],
    status: 'affected',
    inUse: 'unknown',
    summary: '',
    references: [],
    explain: {
      feed: 'debian',
      advisory: id,
      ecosystem: 'Debian:12',
      matchedName: item.source?.name ?? item.name,
      range: '< 99',
      comparison: `${item.version} < 99 (${item.type})`,
    },
    ...more,
  };
}

const [SSL, KERNEL, BABEL, LOG4J, NET] = PACKAGES as [
  SoftwarePackage,
  SoftwarePackage,
  SoftwarePackage,
  SoftwarePackage,
  SoftwarePackage,
];

export const SAMPLE_REPORT: ScanReport = {
  schemaVersion: 1,
  createdAt: '2026-03-04T05:06:07.089Z',
  artifact: {
    kind: 'image',
    name: 'registry.example.org/shop/web:1.2',
    digest: `sha256:${'d'.repeat(64)}`,
    platform: 'linux/amd64',
    os: {
      id: 'debian',
      idLike: ['ubuntu-parent'],
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
    },
    layers: [LAYER],
    size: 123_456_789,
  },
  packages: PACKAGES,
  vulnerabilities: [
    vulnerability('CVE-2023-5363', SSL, {
      aliases: ['DSA-5532-1'],
      fixed: '3.0.11-1~deb12u3',
      severity: 'high',
      cvss: 7.5,
      score: 41.5,
      inUse: 'loaded',
      summary: 'Keys <b>cut short</b>\u0007 & initialisation vectors 密钥长度',
      references: ['https://www.openssl.org/news/secadv/20231024.txt', 'javascript:alert(1)', 'not a url'],
    }),
    vulnerability('CVE-2021-44228', LOG4J, {
      aliases: ['GHSA-jfh8-c2jp-5v3q'],
      fixed: '2.15.0',
      severity: 'critical',
      cvss: 10,
      score: 100,
      factors: [
        { name: 'cvss', value: '10.0', effect: 60 },
        { name: 'kev', value: '2021-12-10', effect: 30 },
      ],
      inUse: 'executed',
      summary: 'Lookups in messages load code from elsewhere.',
      references: ['https://nvd.nist.gov/vuln/detail/CVE-2021-44228'],
    }),
    vulnerability('CVE-2099-0001', KERNEL, {
      severity: 'low',
      status: 'will-not-fix',
      suppressed: { by: '.guardcell.yaml', reason: 'headers only', until: '2027-01-01' },
    }),
    vulnerability('GO-2022-0969', NET, { status: 'fix-deferred', fixed: '0.2.0' }),
    vulnerability('CVE-2099-0002', BABEL, { severity: 'info', status: 'under-investigation' }),
  ],
  secrets: [
    {
      rule: 'aws-access-key',
      title: 'AWS access key',
      severity: 'critical',
      path: '/app/.env',
      line: 3,
      layer: LAYER,
      excerpt: 'KEY=AKIA************',
    },
    {
      rule: 'private-key',
      title: 'Private key',
      severity: 'high',
      path: '/old/key.pem',
      line: 1,
      commit: '0123456789012345678901234567890123456789',
      excerpt: '-----BEGIN ********',
      suppressed: { by: '.guardcell.yaml', reason: 'test key' },
    },
  ],
  misconfigurations: [
    {
      check: 'GC-DOCKER-001',
      title: 'The image runs as root',
      severity: 'high',
      path: '/Dockerfile',
      startLine: 1,
      endLine: 4,
      message: 'No USER follows the last FROM.',
      fix: 'Add USER with a number above 0.',
    },
  ],
  malware: [
    { rule: 'EICAR', severity: 'critical', path: '/tmp/eicar.com', layer: LAYER, sha256: 'e'.repeat(64) },
  ],
  licenses: [
    {
      expression: 'GPL-2.0-only WITH Linux-syscall-note',
      package: KERNEL.purl,
      category: 'copyleft',
      verdict: 'denied',
    },
    { expression: 'MIT', package: BABEL.purl, category: 'permissive', verdict: 'allowed' },
  ],
  errors: [
    { code: 'GC_IMAGE_LAYER', message: 'truncated gzip stream', at: LAYER, hint: 'Pull the image again.' },
  ],
};

/** A report of nothing. */
export const EMPTY_REPORT: ScanReport = {
  schemaVersion: 1,
  createdAt: '2026-03-04T05:06:07.089Z',
  artifact: { kind: 'filesystem', name: '.', digest: '', platform: '', layers: [], size: 0 },
  packages: [],
  vulnerabilities: [],
  secrets: [],
  misconfigurations: [],
  malware: [],
  licenses: [],
  errors: [],
};
