// Whatever a feed contains, its reader gives judgements that can be stored, or says why not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packGroup, packJudgement, unpackGroup } from '../database/pack.ts';
import { FEEDS } from './registry.ts';

const KEYS = [
  'id',
  'cve',
  'affected',
  'package',
  'ecosystem',
  'name',
  'ranges',
  'events',
  'introduced',
  'fixed',
  'versions',
]
  .concat([
    'packages',
    'pkg',
    'secfixes',
    'distroversion',
    'advisories',
    'aliases',
    'type',
    'data',
    'gem',
    'patched_versions',
  ])
  .concat([
    'vulnerabilities',
    'product_tree',
    'product_status',
    'branches',
    'relationships',
    'releases',
    'status',
  ])
  .concat([
    'module_name',
    'vulnerable_versions',
    'vulnerable',
    'identifiers',
    'below',
    'artifacts',
    'metrics',
    'containers',
    'adp',
  ]);
const WORDS = [
  'CVE-2030-0001',
  'GHSA-aaaa-bbbb-cccc',
  'npm',
  'Go',
  'Debian:12',
  '0',
  '1.2.3',
  '<= 1.0',
  '>=1 <2 || x',
  'v3.20',
  '__proto__',
  '',
];

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(...WORDS),
    fc.constantFrom(null, true, -1, 1e21),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS, ...WORDS), tie('any'), { maxKeys: 6 }),
  ),
})).any;

/** A record is an object nearly always; what is in it is the question. */
const hostile = fc.oneof(
  { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), value, { minKeys: 2, maxKeys: 10 }) },
  { weight: 1, arbitrary: value },
);

test('readers survive records of any shape', () => {
  const readable = FEEDS.filter(({ decoding }) => decoding.as !== 'xml');
  fc.assert(
    fc.property(hostile, (record) => {
      for (const spec of readable) {
        const reader = spec.reader();
        const parts = [
          reader.record(record, 'file.json'),
          ...(reader.end === undefined ? [] : [reader.end()]),
        ];
        for (const judgement of parts.flatMap((part) => [...part.affected])) {
          const blob = packGroup([packJudgement(judgement, 0)]);
          const [first, ...more] = unpackGroup(blob, judgement.ecosystem, judgement.name, [spec.name]);
          const { vulnerabilities, ...rest } = judgement;
          assert.deepEqual(first, { vulnerability: vulnerabilities[0], feed: spec.name, ...rest });
          assert.equal(more.length, vulnerabilities.length - 1);
        }
      }
    }),
    { numRuns: 1500 },
  );
});
