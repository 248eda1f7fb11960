// The rules in force: the files as a policy for agents, and what the console shows of them.
import { createHash } from 'node:crypto';
import type { RuleView } from '@guardcell/contract';
import type { DesiredPolicy, RuleLoadProblem, RulesReport } from '@guardcell/core';
import { loadRules } from '@guardcell/rules';
import type { Sources } from './source-files.ts';

/** Without what changes from hour to hour. */
export type LibraryRule = Omit<RuleView, 'alerts24h'>;

export interface RuleLibrary {
  /** Undefined until the files have been read. */
  policy(): DesiredPolicy | undefined;
  rules(): readonly LibraryRule[];
  problems(): readonly RuleLoadProblem[];
  report(): RulesReport;
  /** The files or the names of switched-off rules have changed. */
  update(sources: Sources): void;
}

function revisionOf(sources: Sources, disabled: readonly string[]): string {
  const hash = createHash('sha256');
  for (const { name, content } of sources.files) hash.update(JSON.stringify([name, content]));
  return hash.update(JSON.stringify(disabled)).digest('hex');
}

const EMPTY_TEXT = { en: '', zh: '' };

function viewsOf(loaded: ReturnType<typeof loadRules>): LibraryRule[] {
  return loaded.rules.map((rule) => ({
    name: rule.name,
    file: rule.file,
    line: rule.line,
    source: rule.source,
    priority: rule.priority,
    severity: rule.severity,
    enabled: rule.enabled,
    tags: [...rule.tags],
    mitre: [...rule.mitre],
    title: { ...EMPTY_TEXT, ...rule.meta.title },
    description: { ...EMPTY_TEXT, ...rule.meta.description },
    advice: { ...EMPTY_TEXT, ...rule.meta.advice },
    condition: rule.condition,
    output: rule.output,
    eventTypes: [...rule.eventTypes],
  }));
}

export function createRuleLibrary(disabledRules: () => readonly string[], onChange: () => void): RuleLibrary {
  let policy: DesiredPolicy | undefined;
  let rules: readonly LibraryRule[] = [];
  let problems: readonly RuleLoadProblem[] = [];

  return {
    policy: () => policy,
    rules: () => rules,
    problems: () => problems,
    report: () => ({
      revision: policy?.revision ?? '',
      loaded: rules.length,
      enabled: rules.filter((rule) => rule.enabled).length,
      errors: problems.filter(({ level }) => level === 'error').length,
      warnings: problems.filter(({ level }) => level === 'warning').length,
      problems,
    }),
    update(sources) {
      const disabled = disabledRules();
      const loaded = loadRules(sources.files, { disabledRules: new Set(disabled) });
      // Views only: the compiled rules are the agents' business and would only take memory here.
      rules = viewsOf(loaded);
      problems = [...sources.problems, ...loaded.problems];
      policy = { revision: revisionOf(sources, disabled), ruleFiles: sources.files, disabledRules: disabled };
      onChange();
    },
  };
}
