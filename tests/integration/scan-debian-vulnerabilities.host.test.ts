// Vulnerabilities of Debian packages agree with Debian's own data, compared without our code: raw records and dpkg's
// order decide what has to be found, nothing more and nothing less.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { DEBIAN_RELEASES, type DebianRelease, debianProblem, debianRoot } from '../support/debian-root.ts';
import { type Installed, installedIn, trackerDocument, trackerVerdict } from '../support/debian-tracker.ts';
import { dpkgBefore } from '../support/dpkg-order.ts';
import { buildTestDatabase, feedsProblem, rawRecords } from '../support/raw-feeds.ts';
import { command } from '../support/run-command.ts';
import { packageLines, scanReport } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-debian-vulnerabilities-'));
const VERSION_IDS: Readonly<Record<string, string>> = {
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
};

after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** The dpkg database and release of a real root file system, unpacked. */
async function unpacked(release: DebianRelease): Promise<string> {
  const root = join(FOLDER, `root-${release}`);
  mkdirSync(root, { recursive: true });
  const members = ['./var/lib/dpkg', './etc/os-release', './usr/lib/os-release', './etc/debian_version'];
  await command('tar', ['-xf', await debianRoot(release), '-C', root, ...members]);
  return root;
}

test('the database of a distroless image lists the same packages as the whole', async (t) => {
  const problem = await debianProblem();
  if (problem !== '') return t.skip(problem);
  const whole = await unpacked('bookworm');
  const root = join(FOLDER, 'distroless');
  const folder = join(root, 'var/lib/dpkg/status.d');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'etc'));
  copyFileSync(join(whole, 'usr/lib/os-release'), join(root, 'etc/os-release'));
  // Each package has a file of its own, without the line that says that it is installed.
  const entries = readFileSync(join(whole, 'var/lib/dpkg/status'), 'utf8').split(/\n\n+/);
  for (const entry of entries.filter((one) => /^Status: install ok installed$/m.test(one))) {
    const name = /^Package: (\S+)$/m.exec(entry)?.[1] ?? '';
    writeFileSync(join(folder, name), `${entry.replace(/^Status: .*\n/m, '')}\n`);
  }
  const only = ['--only', 'packages'];
  const lines = packageLines(await scanReport(['fs', root, ...only]), 'deb');
  assert.ok(lines.length > 50);
  assert.deepEqual(lines, packageLines(await scanReport(['fs', whole, ...only]), 'deb'));
});

/** `package id fixed status` of each finding, sorted. */
function findings(report: ScanReport): readonly string[] {
  return report.vulnerabilities
    .map(({ packageName, id, fixed, status }) => `${packageName} ${id} ${fixed || '-'} ${status}`)
    .sort();
}

interface Advisory {
  readonly id: string;
  readonly cves: readonly string[];
  readonly fixed: readonly { readonly release: string; readonly source: string; readonly version: string }[];
}

/** One claim of an advisory: this vulnerability is fixed in that version of the source. */
interface Claim {
  readonly source: string;
  readonly id: string;
  readonly version: string;
}

function claimsFor(release: string): readonly Claim[] {
  return rawRecords<Advisory>('debian-dsa-dla').flatMap(({ id, cves, fixed }) =>
    fixed
      .filter((fix) => fix.release === release)
      .flatMap(({ source, version }) =>
        (cves.length === 0 ? [id] : cves).map((cve) => ({ source, id: cve, version })),
      ),
  );
}

/** What has to be found, by dpkg's order: a package is concerned while any advisory's fix lies above it. */
function expectedOf(installed: readonly Installed[], claims: readonly Claim[]): readonly string[] {
  const real = claims.filter(({ version }) => /^\d/.test(version));
  const bySource = Map.groupBy(real, ({ source }) => source);
  const pairs = installed.flatMap((one) =>
    (bySource.get(one.source) ?? []).map(({ version }) => [one.sourceVersion, version] as const),
  );
  const among = [...bySource.values()].flatMap((group) =>
    group.flatMap((a) =>
      group
        .filter((b) => b.id === a.id && b.version !== a.version)
        .map((b) => [a.version, b.version] as const),
    ),
  );
  const isBefore = dpkgBefore([...pairs, ...among]);
  const found = new Map<string, string>();
  for (const one of installed) {
    for (const { id, version } of bySource.get(one.source) ?? []) {
      if (!isBefore(one.sourceVersion, version)) continue;
      const key = `${one.name} ${id}`;
      const known = found.get(key);
      if (known === undefined || isBefore(known, version)) found.set(key, version);
    }
  }
  return [...found].map(([key, fixed]) => `${key} ${fixed} fixed`).sort();
}

