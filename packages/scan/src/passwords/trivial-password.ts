// Whether a password hash is of one of the passwords that everybody tries first.
import type { KeptPassword, PasswordJudgement } from '@guardcell/posture';
import { type HashTrial, trialOf } from './hash-schemes.ts';

const WORDS = [
  'root',
  'admin',
  'password',
  '123456',
  'toor',
  'changeme',
  'test',
  'guest',
  'ubuntu',
  'raspberry',
];
/** Hashing is slow on purpose: a file must not keep us busy. About milliseconds, of `HashTrial.cost`. */
const MAX_COST = 8000;
/** No account has a longer name (LOGIN_NAME_MAX); the time that hashing takes grows with the password. */
const MAX_NAME = 256;

interface Try {
  readonly at: number;
  readonly word: string;
  readonly hash: string;
  readonly trial: HashTrial;
  /** Small ones first. */
  readonly order: number;
}

/** The name, the empty password and the usual words. */
function triesOf(at: number, { name, hash }: KeptPassword, trial: HashTrial): readonly Try[] {
  const words = new Set([name.slice(0, MAX_NAME), '', ...WORDS]);
  return [...words].map((word, i) => ({ at, word, hash, trial, order: trial.cost * (i + 1) }));
}

/** Tries usual passwords up to a bound of work: the likeliest before the others, and the cheapest hashes first. */
export function judgePasswords(
  kept: readonly KeptPassword[],
  maxCost: number = MAX_COST,
): readonly PasswordJudgement[] {
  const trials = kept.map(({ hash }) => trialOf(hash));
  const judged = trials.map((trial): PasswordJudgement => (typeof trial === 'string' ? trial : 'other'));
  const tries = trials.flatMap((trial, at) => {
    const one = kept[at];
    return typeof trial === 'string' || one === undefined ? [] : triesOf(at, one, trial);
  });
  tries.sort((a, b) => a.order - b.order);
  // One for all: hashes are made one after the other.
  const memory = new Int32Array(tries.reduce((most, { trial }) => Math.max(most, trial.words), 0));
  let left = maxCost;
  for (const { at, word, hash, trial } of tries) {
    if (judged[at] !== 'other') continue;
    left -= trial.cost;
    if (left < 0) judged[at] = 'time';
    else if (trial.hashOf(word, memory) === hash) judged[at] = 'trivial';
  }
  return judged;
}
