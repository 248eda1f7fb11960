// Whole files of every kind that lists packages, small ones, as seeds for fuzzing.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildZip } from '../../packages/image/src/analyzers/jar/testing.ts';
import {
  bdbDatabase,
  ndbDatabase,
  samplePackage,
  writeSqliteDatabase,
} from '../../packages/image/src/analyzers/rpm/testing/databases.ts';

/** A file as analyzers are asked for it. */
export interface SeedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

const TEXTS: readonly (readonly [string, string])[] = [
  [
    '/etc/os-release',
    'NAME="Debian"\nID=debian\nID_LIKE="a b"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
  ],
  ['/etc/redhat-release', 'Rocky Linux release 9.3 (Blue Onyx)\n'],
  [
    '/var/lib/dpkg/status',
    'Package: libssl3\nStatus: install ok installed\nSection: libs\nMaintainer: X <x@debian.org>\nArchitecture: amd64\nSource: openssl (3.0.11-1)\nVersion: 3.0.11-1+b2\nDescription: a\n b\n .\n\nPackage: bash\nStatus: deinstall ok config-files\nVersion: 5\n\nPackage: docker-ce\nStatus: install ok installed\nMaintainer: Docker <support@docker.com>\nVersion: 5:24.0.7-1~debian.12~bookworm\n',
  ],
  ['/var/lib/dpkg/info/libssl3:amd64.list', '/.\n/usr\n/usr/lib\n/usr/lib/libssl.so.3\n/lib\n/lib/x\n'],
  [
    '/var/lib/dpkg/status.d/libc6.md5sums',
    `${'0'.repeat(32)}  lib/libc.so.6\n${'a'.repeat(32)}  usr/bin/x\n`,
  ],
  [
    '/usr/share/doc/libssl3/copyright',
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: GPL-2+ or Artistic\n text\n\nFiles: y\nLicense: Expat\n',
  ],
  [
    '/lib/apk/db/installed',
    'C:Q1abc=\nP:libcrypto3\nV:3.3.1-r1\nA:x86_64\nL:Apache-2.0\no:openssl\nF:lib\nR:libcrypto.so.3\na:0:0:755\n\nP:musl\nV:1.2.5-r0\nF:\nR:x\n',
  ],
  [
    '/app/package-lock.json',
    '{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"^1"}},"node_modules/a":{"version":"1.2.3","license":"MIT"},"node_modules/a/node_modules/@s/b":{"version":"2.0.0","dev":true}}}',
  ],
  [
    '/npm-shrinkwrap.json',
    '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dependencies":{"b":{"version":"npm:@c/d@2.0.0","dev":true}}}}}',
  ],
  [
    '/yarn.lock',
    '# yarn lockfile v1\n\n\n"@babel/core@^7.0.0", "@babel/core@^7.1.0":\n  version "7.24.0"\n  dependencies:\n    lodash "^4"\n\nx@npm:real@^1.0.0:\n  version "1.5.0"\n\n"@types/node@npm:*":\n  version: 20.1.0\n  resolution: "@types/node@npm:20.1.0"\n',
  ],
  [
    '/pnpm-lock.yaml',
    "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {specifier: ^1.0.0, version: 1.0.0(b@2.0.0)}\npackages:\n  a@1.0.0: {resolution: {integrity: x}, engines: {node: '>=10, <12'}}\n  ? b@2.0.0\n  : resolution: {integrity: \"x\"}\n    deprecated: |-\n      text\nsnapshots:\n  a@1.0.0(b@2.0.0):\n    dependencies: {b: 2.0.0}\n",
  ],
  [
    '/bun.lock',
    '{"lockfileVersion":1,"workspaces":{"":{"dependencies":{"a":"^1",},},}, // c\n"packages":{"a":["a@1.0.0","",{},"sha,]}"],"@s/b":["@s/b@2.0.0","",{},"s"],}}',
  ],
  [
    '/node_modules/@s/a/package.json',
    '{"name":"@s/a","version":"v1.0.0","license":"MIT","licenses":[{"type":"BSD"}]}',
  ],
  [
    '/requirements.txt',
    '# c\nDjango==4.2.1\nrequests[security]==2.31.0 ; python_version >= "3.8"\nwheel===0.40.0 \\\n    --hash=sha256:abc\n    # via x\n',
  ],
  [
    '/poetry.lock',
    '[[package]]\nname = "Requests"\nversion = "2.31.0"\ncategory = "dev"\n\n[[package]]\nname = "own"\nversion = "0.1.0"\ngroups = ["main"]\n[package.source]\ntype = "directory"\n',
  ],
  [
    '/uv.lock',
    'version = 1\n[[package]]\nname = "app"\nversion = "0.1.0"\nsource = { virtual = "." }\ndependencies = [{ name = "httpx" }]\n[package.dev-dependencies]\ndev = [{ name = "p" }]\n[[package]]\nname = "httpx"\nversion = "0.27.0"\nsource = { registry = "x" }\n',
  ],
  ['/pylock.toml', 'lock-version = "1.0"\n[[packages]]\nname = "e"\nversion = "4.0"\n'],
  [
    '/Pipfile.lock',
    '{"default":{"b":{"version":"==2.0","index":"pypi"}},"develop":{"d":{"version":"==3.0"}}}',
  ],
  [
    '/x.dist-info/METADATA',
    'Metadata-Version: 2.1\nName: Jinja2\nVersion: 3.1.2\nLicense: BSD\nClassifier: License :: OSI Approved :: MIT License\n\nText\n',
  ],
  [
    '/Gemfile.lock',
    'GIT\n  remote: x\n  specs:\n    forked (0.9.1)\n      rack (>= 1)\n\nGEM\n  specs:\n    nokogiri (1.15.4-x86_64-linux)\n    rack (2.2.3)\n\nDEPENDENCIES\n  rack (= 2)\n',
  ],
  [
    '/usr/lib/ruby/specifications/rack-2.2.3.gemspec',
    'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.2.3"\n  s.licenses = ["MIT".freeze, "Ruby".freeze]\nend\n',
  ],
  [
    '/composer.lock',
    '{"packages":[{"name":"Symfony/HTTP","version":"v6.2.1","license":["MIT"]}],"packages-dev":[{"name":"a/b","version":"1"}]}',
  ],
  [
    '/vendor/composer/installed.json',
    '{"packages":[{"name":"a/b","version":"1.0"}],"dev-package-names":["a/b"]}',
  ],
  [
    '/Cargo.lock',
    'version = 3\n\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+x"\ndependencies = ["b"]\n',
  ],
  [
    '/go.mod',
    'module x\n\ngo 1.21\n\nrequire (\n\tgolang.org/x/net v0.17.0 // indirect\n\tgithub.com/a/b v1.0.0\n)\nreplace x => y v1\n',
  ],
  [
    '/pom.xml',
    '<project><groupId>a</groupId><artifactId>b</artifactId><version>1</version><properties><v>2</v></properties><dependencies><dependency><groupId>c</groupId><artifactId>d</artifactId><version>${v}</version></dependency></dependencies></project>',
  ],
  ['/gradle.lockfile', 'com.a:b:1.0=compileClasspath,runtimeClasspath\nempty=x\n'],
  [
    '/packages.lock.json',
    '{"version":1,"dependencies":{"net6.0":{"A":{"type":"Direct","resolved":"1.0.0"}}}}',
  ],
  ['/mix.lock', '%{\n  "a": {:hex, :a, "1.0.0", "x", [:mix], [], "hexpm", "y"},\n}\n'],
  [
    '/pubspec.lock',
    'packages:\n  a:\n    dependency: "direct main"\n    source: hosted\n    version: "1.0.0"\n',
  ],
  ['/Podfile.lock', 'PODS:\n  - A (1.0.0):\n    - B (~> 1)\n  - B (1.2)\n\nDEPENDENCIES:\n  - A\n'],
  [
    '/Package.resolved',
    '{"pins":[{"identity":"a","location":"https://github.com/a/a.git","state":{"version":"1.0.0"}}],"version":2}',
  ],
  ['/conan.lock', '{"version":"0.5","requires":["zlib/1.2.13#x%1"]}'],
  ['/opt/conda/conda-meta/a-1.0-0.json', '{"name":"a","version":"1.0","license":"MIT"}'],
  [
    '/.github/workflows/ci.yml',
    'jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: "a/b@v1.2.3" # x\n',
  ],
];

