import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildMatrix, depthOf, type Technique } from './matrix.ts';

const name = { en: 'n', zh: 'n' };
const TACTICS = [
  { id: 'TA1', key: 'execution', name },
  { id: 'TA2', key: 'persistence', name },
  { id: 'TA3', key: 'impact', name },
];
const LISTED: Technique[] = [
  { id: 'T1', name, tactics: ['execution'] },
  { id: 'T2', name, tactics: ['execution', 'persistence'] },
];
const KNOWN: Technique[] = [
  { id: 'T3.001', name: { en: 'Parent: Child', zh: '父：子' }, tactics: ['persistence'] },
];
const rule = (
  mitre: string[],
  enabled = true,
  alertsByDay = [1, 2],
): { mitre: string[]; enabled: boolean; alertsByDay: number[] } => ({
  mitre,
  enabled,
  alertsByDay,
});

test('sub-techniques count for their technique, in every tactic that it belongs to', () => {
  const columns = buildMatrix([rule(['T2.004']), rule(['T2'], false)], TACTICS, LISTED, KNOWN);
  assert.deepEqual(
    columns.map(({ tactic, cells, covered }) => [
      tactic.key,
      cells.map((cell) => [cell.technique.id, cell.enabled, cell.rules, cell.alerts]),
      covered,
    ]),
    [
      [
        'execution',
        [
          ['T1', 0, 0, 0],
          ['T2', 1, 2, 6],
        ],
        1,
      ],
      ['persistence', [['T2', 1, 2, 6]], 1],
    ],
  );
});

test('what only a rule names stands where it is known to belong, and what nobody knows nowhere', () => {
  const columns = buildMatrix([rule(['T3.001']), rule(['T9'])], TACTICS, LISTED, KNOWN);
  const extra = columns.flatMap(({ cells }) => cells).filter((cell) => !cell.isListed);
  assert.deepEqual(
    extra.map(({ technique }) => [technique.id, technique.name.en, technique.tactics]),
    [['T3', 'Parent', ['persistence']]],
  );
});

test('more rules that are on make a deeper colour', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 6, 7, 90].map(depthOf), [0, 1, 2, 2, 3, 3, 4, 4]);
});
