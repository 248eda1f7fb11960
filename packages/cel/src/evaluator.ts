// Syntax tree → closures. Each closure charges the meter, so that nothing runs without being counted.
import type { Node, NodeOf } from './ast.ts';
import { equal } from './compare.ts';
import { comprehension } from './comprehension.ts';
import { CelFailure, fail } from './failure.ts';
import type { Evaluate, Frame, Slots } from './frame.ts';
import { allowSize, charge } from './limits.ts';
import { fromNative, mapOf } from './native.ts';
import { accepts, type CelFunction, type CelOverload } from './overload.ts';
import { qualifiedName } from './qualified-name.ts';
import { isTypeValueName } from './type-names.ts';
import { CelTypeValue, type CelValue, isMap, typeNameOf } from './values.ts';

interface Context {
  readonly functions: ReadonlyMap<string, CelFunction>;
  readonly variables: ReadonlySet<string>;
  /** Slot of each variable that an enclosing macro declares. */
  readonly slots: Slots;
}

function constant(value: CelValue): Evaluate {
  return (frame) => {
    charge(frame.meter, 1);
    return value;
  };
}

function variable(name: string): Evaluate {
  return (frame) => {
    charge(frame.meter, 1);
    const known = frame.converted.get(name);
    if (known !== undefined) return known;
    if (!Object.hasOwn(frame.bindings, name)) throw fail(`no value for variable '${name}'`);
    const value = fromNative(frame.bindings[name]);
    frame.converted.set(name, value);
    return value;
  };
}

function identifier(node: NodeOf<'identifier'>, context: Context): Evaluate {
  const slot = context.slots.get(node.name);
  if (slot !== undefined) {
    return (frame) => {
      charge(frame.meter, 1);
      return frame.slots[slot] ?? null;
    };
  }
  if (context.variables.has(node.name)) return variable(node.name);
  return constant(new CelTypeValue(node.name));
}

function memberOf(operand: CelValue, field: string): CelValue | undefined {
  if (!isMap(operand)) throw fail(`a ${typeNameOf(operand)} has no field '${field}'`);
  return operand.get(field);
}

function select(node: NodeOf<'select'>, context: Context): Evaluate {
  const name = qualifiedName(node);
  const root = name?.split('.')[0] ?? '';
  if (
    name !== undefined &&
    isTypeValueName(name) &&
    !context.variables.has(root) &&
    !context.slots.has(root)
  ) {
    return constant(new CelTypeValue(name));
  }
  const operand = compileNode(node.operand, context);
  const { field, fieldOffset } = node;
  return (frame) => {
    charge(frame.meter, 1);
    const owner = operand(frame);
    frame.at = fieldOffset;
    const value = memberOf(owner, field);
    if (value === undefined) throw fail(`no such key: ${field}`);
    return value;
  };
}

function has(node: NodeOf<'has'>, context: Context): Evaluate {
  const operand = compileNode(node.operand, context);
  const { field, fieldOffset } = node;
  return (frame) => {
    charge(frame.meter, 1);
    const owner = operand(frame);
    frame.at = fieldOffset;
    return memberOf(owner, field) !== undefined;
  };
}

function equality(node: NodeOf<'call'>, context: Context): Evaluate {
  const [left, right] = node.args.map((arg) => compileNode(arg, context));
  const wanted = node.name === '_==_';
  if (left === undefined || right === undefined) return constant(null);
  return (frame) => equal(left(frame), right(frame), frame.meter) === wanted;
}

function applies(overload: CelOverload, args: readonly CelValue[]): boolean {
  for (let i = 0; i < args.length; i++) {
    const param = overload.params[i];
    const arg = args[i];
    if (param === undefined || arg === undefined || !accepts(param, arg)) return false;
  }
  return true;
}

function call(node: NodeOf<'call'>, context: Context): Evaluate {
  if (node.name === '_==_' || node.name === '_!=_') return equality(node, context);
  const isMethod = node.target !== undefined;
  const operands = (node.target === undefined ? node.args : [node.target, ...node.args]).map((operand) =>
    compileNode(operand, context),
  );
  const overloads = (context.functions.get(node.name)?.overloads ?? []).filter(
    (overload) => overload.method === isMethod && overload.params.length === operands.length,
  );
  const { at, name } = node;
  return (frame) => {
    charge(frame.meter, 1);
    const args: CelValue[] = [];
    for (const operand of operands) args.push(operand(frame));
    frame.at = at;
    for (const overload of overloads) if (applies(overload, args)) return overload.call(args, frame.meter);
    throw fail(`no such overload: ${name}(${args.map(typeNameOf).join(', ')})`);
  };
}

