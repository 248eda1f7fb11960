// Tells packages of other repositories from those of the distribution, by what the status database says of them.
import type { DebPackage } from './status.ts';

/** Parts of versions that only the named repository writes. */
const VERSION_MARKS: readonly (readonly [RegExp, string])[] = [
  [/deb\.sury\.org|\+0~\d{8}\.\d+\+(?:debian|ubuntu)\d/, 'deb.sury.org'],
  [/\.pgdg/, 'apt.postgresql.org'],
  [/nodesource/, 'deb.nodesource.com'],
  [/~ppa|ppa\d+/, 'launchpad.net PPA'],
  [/\+dotdeb/, 'dotdeb.org'],
  [/\+maria~/, 'mariadb.org'],
  [/percona/, 'percona.com'],
  [/-dmo\d/, 'deb-multimedia.org'],
  [/^5:\d+\.\d+\.\d+[^-]*-1~(?:debian|ubuntu)\./, 'download.docker.com'],
  [/-\d+~(?:stretch|buster|bullseye|bookworm|trixie|bionic|focal|jammy|noble)$/, 'vendor repository'],
];

/** Domains of maintainers who publish in their own repositories and not in the distribution's. */
const VENDOR_DOMAINS: ReadonlySet<string> = new Set([
  'docker.com',
  'nodesource.com',
  'nginx.com',
  'nginx.org',
  'mongodb.com',
  '10gen.com',
  'elastic.co',
  'hashicorp.com',
  'grafana.com',
  'gitlab.com',
  'percona.com',
  'sury.org',
  'influxdata.com',
  'datadoghq.com',
  'newrelic.com',
  'confluent.io',
  'cloudflare.com',
  'tailscale.com',
  'packages.microsoft.com',
  'puppet.com',
  'chef.io',
  'varnish-software.com',
  'sonarsource.com',
  'azul.com',
  'bell-sw.com',
  'adoptium.net',
  'clickhouse.com',
  'redis.com',
  'rabbitmq.com',
  'kubernetes.io',
]);

/** Repository words in `Origin` that mean the distribution itself. */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(['debian', 'ubuntu', 'kali', 'raspbian', 'devuan']);

/** True for the `Origin` of a distribution's own archive, backports included. */
export function isDistribution(origin: string): boolean {
  return DISTRIBUTIONS.has(origin.toLowerCase().split(' ', 1)[0] ?? '');
}

function maintainerDomain(maintainer: string): string {
  return /@([a-z0-9.-]{1,200})>?\s*$/i.exec(maintainer)?.[1]?.toLowerCase() ?? '';
}

/**
 * The repository that a package came from when it was not the distribution's; undefined otherwise and where
 * nothing says so. dpkg does not record repositories: this rests on `Origin`, marks within versions that only
 * one repository writes, and maintainers who publish nowhere else.
 */
export function thirdPartyOrigin(entry: DebPackage): string | undefined {
  if (entry.origin !== '' && !isDistribution(entry.origin)) return entry.origin;
  const mark = VERSION_MARKS.find(([pattern]) => pattern.test(entry.version));
  if (mark !== undefined) return mark[1];
  const domain = maintainerDomain(entry.maintainer);
  if (VENDOR_DOMAINS.has(domain)) return domain;
  const parent = domain.split('.').slice(-2).join('.');
  return VENDOR_DOMAINS.has(parent) ? parent : undefined;
}
