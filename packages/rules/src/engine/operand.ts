// Binds fields and transformer calls to extractors.
import { nearestName } from '@guardcell/core';
import type { BindResult, BoundField, Extractor } from '../fields/field.ts';
import { FIELDS, findField, isFieldOf } from '../fields/registry.ts';
import type { Operand, TransformerArgument, TransformerCall } from '../language/ast.ts';
import { findTransformer } from '../transformers/registry.ts';

export type OperandUse = 'left' | 'right' | 'output';

export interface OperandProblem {
  readonly problem: string;
  readonly hint: string;
  /** The field does not exist, as opposed to being misused; decides what `skip-if-unknown-filter` covers. */
  readonly unknown: boolean;
}

/** What the operand extracts, or why it cannot be used here. With `source`, only for rules of that source. */
export function bindOperand(operand: Operand, use: OperandUse, source?: string): BoundField | OperandProblem {
  if (operand.kind === 'transformer') return bindCall(operand, use, source);
  const found = findField(operand.name);
  if (found === undefined) return unknownField(operand.name, source);
  if (source !== undefined && !isFieldOf(found.field, source)) return unknownField(operand.name, source);
  const { field } = found;
  if (use === 'right' && field.noRightSide)
    return misuse(`field '${operand.name}' cannot stand within val()`);
  if (use === 'output' && field.filterOnly) return misuse(`field '${operand.name}' cannot be used in output`);
  if (use !== 'output' && field.outputOnly)
    return misuse(`field '${operand.name}' cannot be used in conditions`);
  if (found.argument !== undefined && operand.argument !== undefined) {
    return misuse(`field '${operand.name}' has an argument already, '[${operand.argument}]' is one too many`);
  }
  const bound: BindResult = field.bind(found.argument ?? operand.argument);
  if (!('problem' in bound)) return bound;
  return { problem: bound.problem, hint: '', unknown: bound.problem.startsWith('unknown event argument') };
}

function unknownField(name: string, source = 'syscall'): OperandProblem {
  const usable = FIELDS.filter((field) => isFieldOf(field, source));
  const near = nearestName(
    name,
    usable.map((field) => field.name),
  );
  return {
    problem: `filter_check called with nonexistent field ${name}`,
    hint: near === undefined ? '' : `did you mean '${near}'?`,
    unknown: true,
  };
}

function misuse(problem: string): OperandProblem {
  return { problem, hint: '', unknown: false };
}

function bindCall(
  call: TransformerCall,
  use: OperandUse,
  source: string | undefined,
): BoundField | OperandProblem {
  const definition = findTransformer(call.name);
  if (definition === undefined) return misuse(`unknown transformer '${call.name}'`);
  const { minArgs, maxArgs } = definition;
  if (call.args.length < minArgs || call.args.length > maxArgs) {
    const expected = minArgs === maxArgs ? String(minArgs) : `at least ${minArgs}`;
    return misuse(`'${call.name}' takes ${expected} arguments, not ${call.args.length}`);
  }
  if (call.argument !== undefined && definition.option === 'none') {
    return misuse(`'${call.name}' takes no [argument]`);
  }
  const bound: BoundField[] = [];
  for (const arg of call.args) {
    const result = bindArgument(arg, use, source);
    if ('problem' in result) return result;
    bound.push(result);
  }
  const shapes = bound.map((arg) => ({
    type: arg.type,
    list: arg.multiplicity !== 'one' || (definition.takesLists && arg.items !== undefined),
  }));
  // A list has a length whatever its items are.
  const wrong = shapes.find(
    (arg) => !definition.types.includes(arg.type) && !(definition.name === 'len' && arg.list),
  );
  if (wrong !== undefined) return misuse(`'${call.name}' does not apply to values of type ${wrong.type}`);
  const wrongShape = definition.misuse?.(shapes, call.argument);
  if (wrongShape !== undefined) return misuse(wrongShape);
  const extractors = bound.map((arg) => (definition.takesLists ? (arg.items ?? arg.extract) : arg.extract));
  const option = call.argument;
  const [single] = extractors;
  const extract: Extractor =
    extractors.length === 1 && single !== undefined
      ? (event, env) => definition.apply([single(event, env)], option)
      : (event, env) =>
          definition.apply(
            extractors.map((read) => read(event, env)),
            option,
          );
  const first = bound[0];
  const list = definition.givesList(shapes, option);
  const kept = first === undefined || first.multiplicity === 'one' ? 'list' : first.multiplicity;
  return {
    type: definition.result(first?.type ?? 'string'),
    multiplicity: list ? kept : 'one',
    extract,
  };
}

function bindArgument(
  arg: TransformerArgument,
  use: OperandUse,
  source: string | undefined,
): BoundField | OperandProblem {
  if (arg.kind === 'text') return { type: 'string', multiplicity: 'one', extract: () => arg.text };
  if (arg.kind === 'list') return { type: 'string', multiplicity: 'list', extract: () => arg.items };
  if (arg.kind === 'field') {
    const found = findField(arg.name);
    if (found?.field.noTransformer === true) return misuse(`field '${arg.name}' cannot be transformed`);
  }
  return bindOperand(arg, use === 'right' ? 'left' : use, source);
}