test("what Debian's advisories say of a real bullseye is found, and nothing else", async (t) => {
  const problem = (await debianProblem()) || feedsProblem();
  if (problem !== '') return t.skip(problem);
  const root = await unpacked('bullseye');
  const db = await buildTestDatabase(join(FOLDER, 'dsa-real'), ['debian-dsa-dla']);
  const report = await scanReport(['fs', root, '--only', 'packages,vulnerabilities', '--db', db]);
  assert.deepEqual(findings(report), expectedOf(await installedIn(root), claimsFor('bullseye')));
});

for (const release of ['buster', 'bullseye']) {
  test(`${release}: every advisory of Debian is found just below its fix, and not at it or above`, async (t) => {
    const problem = feedsProblem();
    if (problem !== '') return t.skip(problem);
    const claims = claimsFor(release);
    const versions = new Map(
      claims.filter(({ version }) => /^\d/.test(version)).map(({ source, version }) => [source, version]),
    );
    const shift = ['~', '', '+b1', '.1', '~~rc1'];
    const installed: readonly Installed[] = [...versions].map(([source, version], at) => {
      const shifted = `${version}${shift[at % shift.length]}`;
      return { name: source, version: shifted, source, sourceVersion: shifted };
    });
    assert.ok(installed.length > 100);
    const root = join(FOLDER, `made-${release}`);
    mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true });
    mkdirSync(join(root, 'etc'));
    const status = installed.map(
      ({ name, version }) =>
        `Package: ${name}\nStatus: install ok installed\nMaintainer: nobody\nArchitecture: amd64\nVersion: ${version}\nDescription: test\n`,
    );
    writeFileSync(join(root, 'var/lib/dpkg/status'), status.join('\n'));
    writeFileSync(join(root, 'etc/os-release'), `ID=debian\nVERSION_ID="${VERSION_IDS[release]}"\n`);
    const db = await buildTestDatabase(join(FOLDER, 'dsa-real'), ['debian-dsa-dla']);
    const report = await scanReport(['fs', root, '--only', 'packages,vulnerabilities', '--db', db]);
    const expected = expectedOf(installed, claims);
    assert.ok(expected.length > 500);
    assert.deepEqual(findings(report), expected);
  });
}

async function serve(document: unknown): Promise<{ readonly server: Server; readonly url: string }> {
  const body = JSON.stringify(document);
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tracker/data/json` };
}

test("real releases agree with a tracker of Debian's shape in every state that it knows", async (t) => {
  const problem = await debianProblem();
  if (problem !== '') return t.skip(problem);
  const roots = new Map<DebianRelease, { root: string; installed: readonly Installed[] }>();
  for (const release of DEBIAN_RELEASES) {
    const root = await unpacked(release);
    roots.set(release, { root, installed: await installedIn(root) });
  }
  const document = trackerDocument(
    new Map([...roots].map(([release, { installed }]) => [release, installed])),
  );
  const { server, url } = await serve(document);
  let db: string;
  try {
    db = await buildTestDatabase(join(FOLDER, 'tracker'), [], [`debian=${url}`]);
  } finally {
    server.close();
  }
  for (const [release, { root, installed }] of roots) {
    const isBefore = dpkgBefore(
      installed.flatMap((one) =>
        Object.values(document[one.source] ?? {}).map(
          ({ releases }) => [one.sourceVersion, releases[release]?.fixed_version || '0'] as const,
        ),
      ),
    );
    const expected = installed.flatMap((one) =>
      Object.entries(document[one.source] ?? {}).flatMap(([id, { releases }]) => {
        const verdict = trackerVerdict(releases[release], one.sourceVersion, isBefore);
        return verdict === undefined ? [] : [`${one.name} ${id} ${verdict}`];
      }),
    );
    assert.ok(expected.length > 300, release);
    const report = await scanReport(['fs', root, '--only', 'packages,vulnerabilities', '--db', db]);
    assert.deepEqual(findings(report), expected.sort(), release);
    for (const finding of report.vulnerabilities.filter(({ id }) => id.endsWith('07')))
      assert.equal(finding.severity, 'info', 'Debian calls it unimportant');
  }
});
