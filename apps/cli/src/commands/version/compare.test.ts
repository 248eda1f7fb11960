// `guardcell version compare`: signs on stdout, coded errors for what is no version or ecosystem.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { schemeOfEcosystem } from '@guardcell/vuln';

const MAIN = join(import.meta.dirname, '../../main.ts');

function compare(args: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'version', 'compare', ...args],
    { input, encoding: 'utf8' },
  );
  return { code: status, out: stdout, err: stderr };
}

test('two versions are compared by the rules of an ecosystem, named by scheme or by OSV', () => {
  assert.deepEqual(compare(['deb', '1.0~rc1-1', '1.0-1']), { code: 0, out: '<\n', err: '' });
  assert.equal(compare(['Ubuntu:24.04:LTS', '1:1.0-1', '2.0-1']).out, '>\n');
});

test('pairs on stdin are answered line by line, in order', () => {
  const { code, out } = compare(['crates.io', '-'], '1.9.0 1.10.0\n\n1.0.0 1.0.0+x\n2.0.0 2.0.0-rc.1\n');
  assert.equal(code, 0);
  assert.equal(out, '<\n=\n>\n');
});

test('bad input ends with a coded error that says where', () => {
  assert.match(compare(['npm', '1.0.0', 'soon']).err, /GC_VERSION_INVALID: 'soon' is no npm version/);
  assert.match(compare(['Atari', '1', '2']).err, /GC_VERSION_ECOSYSTEM/);
  assert.match(compare(['npm', '1.0.0']).err, /GC_USAGE/);
});

test('a pair that cannot be compared keeps its place, and those behind it are answered', () => {
  const { code, out, err } = compare(['npm', '-'], '1.0.0 1.0.1\n1.0.0 soon\n1\n2.0.0 1.0.0\n');
  assert.equal(code, 2);
  assert.equal(out, '<\n?\n?\n>\n');
  assert.match(err, /GC_VERSION_INVALID: 'soon' is no npm version \(stdin:2\)/);
  assert.match(err, /two versions, parted by a space \(stdin:3\)/);
});

test('everyday names of ecosystems are known', () => {
  for (const name of ['pip', 'rust', 'rocky', 'redhat', 'gems', 'php', 'java', 'actions', 'erlang'])
    assert.notEqual(schemeOfEcosystem(name), undefined, name);
});

test('ecosystems whose order nobody wrote are unknown: another order would answer wrongly', () => {
  // In Hackage 1.0 comes before 1.0.0, in CRAN 1.0-1 is 1.0.1.
  for (const name of ['Hackage', 'CRAN', 'GHC', 'cran'])
    assert.match(
      compare([name, '1.0', '1.0.0']).err,
      /GC_VERSION_ECOSYSTEM: no version order is known for '/,
    );
});
