// The rules in force: the files as a policy for agents (at once), and what the console shows of them (a moment later).
import { createHash } from 'node:crypto';
import type { DesiredPolicy, RuleLoadProblem, RulesReport } from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import type { LibraryRule } from './library-rule.ts';
import { type LoadedRules, NO_RULES, type RuleLoader } from './load-rules.ts';
import type { Sources } from './source-files.ts';

export interface RuleLibrary {
  /** Undefined until the files have been read. */
  policy(): DesiredPolicy | undefined;
  rules(): readonly LibraryRule[];
  /** What the files were last loaded to. */
  current(): LoadedRules;
  report(): RulesReport;
  /** The files have changed: the policy is new at once, the list when they are loaded. */
  useFiles(sources: Sources): void;
  /** Other rules are switched off now. */
  disabledChanged(): void;
  /** Resolves when the list is that of the files last given. */
  loaded(): Promise<void>;
}

export interface RuleLibraryDeps {
  readonly loader: RuleLoader;
  readonly disabledRules: () => readonly string[];
  readonly onChange: () => void;
  readonly logger: Logger;
}

function revisionOf(sources: Sources, disabled: readonly string[]): string {
  const hash = createHash('sha256');
  for (const { name, content } of sources.files) hash.update(JSON.stringify([name, content]));
  return hash.update(JSON.stringify(disabled)).digest('hex');
}

export function createRuleLibrary(deps: RuleLibraryDeps): RuleLibrary {
  const { loader, disabledRules, onChange, logger } = deps;
  let sources: Sources = { files: [], problems: [], folders: [] };
  let policy: DesiredPolicy | undefined;
  let current = NO_RULES;
  let loading: Promise<void> | undefined;
  let stale = false;

  async function load(): Promise<void> {
    while (stale) {
      stale = false;
      try {
        current = await loader.load(sources.files);
        onChange();
      } catch (thrown) {
        // Agents load for themselves and report; only the list in the console stays as it was.
        logger.error('the rules cannot be listed', { ...errorFacts(thrown) });
      }
    }
    loading = undefined;
  }

  function makePolicy(): void {
    const disabled = disabledRules();
    policy = { revision: revisionOf(sources, disabled), ruleFiles: sources.files, disabledRules: disabled };
    onChange();
  }

  function rules(): LibraryRule[] {
    const disabled = new Set(disabledRules());
    return current.rules.map((rule) => (disabled.has(rule.name) ? { ...rule, enabled: false } : rule));
  }

  const problems = (): RuleLoadProblem[] => [...sources.problems, ...current.problems];

  return {
    policy: () => policy,
    rules,
    current: () => current,
    report: () => ({
      revision: policy?.revision ?? '',
      loaded: current.rules.length,
      enabled: rules().filter((rule) => rule.enabled).length,
      errors: problems().filter(({ level }) => level === 'error').length,
      warnings: problems().filter(({ level }) => level === 'warning').length,
      problems: problems(),
    }),
    useFiles(next) {
      sources = next;
      makePolicy();
      stale = true;
      loading ??= load();
    },
    disabledChanged: makePolicy,
    async loaded() {
      await loading;
    },
  };
}
