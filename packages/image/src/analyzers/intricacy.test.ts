// Texts that are small in an archive and large in memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cargoAnalyzer } from './cargo/index.ts';
import { needSimple } from './intricacy.ts';
import { npmAnalyzer } from './npm/index.ts';
import { pubAnalyzer } from './pub/index.ts';

function filled(open: string, token: string, close: string, bytes = 8 * 2 ** 20): Buffer {
  const times = Math.floor(bytes / token.length);
  return Buffer.concat([Buffer.from(open), Buffer.alloc(times * token.length, token), Buffer.from(close)]);
}

test('a lock file of a hundred thousand packages is read', () => {
  const one = '"node_modules/a":{"version":"1.0.0","dependencies":{"b":"1"}},\n';
  needSimple(Buffer.from(`{"packages":{${one.repeat(100_000)}"":{}}}`));
});

test('texts that would fill memory are problems, and told at once', () => {
  const facts = { mode: 0o644, uid: 0, gid: 0 };
  for (const [analyzer, path, bytes] of [
    [npmAnalyzer, '/a/package-lock.json', filled('[', '{},', '{}]')],
    [npmAnalyzer, '/a/yarn.lock', filled('', 'a\n', '')],
    [cargoAnalyzer, '/a/Cargo.lock', filled('a=[', '[],', ']')],
    [pubAnalyzer, '/a/pubspec.lock', filled('', '- a\n', '')],
  ] as const) {
    const result = analyzer.analyze({ path, size: bytes.length, bytes, ...facts });
    assert.ok(result !== undefined && 'problem' in result, path);
    assert.match(result.problem, /more structure than can be kept in memory/, path);
  }
});
