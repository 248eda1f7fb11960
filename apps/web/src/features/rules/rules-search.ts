// What the rule library shows, as kept in its URL, and which rules that is.
import type { RuleView } from '@guardcell/contract';
import { SEVERITIES, type Severity, severityRank } from '@guardcell/core';
import { choiceParam, defined, textParam } from '../../routes/search-params.ts';

export interface RulesSearch {
  q?: string;
  severity?: Severity;
  tag?: string;
  mitre?: string;
  state?: 'on' | 'off';
  source?: string;
  origin?: 'builtin' | 'file' | 'custom';
  /** Alerts within the last seven days, or none. */
  activity?: 'firing' | 'silent';
}

export function validateRulesSearch(raw: Record<string, unknown>): RulesSearch {
  return defined({
    q: textParam(raw['q']),
    severity: choiceParam(raw['severity'], SEVERITIES),
    tag: textParam(raw['tag']),
    mitre: textParam(raw['mitre'], 40),
    state: choiceParam(raw['state'], ['on', 'off'] as const),
    source: textParam(raw['source'], 60),
    origin: choiceParam(raw['origin'], ['builtin', 'file', 'custom'] as const),
    activity: choiceParam(raw['activity'], ['firing', 'silent'] as const),
  });
}

type Searchable = Pick<
  RuleView,
  | 'name'
  | 'severity'
  | 'tags'
  | 'mitre'
  | 'enabled'
  | 'title'
  | 'description'
  | 'source'
  | 'origin'
  | 'alertsByDay'
>;

/** Whether a rule is about a technique: itself, or one of its sub-techniques. */
export function isAbout(mitre: readonly string[], technique: string): boolean {
  return mitre.some((id) => id === technique || id.startsWith(`${technique}.`));
}

export function alertsOfWeek(rule: Pick<RuleView, 'alertsByDay'>): number {
  return rule.alertsByDay.reduce((sum, count) => sum + count, 0);
}

/** The rules that match, most severe first, then by name. Every word must occur somewhere. */
export function filterRules<Rule extends Searchable>(rules: readonly Rule[], search: RulesSearch): Rule[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return rules
    .filter((rule) => {
      if (search.severity !== undefined && rule.severity !== search.severity) return false;
      if (search.tag !== undefined && !rule.tags.includes(search.tag)) return false;
      if (search.mitre !== undefined && !isAbout(rule.mitre, search.mitre)) return false;
      if (search.state !== undefined && rule.enabled !== (search.state === 'on')) return false;
      if (search.source !== undefined && rule.source !== search.source) return false;
      if (search.origin !== undefined && rule.origin !== search.origin) return false;
      if (search.activity !== undefined && alertsOfWeek(rule) > 0 !== (search.activity === 'firing'))
        return false;
      if (words.length === 0) return true;
      const text = [
        rule.name,
        rule.title.en,
        rule.title.zh,
        rule.description.en,
        rule.description.zh,
        ...rule.tags,
        ...rule.mitre,
      ]
        .join('\n')
        .toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => severityRank(a.severity) - severityRank(b.severity) || a.name.localeCompare(b.name));
}

/** Every value that occurs, sorted, for a filter's choices. */
export function distinct(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort((a, b) => a.localeCompare(b));
}
