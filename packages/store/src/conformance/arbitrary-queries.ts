// Random alerts and queries over a small world, so that queries often match and edges (midnight, equal times) occur.
import { ALERT_DIMENSIONS, type EventQuery, SEVERITIES } from '@guardcell/core';
import * as fc from 'fast-check';
import type { AppendItem } from '../ports.ts';
import { NOON_MS, sampleItem } from './sample-alert.ts';

const DAY_MS = 86_400_000;
const WORDS = ['xmrig', 'Passwd', 'ÉTÉ', 'été', 'ete', '容器', 'İx', 'a1', 'ς', 'Σ', 'x', '1', 'ﬁ', 'K', 'ſ'];
const NAMES = ['web', 'db', '', 'sh', 'ünï', "o'brien", '%_*"', 'aaaaaaaaaaaa'];
const IDS = ['aaaaaaaaaaaabbbb', 'aaaaaaaaaaaacccc', 'host', 'bbbbbbbbbbbbbbbb'];

const word = fc.constantFrom(...WORDS);
const name = fc.constantFrom(...NAMES);
const few = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 3 });

const timeMs = fc.oneof(
  fc.integer({ min: NOON_MS - 2 * DAY_MS, max: NOON_MS + 2 * DAY_MS }),
  fc.integer({ min: NOON_MS, max: NOON_MS + 3 }),
  fc.constantFrom(NOON_MS + DAY_MS / 2, NOON_MS + DAY_MS / 2 - 1, NOON_MS - DAY_MS / 2, NOON_MS + 60_000),
);

const text = fc
  .array(fc.oneof(word, fc.string({ maxLength: 6, unit: 'grapheme' })), { maxLength: 5 })
  .map((parts) => parts.join(' /'));

const options = fc.record({
  timeMs,
  rule: fc.constantFrom('Rule A', 'Rule B', 'Règle C'),
  severity: fc.constantFrom(...SEVERITIES),
  message: text,
  container: fc.record({ id: fc.constantFrom(...IDS), name, image: name, namespace: name }),
  process: fc.record({ name, cmdline: text }),
  tags: few(name),
  mitre: few(fc.constantFrom('T1', 'T1.001', 'T2')),
  hostname: fc.constantFrom('node-a', 'node-b'),
  args: fc.dictionary(fc.constantFrom('name', 'flags'), text),
});

/** Batches in the order in which they are appended; seqs ascend per sensor, and some batches are sent again. */
export const batches: fc.Arbitrary<AppendItem[][]> = fc
  .array(fc.record({ alerts: fc.array(options, { minLength: 1, maxLength: 12 }), again: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((rounds) => {
    let seq = 0;
    return rounds.flatMap(({ alerts, again }, round) => {
      const sensor = round % 2 === 0 ? 'sensor-a' : 'sensor-b';
      const batch = alerts.map((alert) => sampleItem(++seq, { ...alert, sensor }));
      return again ? [batch, batch] : [batch];
    });
  });

const wanted = fc.constantFrom(
  ...NAMES,
  ...IDS,
  ...SEVERITIES,
  'Rule A',
  'Règle C',
  'T1',
  'T2',
  'node-a',
  'container',
);
const any = fc.dictionary(fc.constantFrom(...ALERT_DIMENSIONS), few(wanted), { maxKeys: 2 });
const queryWord = fc.oneof(
  word.map((one) => one.toLowerCase()),
  word,
  fc.constantFrom('no such', '', 'etc', '"'),
);

export const queries: fc.Arbitrary<EventQuery> = fc
  .record({
    fromMs: fc.option(timeMs, { nil: undefined }),
    toMs: fc.option(timeMs, { nil: undefined }),
    any,
    words: fc.array(queryWord, { maxLength: 2 }),
    plain: fc.constantFrom('any', 'words', 'both', 'neither'),
  })
  .map(({ fromMs, toMs, any, words, plain }) => ({
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs }),
    any: plain === 'words' || plain === 'neither' ? {} : any,
    words: plain === 'any' || plain === 'neither' ? [] : words,
  }));
