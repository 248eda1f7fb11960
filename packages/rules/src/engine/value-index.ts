// Looks up which rules a field's value leaves possible: all tests of all rules on one field, in a few steps.
import type { FieldValue, Scalar } from '../fields/field.ts';
import { foldAscii, foldValue } from '../operators/fold-case.ts';
import { plainPath } from '../operators/path-prefix.ts';
import {
  addBits,
  type Bits,
  collectPrefixes,
  collectSuffixes,
  createPrefixTree,
  nodeFor,
  type PrefixTree,
  reversed,
  setBit,
} from '../operators/prefix-tree.ts';
import { createTextSearch, type TextSearch } from '../operators/text-search.ts';
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
  /** Of texts backwards; paths are names of files. */
  readonly ends: PrefixTree;
  /** Folded texts. */
  readonly within: Map<string, Bits>;
  hasPaths: boolean;
  /** Equal texts are looked for in the tree of starts: hashing a text that was just read costs more. */
  readonly isWalked: boolean;
}

const IN_STARTS: ReadonlySet<GuardTest['kind']> = new Set(['prefix', 'pathPrefix', 'path']);

/** `words`: how many words of 32 bits the numbers of all rules take. */
export function createValueIndex(entries: readonly IndexedTests[], words: number): ValueIndex {
  const tables: Tables = {
    equal: new Map(),
    starts: createPrefixTree(),
    ends: createPrefixTree(),
    within: new Map(),
    hasPaths: false,
    isWalked: entries.some(({ tests }) => tests.some(({ kind }) => IN_STARTS.has(kind))),
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
      if (tables.isWalked && typeof test.value === 'string') {
        return (nodeFor(tables.starts, test.value).equal ??= new Int32Array(words));
      }
      return inMap(tables.equal, test.value, words);
    case 'file':
      return (nodeFor(tables.ends, reversed(test.text)).path ??= new Int32Array(words));
    case 'suffix':
      return (nodeFor(tables.ends, reversed(test.text)).prefix ??= new Int32Array(words));
    case 'contains':
    case 'icontains':
      return inMap(tables.within, foldAscii(test.text), words);
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
  const { equal, starts, ends, hasPaths } = tables;
  const { within } = tables;
  const ofWithin = unionOf([...within.values()]);
  const search = createTextSearch(within) ?? plainSearch(within);
  const hasStarts = isFilled(starts);
  const hasEnds = isFilled(ends);
  return (value, found, alive) => {
    if (equal.size > 0) {
      const same = equal.get(typeof value === 'bigint' ? narrow(value) : value);
      if (same !== undefined) addBits(found, same);
    }
    if (typeof value !== 'string') return;
    if (hasStarts) {
      collectPrefixes(starts, value, found);
      const path = hasPaths ? plainPath(value) : value;
      if (path !== value) collectPrefixes(starts, path, found);
    }
    if (hasEnds) collectSuffixes(ends, value, found);
    if (concerns(ofWithin, alive, found)) search(value, found);
  };
}

/** Takes a step for each text. */
function plainSearch(texts: ReadonlyMap<string, Bits>): TextSearch {
  return (value, found) => {
    const folded = foldValue(value);
    for (const [text, bits] of texts) if (folded.includes(text)) addBits(found, bits);
  };
}

/** Empty when there are none. */
function unionOf(all: readonly Bits[]): Bits {
  const union = new Int32Array(all[0]?.length ?? 0);
  for (const bits of all) addBits(union, bits);
  return union;
}

function isFilled(tree: PrefixTree): boolean {
  return tree.children.length > 0 || tree.path !== undefined || tree.equal !== undefined;
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
