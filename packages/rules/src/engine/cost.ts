// What a check costs, roughly, in units of comparing two short texts. Only the order of evaluation depends on it.
import type { Check, Operand, OperatorName } from '../language/ast.ts';

const OPERATOR_COST: Readonly<Partial<Record<OperatorName, number>>> = {
  contains: 2,
  icontains: 4,
  bcontains: 4,
  glob: 3,
  iglob: 4,
  regex: 20,
  pmatch: 4,
  in: 1,
  intersects: 1,
};

const FIELD_COST: Readonly<Record<string, number>> = {
  'proc.cmdline': 4,
  'proc.pcmdline': 4,
  'proc.acmdline': 12,
  'proc.args': 4,
  'proc.exeline': 4,
  'proc.env': 8,
  'proc.aenv': 16,
  'proc.aname': 4,
  'proc.aexe': 4,
  'proc.aexepath': 4,
  'proc.sname': 4,
  'proc.duration': 3,
  'thread.cap_effective': 3,
  'thread.cap_permitted': 3,
  'user.name': 3,
  'user.loginname': 3,
  'group.name': 3,
  'fd.directory': 2,
  'fd.filename': 2,
  'fd.net': 4,
  'fd.snet': 4,
  'evt.args': 16,
  'container.mounts': 8,
};

export function costOfCheck(check: Check): number {
  const right = check.quantifier !== undefined && check.right.kind === 'list' ? check.right.items.length : 1;
  return costOfOperand(check.left) + (OPERATOR_COST[check.operator] ?? 0) * right;
}

/** What reading the left side costs; above 1 it pays to remember the value. */
export function costOfOperand(operand: Operand): number {
  if (operand.kind === 'field') {
    if (operand.name.startsWith('evt.arg')) return 5;
    return FIELD_COST[operand.name] ?? 1;
  }
  return operand.args.reduce(
    (sum, arg) => sum + (arg.kind === 'text' || arg.kind === 'list' ? 0 : costOfOperand(arg)),
    3,
  );
}
