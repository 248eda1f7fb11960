// CVSS 4.0 base score (CVSS-B), after section 8 of FIRST's specification: the score of the macro vector, lowered by how
// far the vector lies below the most severe one of it. Threat and environment stand at their defaults (E:A, CR/IR/AR:H),
// so equivalence set 5 is always 0, 6 follows from 3, and 4 is never 0.
import type { Metrics } from './cvss-metrics.ts';

/** Each metric's values from most severe to least; distances are counted in steps. */
const LEVELS = {
  AV: 'NALP',
  AC: 'LH',
  AT: 'NP',
  PR: 'NLH',
  UI: 'NPA',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'HLN',
  SI: 'HLN',
  SA: 'HLN',
} as const;
type Name = keyof typeof LEVELS;
type Steps = Readonly<Record<Name, number>>;

/** Sets 3 and 6 together. */
const COLUMNS = ['00', '01', '10', '11', '21'] as const;
/** Scores of macro vectors with set 5 at 0: sets 1, 2, 4 → by COLUMNS. */
const SCORES: Readonly<Record<string, readonly number[]>> = {
  '001': [10, 9.6, 9.3, 9.2, 7.9],
  '002': [9.3, 9, 8.8, 8, 6.9],
  '011': [9.5, 9.1, 9.2, 8.2, 7.1],
  '012': [9.2, 8.1, 8.4, 7, 6.3],
  '101': [9.4, 8.9, 8.6, 7.6, 6.5],
  '102': [8.7, 7.5, 7.2, 5.7, 5.3],
  '111': [9, 7.7, 7.4, 5.9, 5.8],
  '112': [7.7, 6.6, 6.1, 5.2, 2.3],
  '201': [8.6, 7.4, 7.2, 5.7, 4.7],
  '202': [7, 5.4, 5.3, 3.6, 2.4],
  '211': [7.3, 5.5, 6.1, 5.1, 2.4],
  '212': [5.4, 4.3, 4.6, 1.8, 1],
};

interface EquivalenceSet {
  readonly metrics: readonly Name[];
  /** Most severe vectors of each level, in steps of `metrics`. */
  readonly highest: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** How many steps a level spans. */
  readonly depth: Readonly<Record<string, number>>;
}

const EQ1: EquivalenceSet = {
  metrics: ['AV', 'PR', 'UI'],
  highest: {
    0: [[0, 0, 0]],
    1: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    2: [
      [3, 0, 0],
      [1, 1, 1],
    ],
  },
  depth: { 0: 1, 1: 4, 2: 5 },
};
const EQ2: EquivalenceSet = {
  metrics: ['AC', 'AT'],
  highest: {
    0: [[0, 0]],
    1: [
      [1, 0],
      [0, 1],
    ],
  },
  depth: { 0: 1, 1: 2 },
};
const EQ3: EquivalenceSet = {
  metrics: ['VC', 'VI', 'VA'],
  highest: {
    '00': [[0, 0, 0]],
    '10': [
      [1, 0, 0],
      [0, 1, 0],
    ],
    '21': [[1, 1, 1]],
  },
  depth: { '00': 7, '10': 8, '21': 10 },
};
const EQ4: EquivalenceSet = {
  metrics: ['SC', 'SI', 'SA'],
  highest: { 1: [[0, 0, 0]], 2: [[1, 1, 1]] },
  depth: { 1: 5, 2: 4 },
};

/** 0–10; undefined when a base metric is missing. */
export function cvss4(metrics: Metrics): number | undefined {
  const steps = readSteps(metrics);
  if (steps === undefined) return undefined;
  if (steps.VC + steps.VI + steps.VA + steps.SC + steps.SI + steps.SA === 12) return 0;
  const { AV, PR, UI, AC, AT, VC, VI, VA, SC, SI, SA } = steps;
  const one = AV + PR + UI === 0 ? 0 : AV < 3 && (AV === 0 || PR === 0 || UI === 0) ? 1 : 2;
  const two = AC + AT === 0 ? 0 : 1;
  const three = VC + VI === 0 ? '00' : VC === 0 || VI === 0 || VA === 0 ? '10' : '21';
  const four = SC === 0 || SI === 0 || SA === 0 ? 1 : 2;
  const value = scoreOf(one, two, three, four) ?? 0;
  const lowered = [
    lowering(EQ1, String(one), steps, value, scoreOf(one + 1, two, three, four)),
    lowering(EQ2, String(two), steps, value, scoreOf(one, two + 1, three, four)),
    lowering(EQ3, three, steps, value, belowThree(one, two, three, four)),
    lowering(EQ4, String(four), steps, value, scoreOf(one, two, three, four + 1)),
    // Set 5 always has a lower level, and the vector lies at the top of its own.
    0,
  ].filter((one) => one !== undefined);
  const mean = lowered.reduce((sum, one) => sum + one, 0) / lowered.length;
  return Math.round((Math.max(0, Math.min(10, value - mean)) + 1e-6) * 10) / 10;
}

function readSteps(metrics: Metrics): Steps | undefined {
  const steps: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(LEVELS) as Name[]) {
    const value = metrics.get(name);
    const step = value?.length === 1 ? LEVELS[name].indexOf(value) : -1;
    if (step < 0) return undefined;
    steps[name] = step;
  }
  return steps as Steps;
}

function scoreOf(one: number, two: number, three: string, four: number): number | undefined {
  return SCORES[`${one}${two}${four}`]?.[(COLUMNS as readonly string[]).indexOf(three)];
}

/** Two levels lie below 00; the higher score counts. */
function belowThree(one: number, two: number, three: string, four: number): number | undefined {
  const score = (column: string): number | undefined => scoreOf(one, two, column, four);
  if (three === '00') return Math.max(score('01') ?? 0, score('10') ?? 0);
  return three === '10' ? score('11') : undefined;
}

/** The share of the way to the next lower macro vector that this set has gone; undefined without a lower one. */
function lowering(
  set: EquivalenceSet,
  level: string,
  steps: Steps,
  value: number,
  lower: number | undefined,
): number | undefined {
  if (lower === undefined) return undefined;
  const own = set.metrics.map((name) => steps[name]);
  const distances = (set.highest[level] ?? []).map((highest) =>
    own.map((step, at) => step - (highest[at] ?? 0)),
  );
  const reached = distances.find((distance) => distance.every((one) => one >= 0)) ?? [];
  const distance = reached.reduce((sum, one) => sum + one, 0);
  return ((value - lower) * distance) / (set.depth[level] ?? 1);
}
