// A load result as plain data: one thread reads rule files, another one evaluates, and nothing is parsed twice.
import type { RuleLoadProblem } from '@guardcell/core';
import { compileTemplate } from '../output/template.ts';
import type { CompiledRule, LoadResult } from './load-rules.ts';

/** What an engine needs. Trees are shared between rules: clone or serialize it as a whole, or it grows. */
export interface PortableLoad {
  readonly rules: readonly Omit<CompiledRule, 'template'>[];
  readonly problems: readonly RuleLoadProblem[];
  readonly suppressedProblems: number;
  readonly files: readonly string[];
}

/** The load can be cloned between threads. It must have been made without options for outputs. */
export function portableLoad(load: LoadResult): PortableLoad {
  return {
    rules: load.rules.map(({ template: _functions, ...plain }) => plain),
    problems: load.problems,
    suppressedProblems: load.suppressedProblems,
    files: load.files,
  };
}

/** The other way; without texts of macros and lists, and without the places of problems. */
export function loadOfPortable(portable: PortableLoad): LoadResult {
  const { problems, suppressedProblems, files } = portable;
  const rules = portable.rules.flatMap((rule) => {
    const compiled = compileTemplate(rule.output, rule.source);
    // its output was compiled once already
    return 'problem' in compiled ? [] : [{ ...rule, template: compiled.template }];
  });
  return {
    rules,
    problems,
    suppressedProblems,
    files,
    lists: new Map(),
    macros: new Map(),
    contexts: new Map(),
  };
}
