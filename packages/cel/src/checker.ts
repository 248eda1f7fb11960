// The type-light check: unknown variables, members and functions, arguments that no overload takes. Where a type is
// not known (`dyn`) everything is allowed; evaluation has the last word.
import type { Node, NodeOf } from './ast.ts';
import { didYouMean } from './did-you-mean.ts';
import type { CelFunction, CelOverload } from './overload.ts';
import { qualifiedName } from './qualified-name.ts';
import { regexProblem } from './regex.ts';
import { isTypeValueName } from './type-names.ts';
import { baseType, type CelType, typeText } from './types.ts';
import { typeNameOf } from './values.ts';

export interface CheckProblem {
  readonly message: string;
  readonly offset: number;
  readonly hint: string;
}

interface Check {
  readonly functions: ReadonlyMap<string, CelFunction>;
  readonly problems: CheckProblem[];
}

type Scope = ReadonlyMap<string, CelType>;

function report(check: Check, offset: number, message: string, hint = ''): CelType {
  check.problems.push({ message, offset, hint });
  return 'dyn';
}

function literalType(node: NodeOf<'literal'>): CelType {
  const name = typeNameOf(node.value);
  return name === 'null_type' ? 'null' : (name as CelType);
}

function identifierType(node: NodeOf<'identifier'>, scope: Scope, check: Check): CelType {
  const type = scope.get(node.name);
  if (type !== undefined) return type;
  if (isTypeValueName(node.name)) return 'type';
  const known = [...scope.keys()];
  const list =
    known.length === 0 ? 'There are no variables here.' : `Known: ${known.slice(0, 20).join(', ')}.`;
  return report(check, node.offset, `unknown variable '${node.name}'`, didYouMean(node.name, known, list));
}

function memberType(node: NodeOf<'select' | 'has'>, scope: Scope, check: Check): CelType {
  const operand = typeOf(node.operand, scope, check);
  if (typeof operand === 'object' && 'object' in operand) {
    const member = Object.hasOwn(operand.object, node.field) ? operand.object[node.field] : undefined;
    if (member !== undefined) return member;
    const known = Object.keys(operand.object);
    const hint = didYouMean(node.field, known, `Known: ${known.slice(0, 40).join(', ')}.`);
    return report(check, node.fieldOffset, `unknown field '${node.field}'`, hint);
  }
  if (typeof operand === 'object' && 'map' in operand) return operand.map;
  if (['map', 'dyn'].includes(baseType(operand))) return 'dyn';
  return report(check, node.fieldOffset, `a ${typeText(operand)} has no field '${node.field}'`);
}

const RANK = ['!_', '-_'];

function shown(name: string): string {
  if (name === '@in') return "operator 'in'";
  if (name === '_[_]') return 'indexing';
  return RANK.includes(name) || /^_.+_$/.test(name) ? `operator '${name.replaceAll('_', '')}'` : `${name}()`;
}

function fits(overload: CelOverload, isMethod: boolean, types: readonly CelType[]): boolean {
  if (overload.method !== isMethod || overload.params.length !== types.length) return false;
  return overload.params.every((param, index) => {
    const base = baseType(types[index] ?? 'dyn');
    return param === 'dyn' || base === 'dyn' || base === param;
  });
}

function unknownFunction(node: NodeOf<'call'>, check: Check): CelType {
  const names = [...check.functions.keys()].filter((name) => /^[A-Za-z]/.test(name));
  const macros = ['has', 'all', 'exists', 'exists_one', 'map', 'filter'];
  if (macros.includes(node.name)) {
    return report(check, node.at, `${node.name} is a macro and is used wrongly here`, macroHint(node.name));
  }
  return report(
    check,
    node.at,
    `unknown function '${node.name}'`,
    didYouMean(node.name, [...names, ...macros]),
  );
}

function macroHint(name: string): string {
  return name === 'has' ? 'Write `has(object.field)`.' : `Write \`list.${name}(x, …)\`.`;
}

function noOverload(
  node: NodeOf<'call'>,
  found: CelFunction,
  types: readonly CelType[],
  check: Check,
): CelType {
  const isMethod = node.target !== undefined;
  const text = types.map(typeText);
  const what = isMethod ? `${text[0]}.${node.name}(${text.slice(1).join(', ')})` : `(${text.join(', ')})`;
  const otherForm = found.overloads.every((overload) => overload.method !== isMethod);
  const hint = otherForm
    ? isMethod
      ? `Write \`${node.name}(…)\`.`
      : `Write \`value.${node.name}(…)\`.`
    : numbersMixed(types)
      ? 'Convert one side with `int()`, `uint()` or `double()`.'
      : '';
  return report(check, node.at, `${shown(node.name)} does not take ${what}`, hint);
}

