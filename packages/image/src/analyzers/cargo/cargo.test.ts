// Rust crates of lock files and programs.
import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { buildElf } from '../executable/testing.ts';
import { cargoAnalyzer } from './index.ts';
import { parseCargoLock } from './parse-cargo-lock.ts';

test('reads lock files of formats 1 to 4', () => {
  const one =
    '[root]\nname = "own"\nversion = "0.1.0"\n\n[[package]]\nname = "libc"\nversion = "0.2.1"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n\n[metadata]\n"checksum libc 0.2.1" = "aa"\n';
  assert.deepEqual(parseCargoLock(one), [{ name: 'libc', version: '0.2.1' }]);
  const four = `version = 4

[[package]]
name = "serde"
version = "1.0.200+build"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00"
dependencies = [
 "libc 0.2.1",
]

[[patch.unused]]
name = "never"
version = "9.9.9"
`;
  assert.deepEqual(parseCargoLock(four), [{ name: 'serde', version: '1.0.200+build' }]);
});

const program = (json: string) => {
  const bytes = buildElf([{ name: '.dep-v0', content: deflateSync(json) }]).bytes;
  return { path: '/bin/app', size: bytes.length, mode: 0o755, uid: 0, gid: 0, bytes };
};

test('reads what cargo-auditable puts into programs', () => {
  const result = cargoAnalyzer.analyze(
    program(
      JSON.stringify({
        packages: [
          { name: 'app', version: '1.0.0', source: 'local', dependencies: [1, 2], root: true },
          { name: 'serde', version: '1.0.1', source: 'crates.io' },
          { name: 'cc', version: '1.0.2', source: 'crates.io', kind: 'build' },
          { name: 'libc', version: '0.2.1', source: 'crates.io' },
        ],
      }),
    ),
  );
  assert.ok(result && 'value' in result);
  const { packages } = cargoAnalyzer.assemble([{ location: { path: '/bin/app' }, value: result.value }]);
  assert.deepEqual(
    packages.map((p) => `${p.purl} ${p.direct === true} ${p.dev === true}`),
    [
      'pkg:cargo/app@1.0.0 true false',
      'pkg:cargo/serde@1.0.1 true false',
      'pkg:cargo/cc@1.0.2 true true',
      'pkg:cargo/libc@0.2.1 false false',
    ],
  );
});

test('says that a dependency list is broken or explodes', () => {
  const broken = cargoAnalyzer.analyze(program('{'));
  assert.ok(broken && 'problem' in broken);
  const bomb = cargoAnalyzer.analyze(program(' '.repeat(16 << 20)));
  assert.ok(bomb && 'problem' in bomb);
});

test('never throws for any text of a lock file', () => {
  const line = fc.constantFrom(
    '[[package]]',
    '[root]',
    'name = "a"',
    'version = "1"',
    'name = "',
    '[',
    '',
    '\r',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 30 }), (lines) => {
      for (const { name, version } of parseCargoLock(lines.join('\n')))
        assert.ok(name !== '' && version !== '');
    }),
  );
});
