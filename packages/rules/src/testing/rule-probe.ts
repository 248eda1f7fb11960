// One condition or output against one event, for tests of the language.
import assert from 'node:assert/strict';
import type { OutputValue, RuntimeEvent } from '@guardcell/core';
import { createEngine } from '../engine/engine.ts';
import type { EngineEnvironment } from '../engine/environment.ts';
import { type LoadOptions, type LoadResult, loadRules } from '../loader/load-rules.ts';

/** A file with one rule `R`; `more` are further lines of the item. */
export function ruleText(condition: string, output = 'out', more = ''): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return `- rule: R\n  desc: d\n  output: ${quoted(output)}\n  priority: notice\n  warn_evttypes: false\n  condition: ${quoted(condition)}\n${more}`;
}

export function loadText(content: string, options: LoadOptions = {}): LoadResult {
  return loadRules([{ name: 'f.yaml', content }], options);
}

/** `CODE message` of every problem that is not about unused lists and macros. */
export function problemsOf(load: LoadResult): readonly string[] {
  return load.problems
    .filter((problem) => !problem.code.startsWith('LOAD_UNUSED'))
    .map((problem) => `${problem.code} ${problem.message}`);
}

/** Whether the condition holds for the event; fails the test when it does not load. */
export function holds(condition: string, event: RuntimeEvent, env: EngineEnvironment = {}): boolean {
  return match(ruleText(condition), event, {}, env) !== undefined;
}

/** The filled-in output. */
export function printed(output: string, event: RuntimeEvent, env: EngineEnvironment = {}): string {
  return match(ruleText('evt.num >= 0', output), event, {}, env)?.message ?? '';
}

/** The typed values of the output's fields. */
export function outputFields(
  output: string,
  event: RuntimeEvent,
  options: LoadOptions = {},
  env: EngineEnvironment = {},
): Readonly<Record<string, OutputValue>> {
  return match(ruleText('evt.num >= 0', output), event, options, env)?.fields ?? {};
}

interface Match {
  readonly message: string;
  readonly fields: Readonly<Record<string, OutputValue>>;
}

function match(
  content: string,
  event: RuntimeEvent,
  options: LoadOptions,
  env: EngineEnvironment,
): Match | undefined {
  const load = loadText(content, options);
  const errors = load.problems.filter((problem) => problem.level === 'error');
  assert.deepEqual(errors, []);
  let found: Match | undefined;
  createEngine(load, env).evaluate(event, (hit) => {
    found = { message: hit.message(), fields: hit.outputFields() };
  });
  return found;
}