function rpmSeeds(): SeedFile[] {
  const blobs = [samplePackage('a', 3), samplePackage('b', 30), samplePackage('c', 200)];
  const folder = mkdtempSync(join(tmpdir(), 'guardcell-fuzz-'));
  try {
    const file = join(folder, 'rpmdb.sqlite');
    writeSqliteDatabase(file, blobs, 512);
    return [
      { path: '/var/lib/rpm/rpmdb.sqlite', bytes: readFileSync(file) },
      { path: '/usr/lib/sysimage/rpm/Packages.db', bytes: ndbDatabase(blobs) },
      { path: '/var/lib/rpm/Packages', bytes: bdbDatabase(blobs) },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An archive with a description, a manifest and archives within it, deflated and stored. */
function jarSeed(): SeedFile {
  const pom = (name: string): string => `version=1.2.3\ngroupId=org.example\nartifactId=${name}\n`;
  const manifest =
    'Manifest-Version: 1.0\nBundle-SymbolicName: org.example.x\nImplementation-Title: x\nImplementation-Version: 2.0\n';
  const inner = buildZip([
    { name: 'META-INF/maven/org.example/inner/pom.properties', content: pom('inner') },
    { name: 'META-INF/MANIFEST.MF', content: manifest },
  ]);
  const bytes = buildZip([
    { name: 'META-INF/MANIFEST.MF', content: manifest, stored: true },
    { name: 'META-INF/maven/org.example/outer/pom.properties', content: pom('outer') },
    { name: 'WEB-INF/lib/inner-1.2.3.jar', content: inner },
    { name: 'WEB-INF/lib/stored-3.1.jar', content: inner, stored: true },
  ]);
  return { path: '/srv/outer-1.2.3.war', bytes };
}

/** All seeds. */
export function packageFileSeeds(): readonly SeedFile[] {
  return [...TEXTS.map(([path, text]) => ({ path, bytes: Buffer.from(text) })), ...rpmSeeds(), jarSeed()];
}
