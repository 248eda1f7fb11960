// Looks up which rules a field's value leaves possible: all tests of all rules on one field, in a few steps.
import type { FieldValue, Scalar } from '../fields/field.ts';
import { plainPath } from '../operators/path-prefix.ts';
import {
  addBits,
  type Bits,
  collectPrefixes,
  createPrefixTree,
  nodeFor,
  type PrefixTree,
  setBit,
} from '../operators/prefix-tree.ts';
import { narrow } from '../operators/value-parser.ts';
import { isList } from './check.ts';
import type { GuardTest } from './guard-tests.ts';

/** Adds to `found` the rules of which a test passes for the value; may leave out rules that are not in `alive`. */
export type ValueIndex = (value: FieldValue, found: Bits, alive: Bits) => void;

export interface IndexedTests {
  readonly rule: number;
  readonly tests: readonly GuardTest[];
}

interface Tables {
  readonly equal: Map<Scalar, Bits>;
  readonly starts: PrefixTree;
  readonly files: Map<string, Bits>;
  readonly ends: Map<string, Bits>;
  readonly within: Map<string, Bits>;
  hasPaths: boolean;
}

/** `words`: how many words of 32 bits the numbers of all rules take. */
export function createValueIndex(entries: readonly IndexedTests[], words: number): ValueIndex {
  const tables: Tables = {
    equal: new Map(),
    starts: createPrefixTree(),
    files: new Map(),
    ends: new Map(),
    within: new Map(),
    hasPaths: false,
  };
  for (const { rule, tests } of entries) {
    for (const test of tests) setBit(bitsFor(test, tables, words), rule);
  }
  const lookUp = lookUpIn(tables);
  return (value, found, alive) => {
    if (!isList(value)) lookUp(value, found, alive);
    else for (const one of value) lookUp(one, found, alive);
  };
}

function bitsFor(test: GuardTest, tables: Tables, words: number): Bits {
  switch (test.kind) {
    case 'equal':
      return inMap(tables.equal, test.value, words);
    case 'file':
      return inMap(tables.files, test.text, words);
    case 'suffix':
      return inMap(tables.ends, test.text, words);
    case 'contains':
      return inMap(tables.within, test.text, words);
    case 'prefix':
      return (nodeFor(tables.starts, test.text).prefix ??= new Int32Array(words));
    case 'pathPrefix':
      tables.hasPaths = true;
      return (nodeFor(tables.starts, test.text).prefix ??= new Int32Array(words));
    case 'path':
      tables.hasPaths = true;
      return (nodeFor(tables.starts, test.text).path ??= new Int32Array(words));
  }
}

function lookUpIn(tables: Tables): (value: Scalar, found: Bits, alive: Bits) => void {
  const { equal, starts, files, hasPaths } = tables;
  const ends = [...tables.ends];
  const within = [...tables.within];
  const hasStarts = starts.children.length > 0 || starts.path !== undefined;
  return (value, found, alive) => {
    const same = equal.size === 0 ? undefined : equal.get(typeof value === 'bigint' ? narrow(value) : value);
    if (same !== undefined) addBits(found, same);
    if (typeof value !== 'string') return;
    if (hasStarts) {
      collectPrefixes(starts, value, found);
      const path = hasPaths ? plainPath(value) : value;
      if (path !== value) collectPrefixes(starts, path, found);
    }
    if (files.size > 0) {
      const file = files.get(value.slice(value.lastIndexOf('/') + 1));
      if (file !== undefined) addBits(found, file);
    }
    for (const [end, bits] of ends)
      if (concerns(bits, alive, found) && value.endsWith(end)) addBits(found, bits);
    for (const [text, bits] of within)
      if (concerns(bits, alive, found) && value.includes(text)) addBits(found, bits);
  };
}

/** Whether the bits hold a rule that is still to be decided. */
function concerns(bits: Bits, alive: Bits, found: Bits): boolean {
  for (let word = 0; word < bits.length; word += 1) {
    if (((bits[word] ?? 0) & (alive[word] ?? 0) & ~(found[word] ?? 0)) !== 0) return true;
  }
  return false;
}

function inMap<K>(map: Map<K, Bits>, key: K, words: number): Bits {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Int32Array(words);
  map.set(key, made);
  return made;
}
