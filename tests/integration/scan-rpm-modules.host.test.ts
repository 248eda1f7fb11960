// rpm packages of module streams, in a database that rpm itself wrote, against AlmaLinux's raw records: each stream has
// its own fixes, compared with rpm's own order.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildTestDatabase, feedsProblem, rawRecords } from '../support/raw-feeds.ts';
import { scanReport } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-rpm-modules-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Installed {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  /** Empty outside of modules. */
  readonly stream: string;
}

/** As AlmaLinux 8 had them at some time; two streams of one software cannot be installed together, but their parts can. */
const INSTALLED: readonly Installed[] = [
  {
    name: 'nodejs',
    epoch: 1,
    version: '18.12.1',
    release: '2.module_el8.7.0+3380+7095e4a5',
    stream: 'nodejs:18',
  },
  {
    name: 'npm',
    epoch: 1,
    version: '8.19.2',
    release: '1.18.12.1.2.module_el8.7.0+3380+7095e4a5',
    stream: 'nodejs:18',
  },
  {
    name: 'nodejs-nodemon',
    epoch: 0,
    version: '2.0.20',
    release: '1.module_el8.7.0+3333+5411abfa',
    stream: 'nodejs:18',
  },
  {
    name: 'postgresql-server',
    epoch: 0,
    version: '12.12',
    release: '1.module_el8.6.0+3095+bd60fa7d',
    stream: 'postgresql:12',
  },
  {
    name: 'httpd',
    epoch: 0,
    version: '2.4.37',
    release: '47.module_el8.6.0+2872+fe0ff7aa.1',
    stream: 'httpd:2.4',
  },
  {
    name: 'python39',
    epoch: 0,
    version: '3.9.7',
    release: '1.module_el8.6.0+2780+a40f65e1',
    stream: 'python39:3.9',
  },
  {
    name: 'qemu-img',
    epoch: 15,
    version: '6.2.0',
    release: '11.module_el8.6.0+3072+5f2ba1bc',
    stream: 'virt:rhel',
  },
  { name: 'openssl-libs', epoch: 1, version: '1.1.1k', release: '4.el8', stream: '' },
  { name: 'libxml2', epoch: 0, version: '2.9.7', release: '12.el8', stream: '' },
];

const fullVersion = ({ epoch, version, release }: Installed): string =>
  `${epoch > 0 ? `${epoch}:` : ''}${version}-${release}`;

function problem(): string {
  const absent = ['rpm', 'rpmbuild'].filter((program) => !existsSync(`/usr/bin/${program}`));
  return absent.length > 0 ? `not installed: ${absent.join(', ')}` : feedsProblem();
}

/** A root with an rpm database that has these packages. */
function rootWith(installed: readonly Installed[]): string {
  const quiet = { stdio: 'ignore' } as const;
  const top = join(FOLDER, 'top');
  for (const one of installed) {
    const label = one.stream === '' ? '' : `ModularityLabel: ${one.stream}:8070020230101:abcdef01\n`;
    const spec = join(FOLDER, `${one.name}.spec`);
    writeFileSync(
      spec,
      `Name: ${one.name}\nEpoch: ${one.epoch}\nVersion: ${one.version}\nRelease: ${one.release}\nSummary: test\nLicense: MIT\nVendor: AlmaLinux\n${label}%description\ntest\n%files\n`,
    );
    execFileSync('rpmbuild', ['--define', `_topdir ${top}`, '--target', 'x86_64', '-bb', spec], quiet);
  }
  const built = readdirSync(join(top, 'RPMS/x86_64')).map((name) => join(top, 'RPMS/x86_64', name));
  const root = join(FOLDER, 'root');
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(
    join(root, 'etc/os-release'),
    'ID="almalinux"\nVERSION_ID="8.7"\nPRETTY_NAME="AlmaLinux 8.7"\n',
  );
  const options = ['--define', '_db_backend sqlite', '--root', root, '--dbpath', '/var/lib/rpm'];
  execFileSync('rpm', [...options, '--initdb'], quiet);
  execFileSync(
    'rpm',
    [...options, '-i', '--nodeps', '--noscripts', '--justdb', '--ignorearch', ...built],
    quiet,
  );
  return root;
}

