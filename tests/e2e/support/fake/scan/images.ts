// Images and hosts that the fake platform has scanned: names of the fake containers, layers, packages.
import { createHash } from 'node:crypto';
import type { InUse, PackageType } from '@guardcell/core';

export interface FakePackage {
  readonly type: PackageType;
  readonly name: string;
  readonly source: string;
  readonly version: string;
  readonly layer: number;
  readonly path: string;
  readonly inUse: InUse;
}

export interface FakeImage {
  readonly reference: string;
  readonly registry: string;
  readonly os: readonly [id: string, version: string, codename: string, pretty: string];
  readonly sizeMb: number;
  readonly history: readonly string[];
  readonly packages: readonly FakePackage[];
  readonly secrets: number;
  readonly misconfigurations: number;
  readonly malware: number;
  readonly errors: number;
  readonly hoursAgo: number;
  /** Name of the host, in the place of an image. */
  readonly host?: string;
}

export function sha(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

type Bin = readonly [name: string, source: string, version: string, inUse?: InUse];

const DEBIAN: FakeImage['os'] = ['debian', '12', 'bookworm', 'Debian GNU/Linux 12 (bookworm)'];
const ALPINE: FakeImage['os'] = ['alpine', '3.20.2', '', 'Alpine Linux v3.20'];
const NO_OS: FakeImage['os'] = ['', '', '', ''];

const DEBIAN_BASE: readonly Bin[] = [
  ['libc6', 'glibc', '2.36-9+deb12u4', 'loaded'],
  ['libc-bin', 'glibc', '2.36-9+deb12u4', 'opened'],
  ['zlib1g', 'zlib', '1:1.2.13.dfsg-1', 'loaded'],
  ['perl-base', 'perl', '5.36.0-7+deb12u1', 'untouched'],
  ['util-linux', 'util-linux', '2.38.1-5+b1', 'untouched'],
  ['libpam-modules', 'pam', '1.5.2-6+deb12u1', 'untouched'],
  ['libsystemd0', 'systemd', '252.22-1~deb12u1', 'untouched'],
  ['apt', 'apt', '2.6.1', 'untouched'],
  ['tar', 'tar', '1.34+dfsg-1.2+deb12u1', 'untouched'],
  ['coreutils', 'coreutils', '9.1-1', 'executed'],
  ['bash', 'bash', '5.2.15-2+b2', 'executed'],
  ['dpkg', 'dpkg', '1.21.22', 'untouched'],
  ['libgnutls30', 'gnutls28', '3.7.9-2+deb12u2', 'untouched'],
];
const WEB: readonly Bin[] = [
  ['libssl3', 'openssl', '3.0.11-1~deb12u2', 'loaded'],
  ['openssl', 'openssl', '3.0.11-1~deb12u2', 'untouched'],
  ['libexpat1', 'expat', '2.5.0-1', 'loaded'],
  ['libkrb5-3', 'krb5', '1.20.1-2+deb12u1', 'opened'],
  ['libcurl4', 'curl', '7.88.1-10+deb12u3', 'loaded'],
  ['libnghttp2-14', 'nghttp2', '1.52.0-1', 'loaded'],
  ['libxml2', 'libxml2', '2.9.14+dfsg-1.3~deb12u1', 'untouched'],
  ['libsqlite3-0', 'sqlite3', '3.40.1-2', 'untouched'],
];

function debs(list: readonly Bin[], layer: number, watched: boolean): FakePackage[] {
  return list.map(([name, source, version, inUse = 'untouched']) => ({
    type: 'deb',
    name,
    source,
    version,
    layer,
    path: '/var/lib/dpkg/status',
    inUse: watched ? inUse : 'unknown',
  }));
}

function app(
  type: PackageType,
  layer: number,
  folder: string,
  list: readonly (readonly [name: string, version: string, inUse: InUse])[],
): FakePackage[] {
  return list.map(([name, version, inUse]) => ({
    type,
    name,
    source: name,
    version,
    layer,
    path: folder.replaceAll('*', name.split(/[:/]/).at(-1) ?? name),
    inUse,
  }));
}

const BASE = ['ADD rootfs.tar.xz / # debian:12-slim', 'CMD ["bash"]'];
const apt = (names: string): string =>
  `RUN /bin/sh -c apt-get update && apt-get install -y ${names} # buildkit`;

const PLAIN = { registry: '', os: DEBIAN, secrets: 0, misconfigurations: 0, malware: 0, errors: 0 };

export const FAKE_IMAGES: readonly FakeImage[] = [
  {
    ...PLAIN,
    reference: 'docker.io/library/nginx:1.29.3',
    sizeMb: 188,
    hoursAgo: 3,
    history: [...BASE.slice(0, 1), apt('nginx=1.29.3-1~bookworm'), 'COPY docker-entrypoint.sh / # buildkit'],
    packages: [...debs(DEBIAN_BASE, 0, true), ...debs(WEB, 1, true)],
    misconfigurations: 1,
  },
  {
    ...PLAIN,
    reference: 'ghcr.io/example/shop-api:2.14.0',
    registry: 'ghcr',
    sizeMb: 412,
    hoursAgo: 2,
    history: [
      ...BASE.slice(0, 1),
      apt('openjdk-17-jre-headless'),
      'COPY config/ /app/config # buildkit',
      'COPY target/shop-api.jar /app/shop-api.jar # buildkit',
    ],
    packages: [
      ...debs(DEBIAN_BASE, 0, true),
      ...debs(WEB.slice(0, 4), 1, true),
      ...app('maven', 3, '/app/shop-api.jar!/BOOT-INF/lib/*.jar', [
        ['org.apache.logging.log4j:log4j-core', '2.14.1', 'loaded'],
        ['org.springframework:spring-beans', '5.3.16', 'loaded'],
        ['org.yaml:snakeyaml', '1.30', 'loaded'],
        ['org.apache.tomcat.embed:tomcat-embed-core', '9.0.60', 'loaded'],
        ['com.fasterxml.jackson.core:jackson-databind', '2.12.5', 'loaded'],
        ['org.apache.commons:commons-text', '1.9', 'untouched'],
      ]),
    ],
    secrets: 2,
    misconfigurations: 2,
  },
  {
    ...PLAIN,
    reference: 'ghcr.io/example/shop-worker:2.14.0',
    registry: 'ghcr',
    sizeMb: 356,
    hoursAgo: 2,
    history: [
      ...BASE.slice(0, 1),
      'RUN npm ci --omit=dev # buildkit',
      'COPY src/ /srv/worker/src # buildkit',
    ],
    packages: [
      ...debs(DEBIAN_BASE, 0, true),
      ...app('npm', 1, '/srv/worker/node_modules/*/package.json', [
        ['lodash', '4.17.15', 'opened'],
        ['axios', '1.6.8', 'opened'],
        ['braces', '3.0.2', 'untouched'],
        ['semver', '7.3.5', 'opened'],
        ['ws', '8.16.0', 'opened'],
        ['express', '4.18.2', 'opened'],
        ['react-server-dom-webpack', '19.0.0', 'opened'],
      ]),
    ],
    secrets: 1,
    misconfigurations: 2,
  },
  {
    ...PLAIN,
    reference: 'docker.io/library/redis:8.2.1',
    os: ALPINE,
    sizeMb: 61,
    hoursAgo: 5,
    history: [
      'ADD alpine-minirootfs-3.20.2-x86_64.tar.gz / # buildkit',
      'RUN make -C /usr/src/redis install # buildkit',
    ],
    packages: [
      ...app('apk', 0, '/lib/apk/db/installed', [
        ['busybox', '1.36.1-r15', 'executed'],
        ['libssl3', '3.3.1-r3', 'loaded'],
        ['musl', '1.2.5-r0', 'loaded'],
      ]).map((each) => (each.name === 'libssl3' ? { ...each, source: 'openssl' } : each)),
      ...app('binary', 1, '/usr/local/bin/redis-server', [['redis', '8.2.1', 'executed']]),
    ],
  },
  {
    ...PLAIN,
    reference: 'docker.io/library/postgres:17.6',
    sizeMb: 438,
    hoursAgo: 6,
    history: [...BASE.slice(0, 1), apt('gosu locales'), apt('postgresql-17=17.2-1.pgdg120+1')],
    packages: [
      ...debs(DEBIAN_BASE, 0, true),
      ...debs(WEB.slice(0, 1), 1, true),
      ...debs(
        [
          ['postgresql-17', 'postgresql-17', '17.2-1.pgdg120+1', 'executed'],
          ['libxml2', 'libxml2', '2.9.14+dfsg-1.3~deb12u1', 'loaded'],
        ],
        2,
        true,
      ),
      ...app('golang', 1, '/usr/local/bin/gosu', [
        ['stdlib', '1.18.2', 'executed'],
        ['github.com/opencontainers/runc', '1.1.0', 'executed'],
      ]),
    ],
    misconfigurations: 1,
  },
  {
    ...PLAIN,
    reference: 'docker.io/library/wordpress:6.8-php8.3-apache',
    sizeMb: 701,
    hoursAgo: 4,
    history: [
      ...BASE.slice(0, 1),
      apt('apache2 libcurl4'),
      'RUN docker-php-ext-install mysqli gd # buildkit',
      'COPY wordpress /usr/src/wordpress # buildkit',
    ],
    packages: [
      ...debs(DEBIAN_BASE, 0, true),
      ...debs(WEB, 1, true),
      ...debs([['apache2-bin', 'apache2', '2.4.61-1~deb12u1', 'executed']], 1, true),
      ...app('binary', 2, '/usr/local/bin/php', [['php', '8.3.7', 'executed']]),
    ],
    misconfigurations: 3,
    malware: 1,
  },
  {
    ...PLAIN,
    reference: 'registry.example.net/payments/api:1.9.4',
    registry: 'company',
    os: NO_OS,
    sizeMb: 29,
    hoursAgo: 9,
    history: ['COPY payments /payments # buildkit', 'ENTRYPOINT ["/payments"]'],
    packages: app('golang', 0, '/payments', [
      ['stdlib', '1.21.3', 'executed'],
      ['golang.org/x/net', '0.17.0', 'executed'],
      ['golang.org/x/crypto', '0.14.0', 'executed'],
    ]),
  },
  {
    ...PLAIN,
    reference: 'registry.example.net/payments/api:1.9.3',
    registry: 'company',
    os: NO_OS,
    sizeMb: 28,
    hoursAgo: 33,
    history: ['COPY payments /payments # buildkit', 'ENTRYPOINT ["/payments"]'],
    packages: app('golang', 0, '/payments', [
      ['stdlib', '1.20.8', 'unknown'],
      ['golang.org/x/net', '0.15.0', 'unknown'],
      ['golang.org/x/crypto', '0.12.0', 'unknown'],
      ['github.com/opencontainers/runc', '1.1.9', 'unknown'],
    ]),
    secrets: 1,
  },
  {
    ...PLAIN,
    reference: 'ghcr.io/example/shop-worker:2.13.2',
    registry: 'ghcr',
    sizeMb: 361,
    hoursAgo: 30,
    history: [
      ...BASE.slice(0, 1),
      'RUN npm ci --omit=dev # buildkit',
      'COPY src/ /srv/worker/src # buildkit',
    ],
    packages: [
      ...debs(DEBIAN_BASE, 0, false),
      ...app('npm', 1, '/srv/worker/node_modules/*/package.json', [
        ['lodash', '4.17.15', 'unknown'],
        ['axios', '1.6.8', 'unknown'],
        ['semver', '7.3.5', 'unknown'],
        ['ws', '8.12.0', 'unknown'],
      ]),
    ],
    secrets: 1,
    misconfigurations: 2,
  },
  {
    ...PLAIN,
    reference: 'quay.io/jupyter/scipy-notebook:2025-11-03',
    sizeMb: 3260,
    hoursAgo: 1,
    history: [
      ...BASE.slice(0, 1),
      apt('curl git'),
      'RUN mamba install --yes jupyterlab scipy pillow # buildkit',
    ],
    packages: [
      ...debs(DEBIAN_BASE, 0, true),
      ...debs(WEB, 1, true),
      ...app('pypi', 2, '/opt/conda/lib/python3.12/site-packages/*.dist-info/METADATA', [
        ['pillow', '9.5.0', 'opened'],
        ['jinja2', '3.1.2', 'opened'],
        ['requests', '2.31.0', 'opened'],
        ['urllib3', '2.0.7', 'opened'],
        ['setuptools', '68.0.0', 'untouched'],
        ['tornado', '6.3.3', 'opened'],
      ]),
    ],
    misconfigurations: 1,
    errors: 1,
  },
  {
    ...PLAIN,
    reference: 'registry.k8s.io/coredns/coredns:v1.12.3',
    os: NO_OS,
    sizeMb: 74,
    hoursAgo: 7,
    history: ['COPY coredns /coredns # buildkit'],
    packages: app('golang', 0, '/coredns', [
      ['stdlib', '1.24.4', 'executed'],
      ['golang.org/x/net', '0.41.0', 'executed'],
    ]),
  },
  {
    ...PLAIN,
    reference: 'docker.io/gitlab/gitlab-runner:v18.4.0',
    sizeMb: 812,
    hoursAgo: 8,
    history: [...BASE.slice(0, 1), apt('git curl'), 'COPY gitlab-runner /usr/bin/gitlab-runner # buildkit'],
    packages: [
      ...debs(DEBIAN_BASE, 0, true),
      ...debs(WEB, 1, true),
      ...app('golang', 2, '/usr/bin/gitlab-runner', [
        ['stdlib', '1.22.5', 'executed'],
        ['golang.org/x/crypto', '0.26.0', 'executed'],
      ]),
    ],
    misconfigurations: 1,
  },
  {
    ...PLAIN,
    reference: 'node-a.example.net',
    sizeMb: 0,
    hoursAgo: 11,
    host: 'node-a',
    history: [],
    packages: [
      ...debs(DEBIAN_BASE, 0, true).map((each) => ({ ...each, inUse: 'executed' as const })),
      ...debs(WEB, 0, true),
      ...app('golang', 0, '/usr/bin/containerd', [
        ['stdlib', '1.21.8', 'executed'],
        ['github.com/opencontainers/runc', '1.1.10', 'executed'],
      ]),
    ],
  },
];