function numbersMixed(types: readonly CelType[]): boolean {
  return types.length === 2 && types.every((type) => ['int', 'uint', 'double'].includes(baseType(type)));
}

function indexType(container: CelType): CelType {
  if (typeof container === 'string') return 'dyn';
  if ('list' in container) return container.list;
  return 'map' in container ? container.map : 'dyn';
}

function commonType(types: readonly CelType[]): CelType {
  const [first] = types;
  if (first === undefined) return 'dyn';
  const text = JSON.stringify(first);
  return types.every((type) => JSON.stringify(type) === text) ? first : 'dyn';
}

function checkRegex(node: NodeOf<'call'>, check: Check): void {
  const pattern = node.args.at(-1);
  if (node.name !== 'matches' || pattern?.kind !== 'literal' || typeof pattern.value !== 'string') return;
  const problem = regexProblem(pattern.value);
  if (problem !== undefined) report(check, pattern.offset, problem, 'Patterns are in RE2 syntax.');
}

function callType(node: NodeOf<'call'>, scope: Scope, check: Check): CelType {
  const operands = node.target === undefined ? node.args : [node.target, ...node.args];
  const found = check.functions.get(node.name);
  const isEquality = node.name === '_==_' || node.name === '_!=_';
  if (found === undefined && !isEquality) return unknownFunction(node, check);
  const before = check.problems.length;
  const types = operands.map((operand) => typeOf(operand, scope, check));
  if (found === undefined) return 'bool';
  const fitting = found.overloads.filter((overload) => fits(overload, node.target !== undefined, types));
  if (fitting.length === 0) {
    return check.problems.length > before ? 'dyn' : noOverload(node, found, types, check);
  }
  checkRegex(node, check);
  if (node.name === '_[_]') return indexType(types[0] ?? 'dyn');
  if (node.name === '_+_' && baseType(types[0] ?? 'dyn') === 'list') return commonType(types);
  return commonType(fitting.map((overload) => overload.result));
}

function requireBool(node: Node, scope: Scope, check: Check, what: string): void {
  const type = typeOf(node, scope, check);
  if (!['bool', 'dyn'].includes(baseType(type))) {
    report(check, node.offset, `${what} is a ${typeText(type)}, not a bool`);
  }
}

function comprehensionType(node: NodeOf<'comprehension'>, scope: Scope, check: Check): CelType {
  const range = typeOf(node.range, scope, check);
  if (!['list', 'map', 'dyn'].includes(baseType(range))) {
    report(check, node.range.offset, `${node.macro}() needs a list or a map, not a ${typeText(range)}`);
  }
  const item: CelType =
    typeof range === 'object' && 'list' in range
      ? range.list
      : baseType(range) === 'map' && typeof range === 'object'
        ? 'string'
        : 'dyn';
  const inner = new Map(scope).set(node.variable, item);
  if (node.filter !== undefined) requireBool(node.filter, inner, check, 'the filter');
  if (node.macro === 'map') return { list: typeOf(node.body, inner, check) };
  requireBool(node.body, inner, check, `the condition of ${node.macro}()`);
  if (node.macro !== 'filter') return 'bool';
  return baseType(range) === 'list' ? range : { list: item };
}

function typeOf(node: Node, scope: Scope, check: Check): CelType {
  switch (node.kind) {
    case 'literal':
      return literalType(node);
    case 'identifier':
      return identifierType(node, scope, check);
    case 'select': {
      const name = qualifiedName(node);
      if (name !== undefined && isTypeValueName(name) && !scope.has(name.split('.')[0] ?? '')) return 'type';
      return memberType(node, scope, check);
    }
    case 'has':
      memberType(node, scope, check);
      return 'bool';
    case 'call':
      return callType(node, scope, check);
    case 'list':
      return { list: commonType(node.items.map((item) => typeOf(item, scope, check))) };
    case 'map':
      for (const entry of node.entries.flat()) typeOf(entry, scope, check);
      return 'map';
    case 'and':
    case 'or':
      for (const item of node.items)
        requireBool(item, scope, check, `an operand of ${node.kind === 'and' ? '&&' : '||'}`);
      return 'bool';
    case 'conditional':
      requireBool(node.test, scope, check, 'the condition of ?:');
      return commonType([typeOf(node.whenTrue, scope, check), typeOf(node.whenFalse, scope, check)]);
    case 'comprehension':
      return comprehensionType(node, scope, check);
  }
}

/** Type of an expression as far as it is known, and what is wrong with it. */
export function checkTypes(
  root: Node,
  variables: Readonly<Record<string, CelType>>,
  functions: ReadonlyMap<string, CelFunction>,
): { readonly type: CelType; readonly problems: readonly CheckProblem[] } {
  const check: Check = { functions, problems: [] };
  const type = typeOf(root, new Map(Object.entries(variables)), check);
  return { type, problems: check.problems };
}
