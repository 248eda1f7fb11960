// A program that carries the list of its crates. The section is what cargo-auditable 0.6.6 made when it built a small
// program with url 2.3.1, atty, bytes, smallvec and, for its build script, cc, of Debian's sources of crates; the program
// around it is another one, written in Rust and shipped through npm, because no package that we can have is built so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { expectedAdvisories } from '../support/advisory-oracle.ts';
import { aptProblem } from '../support/apt-packages.ts';
import { buildTestDatabase, feedsProblem } from '../support/raw-feeds.ts';
import { scanReport } from '../support/scan-cli.ts';

const SECTION = Buffer.from(
  'eJyNkt1ugzAMhd8l1wHxs63Aq0xoComHrIYE5adSV/XdZ3oxBVhVbp2cz/bxubFZyLMYwbPu88aMmIB1TIRwZZxdwHm0hgpFXuXlG5W8jU4uX6QTAXyOlooKZjAKjMQH5qO/8z/UcKVvK1a5sP5HJTopN6IiP9XPBjijUUuviFqlkG/rpq/oNI1mFagNkZgHNzqlG41ROCVB68yLadawMapeL6etFHpPLHjJK97wsuw5c9YG1gUXIWmDyogd+ujALS+LdGaNg9wftG5fnmEGejQheziIZlxBKoIULxF+ElpfYHvP9oA0GlwOlw2ocOdFc1huKAZC448Ii3rNoTRWB01tUkcpVRsv6mep3oFq/s4pUv39F2fpHdo=',
  'base64',
);
const PROGRAM = resolve(
  import.meta.dirname,
  '../../node_modules/@oxc-parser/binding-linux-x64-gnu/parser.linux-x64-gnu.node',
);
const FOLDER = mkdtempSync(join(tmpdir(), 'gc-rust-program-'));
const ROOT = join(FOLDER, 'root');
const PATH = '/usr/lib/sample/parser.so';

after(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly kind?: string;
  readonly root?: boolean;
  readonly dependencies?: readonly number[];
}

/** What a section of the file says, read by binutils. */
function listedIn(file: string): readonly Listed[] {
  const dump = join(FOLDER, 'dumped');
  execFileSync('objcopy', ['--dump-section', `.dep-v0=${dump}`, file, '/dev/null']);
  const { packages } = JSON.parse(inflateSync(readFileSync(dump)).toString()) as {
    readonly packages: readonly Listed[];
  };
  return packages;
}

async function makeRoot(): Promise<string> {
  if (!existsSync(PROGRAM)) return 'no program of that kind is shipped for this platform';
  const problem = await aptProblem({ binutils: '/usr/bin/objcopy' });
  if (problem !== '') return problem;
  const section = join(FOLDER, 'section');
  mkdirSync(join(ROOT, 'usr/lib/sample'), { recursive: true });
  writeFileSync(section, SECTION);
  copyFileSync(PROGRAM, join(ROOT, PATH));
  execFileSync('objcopy', ['--add-section', `.dep-v0=${section}`, PROGRAM, join(ROOT, PATH)]);
  return '';
}

test('crates of a program that cargo-auditable built are told, with their place, and with the advisories on them', async (t) => {
  const problem = (await makeRoot()) || feedsProblem();
  if (problem !== '') return t.skip(problem);
  const listed = listedIn(join(ROOT, PATH));
  assert.equal(listed.length, 12);
  const db = await buildTestDatabase(join(FOLDER, 'db'), ['osv-crates']);
  const report = await scanReport(['fs', ROOT, '--db', db, '--only', 'packages,vulnerabilities']);
  const main = listed.find(({ root }) => root === true);
  assert.deepEqual(
    report.packages.map(({ type, name, version, direct, dev, locations }) => ({
      type,
      name,
      version,
      direct: direct === true,
      dev: dev === true,
      paths: locations.map(({ path }) => path),
    })),
    listed.map((one, index) => ({
      type: 'cargo',
      name: one.name,
      version: one.version,
      direct: one === main || main?.dependencies?.includes(index) === true,
      dev: one.kind === 'build',
      paths: [PATH],
    })),
  );
  const subjects = listed.map(({ name, version }) => ({ ecosystem: 'crates.io', name, version }) as const);
  const expected = await expectedAdvisories('', subjects, ['osv-crates']);
  const found = new Map(report.vulnerabilities.map((one) => [`${one.packageName} ${one.id}`, one]));
  assert.deepEqual([...new Set(expected.map(({ name }) => name))].sort(), ['atty', 'bytes', 'idna']);
  for (const { name, ids } of expected)
    assert.ok(
      ids.some((id) => found.has(`${name} ${id}`)),
      `${name} ${ids.join(' ')}`,
    );
  assert.equal(found.size, expected.length);
});