interface AlmaRecord {
  readonly id: string;
  readonly summary: string;
  readonly related?: readonly string[];
  readonly withdrawn?: string;
  readonly affected?: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string };
    readonly ranges: readonly { readonly events: readonly { readonly fixed?: string }[] }[];
  }[];
}

interface Claim {
  readonly one: Installed;
  readonly fixed: string;
  readonly cves: readonly string[];
}

/** Fixes that speak of the stream of an installed package, and of nothing else. */
function claims(): readonly Claim[] {
  const modular = (version: string): boolean => version.includes('.module');
  const isCve = (id: string): boolean => id.startsWith('CVE-');
  return rawRecords<AlmaRecord>('osv-almalinux')
    .filter(({ id, related = [] }) => id.startsWith('ALSA-') || related.some(isCve))
    .flatMap(({ id, summary, related = [], withdrawn, affected = [] }) => {
      if (withdrawn !== undefined) return [];
      const tokens = summary.split(/[\s,/]+/);
      const cves = related.filter(isCve);
      return affected
        .filter(({ package: { ecosystem } }) => ecosystem === 'AlmaLinux:8')
        .flatMap(({ package: { name }, ranges }) =>
          ranges
            .flatMap(({ events }) => events.flatMap(({ fixed }) => fixed ?? []))
            .flatMap((fixed) =>
              INSTALLED.filter(
                (one) =>
                  one.name === name &&
                  modular(fixed) === (one.stream !== '') &&
                  (one.stream === '' || tokens.includes(one.stream)),
              ).map((one) => ({ one, fixed, cves: cves.length > 0 ? cves : [id] })),
            ),
        );
    });
}

/** One release is built once for each minor release of the distribution: `.module_el8.6.0+2872+fe0ff7aa`. */
const withoutBuild = (version: string): string =>
  version.replace(/\.module[^.]*\.\d+\.\d+\+\d+\+[0-9a-f]+/, '');

/** rpm's own order, asked once for all pairs. */
function rpmBefore(pairs: readonly (readonly [string, string])[]): readonly boolean[] {
  const questions = pairs.map(([a, b]) => `print(rpm.vercmp("${a}", "${b}") < 0 and "1" or "0")`).join(' ');
  const answers = execFileSync('rpm', ['--eval', `%{lua: ${questions}}`], { encoding: 'utf8' });
  return [...answers.trim()].map((answer) => answer === '1');
}

test('each module stream has the findings of its own fixes, as rpm orders them', async (t) => {
  const reason = problem();
  if (reason !== '') return t.skip(reason);
  const db = await buildTestDatabase(FOLDER, ['osv-almalinux']);
  const report = await scanReport([
    'fs',
    rootWith(INSTALLED),
    '--only',
    'packages,vulnerabilities',
    '--db',
    db,
  ]);
  assert.deepEqual(
    report.packages.map(({ name, version }) => `${name} ${version}`).sort(),
    INSTALLED.map((one) => `${one.name} ${fullVersion(one)}`).sort(),
  );
  const all = claims();
  const before = rpmBefore(
    all.map(({ one, fixed }) => [withoutBuild(fullVersion(one)), withoutBuild(fixed)]),
  );
  const expected = new Set(
    all.filter((_, at) => before[at]).flatMap(({ one, cves }) => cves.map((cve) => `${one.name} ${cve}`)),
  );
  const found = report.vulnerabilities.map(({ packageName, id }) => `${packageName} ${id}`);
  assert.ok(expected.size > 100);
  assert.deepEqual([...new Set(found)].sort(), [...expected].sort());
  for (const { packageName, fixed } of report.vulnerabilities) {
    const stream = INSTALLED.find(({ name }) => name === packageName)?.stream ?? '';
    if (stream.startsWith('nodejs:') && packageName === 'nodejs') assert.match(fixed, /^1:18\./);
  }
});
