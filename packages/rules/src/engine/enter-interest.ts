// Which event types have rules that may match before the call has returned, when there is neither result nor new
// descriptor. Captures have such events; nearly all rules look at what the call returned and need not see them.
import { type Check, type Operand, operandText } from '../language/ast.ts';
import type { CompiledRule } from '../loader/load-rules.ts';
import { includesType } from './event-types.ts';
import { createSpecializer, type Part, specialize } from './specialize.ts';

/** Calls whose enter events are events of the current model; their opens have no descriptor yet. */
const ENTER_TYPES = ['open', 'openat', 'openat2', 'creat', 'connect'] as const;
const OF_RESULT: ReadonlySet<string> = new Set([
  'evt.res',
  'evt.rawres',
  'evt.failed',
  'evt.count.error',
  'evt.arg.res',
  'evt.rawarg.res',
]);

/** Event types whose enter events some enabled rule may match. */
export function enterEventTypes(rules: readonly CompiledRule[]): ReadonlySet<string> {
  return new Set(
    ENTER_TYPES.filter((type) => {
      const specializer = createSpecializer(type);
      return rules.some(
        (rule) =>
          rule.enabled &&
          includesType(rule.types, type) &&
          verdict(specialize(rule.expression, specializer), type) !== false,
      );
    }),
  );
}

/** What the condition is for every enter event of the type; undefined when that depends on the event. */
function verdict(part: Part, type: string): boolean | undefined {
  switch (part.kind) {
    case 'constant':
      return part.value;
    case 'check':
      return isFalse(part.check, type) ? false : undefined;
    case 'not': {
      const inner = verdict(part.child, type);
      return inner === undefined ? undefined : !inner;
    }
    case 'and':
    case 'or': {
      const absorbing = part.kind === 'or';
      let all: boolean | undefined = !absorbing;
      for (const child of part.children) {
        const inner = verdict(child, type);
        if (inner === absorbing) return absorbing;
        if (inner === undefined) all = undefined;
      }
      return all;
    }
  }
}

/** A check of a field that such an event lacks never holds. */
function isFalse(check: Check, type: string): boolean {
  const field = fieldName(check.left);
  if (field === undefined) return false;
  if (OF_RESULT.has(field)) return true;
  if (field === 'evt.dir' && check.right.kind === 'value')
    return (check.operator === '=' || check.operator === '==') && check.right.value.text !== '>';
  return type !== 'connect' && (field.startsWith('fd.') || field === 'evt.arg.fd');
}

function fieldName(operand: Operand): string | undefined {
  return operand.kind === 'field' ? operandText(operand) : undefined;
}
