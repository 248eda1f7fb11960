// Which events can only be judged when the container is known: those of rules whose condition asks about it.
import type { CompiledRule } from '@guardcell/rules';

type Expression = CompiledRule['expression'];
type Operand = Extract<Expression, { kind: 'check' }>['left'];

/** Known from the control group alone. */
const IDENTITY: ReadonlySet<string> = new Set(['container.id', 'container.full_id']);

function isMetadata(field: string): boolean {
  // Names of users come from the container's own files, which are found through its first process.
  return /^(?:container|k8s|user|group)\./.test(field) && !IDENTITY.has(field) && !/uid$|gid$/.test(field);
}

function asksOperand(operand: Operand): boolean {
  if (operand.kind === 'field') return isMetadata(operand.name);
  return operand.args.some((arg) => arg.kind !== 'text' && arg.kind !== 'list' && asksOperand(arg));
}

/** Macros share their trees, so each is looked at once. */
function asks(expression: Expression, seen: Map<Expression, boolean>): boolean {
  const known = seen.get(expression);
  if (known !== undefined) return known;
  const answer = compute(expression, seen);
  seen.set(expression, answer);
  return answer;
}

function compute(expression: Expression, seen: Map<Expression, boolean>): boolean {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.children.some((child) => asks(child, seen));
    case 'not':
      return asks(expression.child, seen);
    case 'macro':
      return asks(expression.body, seen);
    case 'check':
      return (
        asksOperand(expression.left) ||
        (expression.right.kind === 'operand' && asksOperand(expression.right.operand))
      );
    case 'reference':
      return false;
  }
}

/** Event types of the enabled rules whose condition depends on the metadata of the container. */
export function metadataEventTypes(rules: readonly CompiledRule[]): ReadonlySet<string> {
  const seen = new Map<Expression, boolean>();
  return new Set(
    rules
      .filter((rule) => rule.enabled && asks(rule.expression, seen))
      .flatMap((rule) => [...rule.eventTypes]),
  );
}
