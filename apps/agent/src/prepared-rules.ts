// What the sensor worker needs of a policy, as plain data that is made elsewhere: it must not stop to read files.
import type { DesiredPolicy, RuleLoadProblem, RulesReport } from '@guardcell/core';
import {
  type CompiledRule,
  type LoadResult,
  loadRules,
  type PortableLoad,
  portableLoad,
  ruleInterest,
} from '@guardcell/rules';
import { metadataEventTypes } from './metadata-event-types.ts';

/** Problems in a report; there may be a thousand. */
const PROBLEMS_MAX = 200;

export interface PreparedRules {
  readonly load: PortableLoad;
  /** Event types that rules judge by the metadata of the container. */
  readonly waitingTypes: ReadonlySet<string>;
  readonly hostNames: ReadonlySet<string>;
  /** Whether a match of some rule is recorded. */
  readonly isRecording: boolean;
  /** What the sensor is asked for, besides event types. */
  readonly interest: {
    readonly openPaths: ReadonlySet<string>;
    readonly openPrograms: ReadonlySet<string>;
    readonly openUpward: boolean;
    readonly allOpens: boolean;
    readonly dataTypes: ReadonlySet<string>;
    readonly environment: boolean;
  };
}

function count(problems: readonly RuleLoadProblem[], level: RuleLoadProblem['level']): number {
  return problems.filter((problem) => problem.level === level).length;
}

export function rulesReport(revision: string, load: LoadResult): RulesReport {
  const { problems, rules } = load;
  return {
    revision,
    loaded: rules.length,
    enabled: rules.filter((rule) => rule.enabled).length,
    errors: count(problems, 'error'),
    warnings: count(problems, 'warning'),
    problems: problems.slice(0, PROBLEMS_MAX),
  };
}

export function loadPolicy(policy: DesiredPolicy): LoadResult {
  return loadRules(policy.ruleFiles, { disabledRules: new Set(policy.disabledRules) });
}

function recordsMatches(rule: CompiledRule): boolean {
  return rule.enabled && rule.capture && rule.source === 'syscall';
}

export function prepareRules(load: LoadResult): PreparedRules {
  const interest = ruleInterest(load.rules);
  return {
    // the report has the problems
    load: { ...portableLoad(load), problems: [] },
    waitingTypes: metadataEventTypes(load.rules),
    hostNames: interest.hostNames,
    isRecording: load.rules.some(recordsMatches),
    interest: {
      openPaths: interest.opens.paths,
      openPrograms: interest.opens.programs,
      openUpward: interest.opens.upward,
      // the sensor's own list of paths was made for the built-in rules
      allOpens: interest.allOpens.some(({ file }) => !file.startsWith('builtin/')),
      dataTypes: interest.dataTypes,
      environment: interest.readsEnvironment,
    },
  };
}
