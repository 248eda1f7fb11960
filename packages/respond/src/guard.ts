// Guards: CEL over the alert, its container and its process.
import { type CelProgram, type CelType, type CompileResult, compile } from '@guardcell/cel';
import type { Alert, ResponseRule } from '@guardcell/core';

const CONTAINER: CelType = {
  object: {
    id: 'string',
    name: 'string',
    image: 'string',
    imageDigest: 'string',
    runtime: 'string',
    privileged: 'bool',
    namespace: 'string',
    pod: 'string',
  },
};

const PROCESS: CelType = {
  object: {
    pid: 'int',
    ppid: 'int',
    vpid: 'int',
    name: 'string',
    exe: 'string',
    cmdline: 'string',
    cwd: 'string',
    uid: 'int',
    user: 'string',
    tty: 'int',
    startedAt: 'string',
  },
};

const CLAUSE: CelType = {
  object: {
    field: 'string',
    operator: 'string',
    expected: 'string',
    actual: 'string',
    macros: { list: 'string' },
  },
};

const ALERT: CelType = {
  object: {
    id: 'string',
    time: 'string',
    rule: 'string',
    severity: 'string',
    priority: 'string',
    source: 'string',
    message: 'string',
    tags: { list: 'string' },
    mitre: { list: 'string' },
    hostname: 'string',
    container: CONTAINER,
    process: PROCESS,
    processTree: { list: PROCESS },
    matched: { list: CLAUSE },
    event: { object: { num: 'int', type: 'string', args: { map: 'string' } } },
    outputFields: { map: 'dyn' },
  },
};

/** What a guard may refer to. */
const GUARD_VARIABLES: Readonly<Record<'alert' | 'container' | 'process', CelType>> = {
  alert: ALERT,
  container: CONTAINER,
  process: PROCESS,
};

/** Enough for any sensible condition on one alert; keeps the worst guard within a few ms. */
const GUARD_LIMITS = { maxCost: 100_000, maxStringLength: 262_144, maxListSize: 10_000 };

/** Compiles the text of a guard, which must give a bool. */
export function compileGuard(text: string): CompileResult {
  return compile(text, { variables: GUARD_VARIABLES, resultType: 'bool' });
}

export type GuardOutcome = { readonly holds: boolean; readonly error: string };

type Guard = (alert: Alert) => GuardOutcome;

function guardOf(program: CelProgram): Guard {
  return (alert) => {
    const result = program.evaluate(
      { alert, container: alert.container, process: alert.process },
      GUARD_LIMITS,
    );
    if (!result.ok) return { holds: false, error: result.error.message };
    if (typeof result.value !== 'boolean') return { holds: false, error: 'the guard did not give a bool' };
    return { holds: result.value, error: '' };
  };
}

const compiled = new WeakMap<ResponseRule, Guard>();

function prepare(rule: ResponseRule): Guard {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const result = compileGuard(rule.guard);
  const guard: Guard = result.ok
    ? guardOf(result.program)
    : () => ({ holds: false, error: result.problems[0]?.message ?? 'the guard does not compile' });
  compiled.set(rule, guard);
  return guard;
}

/** Whether a rule's guard holds for an alert. A guard that fails does not hold, and says why. */
export function evaluateGuard(rule: ResponseRule, alert: Alert): GuardOutcome {
  return rule.guard.trim() === '' ? { holds: true, error: '' } : prepare(rule)(alert);
}
