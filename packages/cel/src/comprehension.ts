// The loops behind all, exists, exists_one, map and filter.
import type { ComprehensionKind } from './ast.ts';
import { type CelFailure, fail } from './failure.ts';
import type { Evaluate, Frame } from './frame.ts';
import { allowSize, charge } from './limits.ts';
import { type CelValue, isList, isMap, typeNameOf } from './values.ts';

export interface Comprehension {
  readonly macro: ComprehensionKind;
  /** Where the loop's variable lives. */
  readonly slot: number;
  readonly range: Evaluate;
  readonly filter: Evaluate | undefined;
  readonly body: Evaluate;
  readonly offset: number;
  /** Gives back a failure that may be absorbed; throws anything else. */
  readonly absorb: (thrown: unknown, frame: Frame) => CelFailure;
}

function itemsOf(loop: Comprehension, frame: Frame): readonly CelValue[] {
  charge(frame.meter, 1);
  const range = loop.range(frame);
  if (isList(range)) return range;
  if (!isMap(range)) throw fail(`${loop.macro}() needs a list or a map, not a ${typeNameOf(range)}`);
  charge(frame.meter, range.size);
  return range.keys();
}

function asBool(value: CelValue, frame: Frame, offset: number): boolean {
  if (typeof value === 'boolean') return value;
  frame.at = offset;
  throw fail(`expected a bool, found a ${typeNameOf(value)}`);
}

function holds(loop: Comprehension, item: CelValue, frame: Frame): boolean {
  charge(frame.meter, 1);
  frame.slots[loop.slot] = item;
  return asBool(loop.body(frame), frame, loop.offset);
}

/** `all` (settled by false) and `exists` (settled by true) absorb failures like `&&` and `||`. */
function quantifier(loop: Comprehension, settles: boolean): Evaluate {
  return (frame) => {
    let failure: CelFailure | undefined;
    for (const item of itemsOf(loop, frame)) {
      try {
        if (holds(loop, item, frame) === settles) return settles;
      } catch (thrown) {
        failure ??= loop.absorb(thrown, frame);
      }
    }
    if (failure !== undefined) throw failure;
    return !settles;
  };
}

function existsOne(loop: Comprehension): Evaluate {
  return (frame) => {
    let count = 0;
    for (const item of itemsOf(loop, frame)) if (holds(loop, item, frame)) count += 1;
    return count === 1;
  };
}

function filter(loop: Comprehension): Evaluate {
  return (frame) => {
    const items = itemsOf(loop, frame);
    const kept: CelValue[] = [];
    for (const item of items) if (holds(loop, item, frame)) kept.push(item);
    allowSize(frame.meter, kept.length);
    return kept;
  };
}

function map(loop: Comprehension): Evaluate {
  return (frame) => {
    const items = itemsOf(loop, frame);
    const results: CelValue[] = [];
    for (const item of items) {
      charge(frame.meter, 1);
      frame.slots[loop.slot] = item;
      if (loop.filter !== undefined && !asBool(loop.filter(frame), frame, loop.offset)) continue;
      results.push(loop.body(frame));
    }
    allowSize(frame.meter, results.length);
    return results;
  };
}

export function comprehension(loop: Comprehension): Evaluate {
  switch (loop.macro) {
    case 'all':
      return quantifier(loop, false);
    case 'exists':
      return quantifier(loop, true);
    case 'exists_one':
      return existsOne(loop);
    case 'filter':
      return filter(loop);
    case 'map':
      return map(loop);
  }
}
