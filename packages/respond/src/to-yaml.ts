// A response rule as a document that `loadResponseFile` reads back to the same rule.
import { stringify } from 'yaml';
import { API_VERSION, KIND } from './load-file.ts';
import type { ResponseRuleInput } from './types.ts';

function span(seconds: number): string {
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Multi-document files are made by joining several with `---`. */
export function toYaml(rule: ResponseRuleInput): string {
  const { rules, tags, minSeverity } = rule.trigger;
  return stringify({
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: rule.name },
    spec: {
      ...(rule.description === '' ? {} : { description: rule.description }),
      enabled: rule.enabled,
      trigger: {
        ...(rules.length === 0 ? {} : { rules }),
        ...(tags.length === 0 ? {} : { tags }),
        minSeverity,
      },
      ...(rule.guard === '' ? {} : { guard: rule.guard }),
      actions: rule.actions.map((action) =>
        Object.keys(action.with).length === 0 ? { do: action.do } : { do: action.do, with: action.with },
      ),
      cooldown: span(rule.cooldownSeconds),
      maxTargets: rule.maxTargets,
      mode: rule.mode,
    },
  });
}