/**
 * `&&` and `||`: an operand that settles the result does so even if another one fails, in whatever order.
 * @param settles the operand value that decides: false for `&&`, true for `||`.
 */
function logic(items: readonly Evaluate[], settles: boolean): Evaluate {
  return (frame) => {
    charge(frame.meter, 1);
    let failure: CelFailure | undefined;
    for (const item of items) {
      try {
        const value = item(frame);
        if (value === settles) return settles;
        if (typeof value !== 'boolean') throw fail(`expected a bool, found a ${typeNameOf(value)}`);
      } catch (thrown) {
        failure ??= absorb(thrown, frame);
      }
    }
    if (failure !== undefined) throw failure;
    return !settles;
  };
}

/** Cost of an absorbed failure: catching is dear. */
const FAILURE_COST = 5;

function absorb(thrown: unknown, frame: Frame): CelFailure {
  if (!(thrown instanceof CelFailure)) throw thrown;
  if (thrown.offset < 0) thrown.offset = frame.at;
  charge(frame.meter, FAILURE_COST);
  return thrown;
}

function conditional(node: NodeOf<'conditional'>, context: Context): Evaluate {
  const test = compileNode(node.test, context);
  const then = compileNode(node.whenTrue, context);
  const otherwise = compileNode(node.whenFalse, context);
  const { offset } = node.test;
  return (frame) => {
    charge(frame.meter, 1);
    const value = test(frame);
    if (typeof value !== 'boolean') {
      frame.at = offset;
      throw fail(`expected a bool, found a ${typeNameOf(value)}`);
    }
    return value ? then(frame) : otherwise(frame);
  };
}

function list(node: NodeOf<'list'>, context: Context): Evaluate {
  const items = node.items.map((item) => compileNode(item, context));
  return (frame) => {
    allowSize(frame.meter, items.length);
    return items.map((item) => item(frame));
  };
}

function map(node: NodeOf<'map'>, context: Context): Evaluate {
  const entries = node.entries.map(
    ([key, value]) => [compileNode(key, context), compileNode(value, context)] as const,
  );
  const { offset } = node;
  return (frame) => {
    allowSize(frame.meter, entries.length);
    const pairs = entries.map(([key, value]) => [key(frame), value(frame)] as const);
    frame.at = offset;
    return mapOf(pairs);
  };
}

function loop(node: NodeOf<'comprehension'>, context: Context): Evaluate {
  const slot = context.slots.size;
  // A name declared again hides the outer one; a slot of its own keeps the outer value.
  const slots = new Map(context.slots).set(`#${slot}`, slot).set(node.variable, slot);
  const inner: Context = { ...context, slots };
  return comprehension({
    macro: node.macro,
    slot,
    range: compileNode(node.range, context),
    filter: node.filter === undefined ? undefined : compileNode(node.filter, inner),
    body: compileNode(node.body, inner),
    offset: node.body.offset,
    absorb,
  });
}

function compileNode(node: Node, context: Context): Evaluate {
  switch (node.kind) {
    case 'literal':
      return constant(node.value);
    case 'identifier':
      return identifier(node, context);
    case 'select':
      return select(node, context);
    case 'has':
      return has(node, context);
    case 'call':
      return call(node, context);
    case 'list':
      return list(node, context);
    case 'map':
      return map(node, context);
    case 'and':
    case 'or':
      return logic(
        node.items.map((item) => compileNode(item, context)),
        node.kind === 'or',
      );
    case 'conditional':
      return conditional(node, context);
    case 'comprehension':
      return loop(node, context);
  }
}

/** Compiles a checked tree: every name in it is a variable, a macro's variable, a function or a type. */
export function compileTree(
  root: Node,
  variables: Iterable<string>,
  functions: ReadonlyMap<string, CelFunction>,
): Evaluate {
  return compileNode(root, { functions, variables: new Set(variables), slots: new Map() });
}
