// What enabled rules need besides event types, so that a sensor can leave out what no rule can match.
import { type Check, type Expression, literalsOf, type Operand } from '../language/ast.ts';
import type { CompiledRule } from '../loader/load-rules.ts';
import { includesType } from './event-types.ts';
import { eitherOf, type ReadDemand, readInterest } from './open-interest.ts';
import { createSpecializer, specialize } from './specialize.ts';

export interface RuleInterest {
  /** Opens for reading that some rule can match. */
  readonly opens: ReadDemand;
  /** Rules that any open for reading may match; when there are some, `opens` is not enough. */
  readonly allOpens: readonly CompiledRule[];
  /** Event types of rules that look at the data which was sent or received. */
  readonly dataTypes: ReadonlySet<string>;
  /** Domain names that rules compare addresses with, lower case. */
  readonly hostNames: ReadonlySet<string>;
  /** Whether some rule looks at, or prints, the environment of processes. */
  readonly readsEnvironment: boolean;
}

const OPEN_TYPES = ['open', 'openat', 'openat2', 'open_by_handle_at'] as const;
const DATA_FIELDS: ReadonlySet<string> = new Set([
  'evt.buffer',
  'evt.buflen',
  'evt.arg.data',
  'evt.rawarg.data',
  // all parameters
  'evt.args',
  'evt.info',
]);
const ENVIRONMENT_FIELDS: ReadonlySet<string> = new Set([
  'proc.env',
  'proc.aenv',
  'evt.arg.env',
  'evt.rawarg.env',
]);
const PRINTS_ENVIRONMENT = /%(?:proc\.a?env|evt\.(?:raw)?arg[.[]env)\b/;
const NAME_FIELDS: ReadonlySet<string> = new Set([
  'fd.cip.name',
  'fd.sip.name',
  'fd.lip.name',
  'fd.rip.name',
]);
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Looks at the conditions of the enabled rules. */
export function ruleInterest(rules: readonly CompiledRule[]): RuleInterest {
  const enabled = rules.filter((rule) => rule.enabled);
  let opens: ReadDemand = { paths: new Set(), programs: new Set(), upward: false };
  const allOpens = new Set<CompiledRule>();
  for (const type of OPEN_TYPES) {
    const specializer = createSpecializer(type);
    for (const rule of enabled) {
      if (!includesType(rule.types, type)) continue;
      const more = eitherOf(opens, readInterest(specialize(rule.expression, specializer)));
      if (more === 'all') allOpens.add(rule);
      else opens = more;
    }
  }
  const dataTypes = new Set<string>();
  const hostNames = new Set<string>();
  let readsEnvironment = enabled.some((rule) => PRINTS_ENVIRONMENT.test(rule.output));
  for (const rule of enabled) {
    const seen = new Set<Expression>();
    let readsData = false;
    const look = (operand: Operand): void => {
      readsData ||= isData(operand);
      readsEnvironment ||= isEnvironment(operand);
      if (operand.kind === 'transformer')
        for (const arg of operand.args) if (arg.kind === 'field' || arg.kind === 'transformer') look(arg);
    };
    visitChecks(rule.expression, seen, (check) => {
      look(check.left);
      if (check.right.kind === 'operand') look(check.right.operand);
      if (check.left.kind !== 'field' || !NAME_FIELDS.has(check.left.name)) return;
      for (const { text } of literalsOf(check.right)) {
        const name = text.toLowerCase();
        if (HOST_NAME.test(name)) hostNames.add(name);
      }
    });
    if (readsData) for (const type of rule.eventTypes) dataTypes.add(type);
  }
  return { opens, allOpens: [...allOpens], dataTypes, hostNames, readsEnvironment };
}

function isData(operand: Operand): boolean {
  if (operand.kind !== 'field') return false;
  if (operand.argument === 'data') return operand.name === 'evt.arg' || operand.name === 'evt.rawarg';
  return DATA_FIELDS.has(operand.name);
}

function isEnvironment(operand: Operand): boolean {
  if (operand.kind !== 'field') return false;
  if (operand.name === 'evt.arg' || operand.name === 'evt.rawarg') return operand.argument === 'env';
  return ENVIRONMENT_FIELDS.has(operand.name);
}

/** Macros share their trees, so each is visited once. */
function visitChecks(expression: Expression, seen: Set<Expression>, onCheck: (check: Check) => void): void {
  if (seen.has(expression)) return;
  seen.add(expression);
  switch (expression.kind) {
    case 'and':
    case 'or':
      for (const child of expression.children) visitChecks(child, seen, onCheck);
      return;
    case 'not':
      visitChecks(expression.child, seen, onCheck);
      return;
    case 'macro':
      visitChecks(expression.body, seen, onCheck);
      return;
    case 'check':
      onCheck(expression);
      return;
    case 'reference':
      return;
  }
}
