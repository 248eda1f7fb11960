// A compiled rule as the console shows it: plain data that leaves the loading thread.
import type { RuleView } from '@guardcell/contract';
import { type CompiledRule, exceptionCondition } from '@guardcell/rules';

/** A rule without what changes from hour to hour; `enabled` as its file says. */
export type LibraryRule = Omit<RuleView, 'alerts24h' | 'alertsByDay' | 'lastFiredAt'>;

const EMPTY_TEXT = { en: '', zh: '' };

/** `custom/x.yaml` and `builtin/x.yaml` carry their origin; everything else is a path given at start. */
export function originOf(file: string): RuleView['origin'] {
  if (file.startsWith('custom/')) return 'custom';
  return file.startsWith('builtin/') ? 'builtin' : 'file';
}

export function libraryRule(rule: CompiledRule): LibraryRule {
  return {
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
    origin: originOf(rule.file),
    exceptions: rule.exceptions.flatMap((item) => {
      const fields = [...(item.fields ?? [])];
      if (item.values.length === 0 || fields.length === 0) return [];
      const comps = [...(item.comps ?? fields.map(() => (item.scalarField ? 'in' : '=')))];
      const values = item.values.map((tuple) =>
        tuple.map((value) => (typeof value === 'string' ? value : [...value])),
      );
      const condition = exceptionCondition(
        { name: item.name, fields, comps, values },
        { scalarField: item.scalarField, asWritten: true },
      );
      return [{ name: item.name, fields, comps, values, condition }];
    }),
  };
}
