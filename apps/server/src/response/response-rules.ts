// All response rules: those from watched files and those made through the API.
import type { ResponseRuleInput } from '@guardcell/contract';
import type { ResponseRule, RuleLoadProblem } from '@guardcell/core';
import { loadResponseFiles } from '@guardcell/respond';
import type { StateStore } from '@guardcell/store';
import { ApiError, notFound } from '../errors.ts';
import { checkMatch, entityTag, stale } from '../http/entity-tag.ts';
import type { Sources } from '../policy/source-files.ts';
import { each, put, remove } from '../stored.ts';

export interface ResponseRules {
  /** Files first; a name is unique. */
  all(): readonly ResponseRule[];
  problems(): readonly RuleLoadProblem[];
  /** The files have changed. */
  useFiles(sources: Sources): void;
  /** @throws ApiError GC_READ_ONLY when a file has a rule of that name. */
  checkWritable(name: string): void;
  /** Of a rule made through the API; undefined when there is none. */
  version(name: string): string | undefined;
  /** @throws ApiError GC_READ_ONLY, GC_TOO_MANY, GC_STALE when `ifMatch` is given and names another version. */
  put(input: ResponseRuleInput, ifMatch?: string): Promise<ResponseRule>;
  /** @throws ApiError GC_NOT_FOUND, GC_READ_ONLY. */
  delete(name: string): Promise<void>;
}

/** Every alert is held against every rule. */
const MAX_MADE = 500;

export function apiRule(input: ResponseRuleInput): ResponseRule {
  return { ...input, origin: { kind: 'api', path: '' } };
}

export async function openResponseRules(state: StateStore, onChange: () => void): Promise<ResponseRules> {
  let fromFiles: readonly ResponseRule[] = [];
  let problems: readonly RuleLoadProblem[] = [];
  const made = new Map<string, ResponseRule>();
  const revisions = new Map<string, number>();
  for await (const { value, revision } of each<ResponseRuleInput>(state, 'response-rule')) {
    made.set(value.name, apiRule(value));
    revisions.set(value.name, revision);
  }

  /** Asked for with every alert, so it is put together once. */
  let all: readonly ResponseRule[] = [];
  function merge(): void {
    all = [
      ...fromFiles,
      ...[...made.values()].filter((rule) => !fromFiles.some((f) => f.name === rule.name)),
    ];
  }
  function merged(): void {
    merge();
    onChange();
  }
  merge();

  function checkWritable(name: string): void {
    const file = fromFiles.find((rule) => rule.name === name);
    if (file === undefined) return;
    throw new ApiError('GC_READ_ONLY', `the response rule "${name}" comes from a file`, {
      at: file.origin.path,
      hint: `Edit ${file.origin.path}; the change is picked up at once.`,
    });
  }

  function version(name: string): string | undefined {
    const revision = revisions.get(name);
    return revision === undefined ? undefined : entityTag(revision);
  }

  function shadowed(): RuleLoadProblem[] {
    return fromFiles
      .filter((rule) => made.has(rule.name))
      .map((rule) => ({
        level: 'warning',
        code: 'GC_RESPONSE_SHADOWED',
        message: `a rule of this name made in the console is not used, because the file has one`,
        file: rule.origin.path,
        line: 0,
        column: 0,
        item: rule.name,
        hint: 'Rename the rule in the file, or delete the other one after removing it from the file.',
      }));
  }

  return {
    all: () => all,
    problems: () => [...problems, ...shadowed()],
    useFiles(sources) {
      const loaded = loadResponseFiles(sources.files);
      fromFiles = loaded.rules;
      problems = [...sources.problems, ...loaded.problems];
      merged();
    },
    checkWritable,
    version,
    async put(input, ifMatch) {
      checkWritable(input.name);
      checkMatch(ifMatch, version(input.name));
      if (!made.has(input.name) && made.size >= MAX_MADE) {
        throw new ApiError('GC_TOO_MANY', `there are ${MAX_MADE} response rules`);
      }
      const known = ifMatch === undefined ? undefined : revisions.get(input.name);
      const result = await state.commit([put('response-rule', input.name, input, known)]);
      if (!result.ok) throw stale();
      revisions.set(input.name, result.revision);
      const rule = apiRule(input);
      made.set(input.name, rule);
      merged();
      return rule;
    },
    async delete(name) {
      checkWritable(name);
      if (!made.has(name)) throw notFound('response rule', name);
      await state.commit([remove('response-rule', name)]);
      made.delete(name);
      revisions.delete(name);
      merged();
    },
  };
}
