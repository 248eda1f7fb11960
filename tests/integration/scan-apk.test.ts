// Packages of Alpine and Wolfi against their raw advisories. Installed versions are chosen so that nobody needs to know
// apk's order to say what has to be found: below or above everything, or one release away from the only fix.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildTestDatabase, feedsProblem, rawRecords } from '../support/raw-feeds.ts';
import { scanReport } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-apk-'));
const LOWEST = '0-r0';
const HIGHEST = '999999999999-r0';
after(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Installed {
  readonly name: string;
  readonly version: string;
  /** What has to be found, and nothing else. */
  readonly expected: ReadonlySet<string>;
}

/** Each package comes with a part of its own, which belongs to the same source. */
function rootWith(name: string, release: string, installed: readonly Installed[]): string {
  const root = join(FOLDER, name);
  mkdirSync(join(root, 'lib/apk/db'), { recursive: true });
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/os-release'), release);
  const entries = installed.flatMap(({ name: source, version }) =>
    [source, `${source}-gc-part`].map(
      (one) => `C:Q1abc=\nP:${one}\nV:${version}\nA:x86_64\nT:test\nL:MIT\no:${source}\n`,
    ),
  );
  writeFileSync(join(root, 'lib/apk/db/installed'), `${entries.join('\n')}\n`);
  return root;
}

async function check(root: string, db: string, installed: readonly Installed[]): Promise<void> {
  const report = await scanReport(['fs', root, '--only', 'packages,vulnerabilities', '--db', db]);
  assert.equal(report.packages.length, 2 * installed.length);
  const found = Map.groupBy(report.vulnerabilities, ({ packageName }) => packageName);
  let total = 0;
  for (const { name, version, expected } of installed) {
    total += expected.size;
    for (const one of [name, `${name}-gc-part`]) {
      const findings = found.get(one) ?? [];
      const names = new Set(findings.flatMap(({ id, aliases }) => [id, ...aliases]));
      const missing = [...expected].filter((id) => !names.has(id));
      assert.deepEqual(missing, [], `${one} ${version}`);
      const surplus = findings.filter(
        ({ id, aliases }) => ![id, ...aliases].some((each) => expected.has(each)),
      );
      assert.deepEqual(
        surplus.map(({ id }) => id),
        [],
        `${one} ${version}`,
      );
    }
  }
  assert.ok(total > 100);
}

/** Nobody can tell what these fix; what can be told of a slip is read. */
const UNREADABLE: ReadonlySet<string> = new Set(['6.6.2p1-r0', '2.7.16-33', '2.15.r-r1']);

interface SecdbDocument {
  readonly distroversion: string;
  readonly packages: readonly {
    readonly pkg: { readonly name: string; readonly secfixes: Readonly<Record<string, readonly string[]>> };
  }[];
}

/** CVE ids, and where a text has none the ids that it has. */
function idsOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const cves = text.match(/CVE-\d{4}-\d{4,}/g) ?? [];
    return cves.length > 0 ? cves : (text.match(/\b(?:XSA-\d+|GHSA(?:-[a-z0-9]{4}){3}|ALPINE-\d+)\b/g) ?? []);
  });
}

/** `1.2-r3` with another release number. */
const released = (version: string, change: number): string =>
  version.replace(/-r(\d+)$/, (_, number) => `-r${Number(number) + change}`);

function alpinePackage(name: string, fixes: ReadonlyMap<string, readonly string[]>, at: number): Installed {
  const real = [...fixes].filter(([version]) => version !== '0');
  const never = new Set(
    idsOf([...fixes].filter(([version]) => version === '0').flatMap(([, texts]) => texts)),
  );
  const all = new Set(idsOf(real.flatMap(([, texts]) => texts)).filter((id) => !never.has(id)));
  const [only] = real;
  const number = Number(/-r(\d+)$/.exec(only?.[0] ?? '')?.[1] ?? 0);
  if (only !== undefined && real.length === 1 && number > 0) {
    const change = [-1, 0, 1][at % 3] ?? 0;
    return { name, version: released(only[0], change), expected: change < 0 ? all : new Set() };
  }
  return at % 2 === 0
    ? { name, version: LOWEST, expected: all }
    : { name, version: HIGHEST, expected: new Set() };
}

test('Alpine: every release finds what its own secdb says, by source package', async (t) => {
  const problem = feedsProblem();
  if (problem !== '') return t.skip(problem);
  const db = await buildTestDatabase(join(FOLDER, 'alpine'), ['alpine-secdb']);
  for (const release of ['v3.8', 'v3.11']) {
    const fixes = new Map<string, Map<string, string[]>>();
    for (const { distroversion, packages } of rawRecords<SecdbDocument>('alpine-secdb')) {
      if (distroversion !== release) continue;
      for (const { pkg } of packages) {
        const known = fixes.get(pkg.name) ?? new Map<string, string[]>();
        fixes.set(pkg.name, known);
        for (const [version, texts] of Object.entries(pkg.secfixes))
          if (!UNREADABLE.has(version)) known.set(version, [...(known.get(version) ?? []), ...texts]);
      }
    }
    const installed = [...fixes].map(([name, known], at) => alpinePackage(name, known, at));
    const osRelease = `ID=alpine\nVERSION_ID=${release.slice(1)}.3\n`;
    await check(rootWith(`alpine-${release}`, osRelease, installed), db, installed);
  }
});

interface WolfiRecord {
  readonly package: { readonly name: string };
  readonly advisories: readonly {
    readonly id: string;
    readonly aliases?: readonly string[];
    readonly events: readonly {
      readonly timestamp: string;
      readonly type: string;
      readonly data?: { readonly 'fixed-version'?: string };
    }[];
  }[];
}

/** The last event of an advisory is in force. */
function wolfiPackage({ package: { name }, advisories }: WolfiRecord, at: number): Installed {
  const isLow = at % 2 === 0;
  const concerned = advisories.filter(({ events }) => {
    const last = events.reduce((a, b) => (Date.parse(b.timestamp) >= Date.parse(a.timestamp) ? b : a));
    if (last.type === 'fixed') return isLow && last.data?.['fixed-version'] !== '0';
    return last.type !== 'false-positive-determination';
  });
  const ids = concerned.map(
    ({ id, aliases = [] }) => aliases.find((one) => one.startsWith('CVE-')) ?? aliases[0] ?? id,
  );
  return { name, version: isLow ? LOWEST : HIGHEST, expected: new Set(ids) };
}

test('Wolfi: what is fixed, open or no vulnerability at all is so for installed packages', async (t) => {
  const problem = feedsProblem();
  if (problem !== '') return t.skip(problem);
  const db = await buildTestDatabase(join(FOLDER, 'wolfi'), ['wolfi-advisories']);
  const installed = rawRecords<WolfiRecord>('wolfi-advisories').map(wolfiPackage);
  const osRelease = 'ID=wolfi\nVERSION_ID=20230201\nPRETTY_NAME="Wolfi"\n';
  await check(rootWith('wolfi', osRelease, installed), db, installed);
});
