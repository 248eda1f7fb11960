// Looks up which rules a field's value leaves possible: all tests of all rules on one field, in a few steps.
import type { FieldValue, Scalar } from '../fields/field.ts';
import { plainPath } from '../operators/path-prefix.ts';
import {
  addBits,
  type Bits,
  collectPrefixes,
  createPrefixTree,
  nodeFor,
  setBit,
} from '../operators/prefix-tree.ts';
import { narrow } from '../operators/value-parser.ts';
import { isList } from './check.ts';
import type { GuardTest } from './guard-tests.ts';

/** Adds to `found` the rules of which a test passes for the value. */
export type ValueIndex = (value: FieldValue, found: Bits) => void;

export interface IndexedTests {
  readonly rule: number;
  readonly tests: readonly GuardTest[];
}

/** `words`: how many words of 32 bits the numbers of all rules take. */
export function createValueIndex(entries: readonly IndexedTests[], words: number): ValueIndex {
  const equal = new Map<Scalar, Bits>();
  const starts = createPrefixTree();
  const ends = new Map<string, Bits>();
  for (const { rule, tests } of entries) {
    for (const test of tests) setBit(bitsFor(test), rule);
  }
  function bitsFor(test: GuardTest): Bits {
    switch (test.kind) {
      case 'equal':
        return inMap(equal, test.value, words);
      case 'suffix':
        return inMap(ends, test.text, words);
      case 'prefix':
        return (nodeFor(starts, test.text).prefix ??= new Int32Array(words));
      case 'path':
        return (nodeFor(starts, test.text).path ??= new Int32Array(words));
    }
  }
  const hasPaths = entries.some(({ tests }) => tests.some((test) => test.kind === 'path'));
  const lookUp = lookUpIn(equal, starts, [...ends], hasPaths);
  return (value, found) => {
    if (!isList(value)) lookUp(value, found);
    else for (const one of value) lookUp(one, found);
  };
}

function lookUpIn(
  equal: ReadonlyMap<Scalar, Bits>,
  starts: ReturnType<typeof createPrefixTree>,
  ends: readonly (readonly [string, Bits])[],
  hasPaths: boolean,
): (value: Scalar, found: Bits) => void {
  const hasStarts = starts.children.length > 0;
  return (value, found) => {
    const same = equal.size === 0 ? undefined : equal.get(typeof value === 'bigint' ? narrow(value) : value);
    if (same !== undefined) addBits(found, same);
    if (typeof value !== 'string') return;
    if (hasStarts) {
      collectPrefixes(starts, value, found);
      if (hasPaths) {
        const path = plainPath(value);
        if (path !== value) collectPrefixes(starts, path, found);
      }
    }
    for (const [end, bits] of ends) if (value.endsWith(end)) addBits(found, bits);
  };
}

function inMap<K>(map: Map<K, Bits>, key: K, words: number): Bits {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Int32Array(words);
  map.set(key, made);
  return made;
}
