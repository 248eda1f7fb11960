// How often a part holds, guessed. Only the order of evaluation depends on it.
import { type Check, operandText } from '../language/ast.ts';
import type { Guard } from './guard-tests.ts';
import type { Part } from './specialize.ts';

/** Between 0 and 1. */
export function chanceOf(part: Part): number {
  switch (part.kind) {
    case 'constant':
      return part.value ? 1 : 0;
    case 'not':
      return 1 - chanceOf(part.child);
    case 'and':
      return part.children.reduce((chance, child) => Math.min(chance, chanceOf(child)), 1);
    case 'or':
      return 1 - part.children.reduce((chance, child) => chance * (1 - chanceOf(child)), 1);
    case 'check':
      return ofCheck(part.check);
  }
}

/** Fields with few values, of which rules ask for common ones. */
const COMMON_VALUES: ReadonlySet<string> = new Set([
  'evt.rawres',
  'evt.res',
  'fd.num',
  'fd.typechar',
  'fd.type',
  'fd.l4proto',
  'proc.tty',
  'user.uid',
  'user.name',
  'container.id',
  'proc.vpid',
  'evt.type',
  'proc.sid',
  'container.type',
]);

/** The chance that the field's value passes one of the tests. */
export function chanceOfGuard(guard: Guard): number {
  const field = operandText(guard.operand);
  if (COMMON_VALUES.has(field) || field.startsWith('evt.arg') || field.startsWith('evt.rawarg')) return 0.7;
  return 0.05;
}

/** Calls mostly succeed. */
const MOSTLY_TRUE: ReadonlySet<string> = new Set(['evt.rawres', 'evt.res', 'evt.failed', 'fd.num']);

function ofCheck(check: Check): number {
  if (check.left.kind === 'field' && MOSTLY_TRUE.has(check.left.name)) return 0.9;
  switch (check.operator) {
    case 'exists':
      return 0.8;
    case '!=':
      return 0.6;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return 0.7;
    case '=':
    case '==':
      return check.right.kind === 'value' && check.right.value.text === 'true' ? 0.3 : 0.15;
    default:
      return 0.1;
  }
}
