// The tool bar of the rule library: words, severity, tag, technique, on or off.
import type { RuleView } from '@guardcell/contract';
import { SEVERITIES } from '@guardcell/core';
import { type ReactNode, useMemo } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { InlineSelect, type SelectOption } from '../../ui/field.tsx';
import { ToolBar } from '../../ui/list-screen.tsx';
import { WordSearch } from '../../ui/word-search.tsx';
import { distinct, type RulesSearch, validateRulesSearch } from './rules-search.ts';

export function RuleFilters(props: {
  readonly search: RulesSearch;
  readonly rules: readonly RuleView[];
  readonly onChange: (next: RulesSearch) => void;
}): ReactNode {
  const { search, rules, onChange } = props;
  const text = useText();
  const tags = useMemo(
    () => distinct([...rules.map((rule) => rule.tags), kept(search.tag)]),
    [rules, search],
  );
  const techniques = useMemo(
    () => distinct([...rules.map((rule) => rule.mitre), kept(search.mitre)]),
    [rules, search],
  );
  const sources = useMemo(
    () => distinct([rules.map((rule) => rule.source), kept(search.source)]),
    [rules, search],
  );
  const set = (key: keyof RulesSearch, value: string): void =>
    onChange(validateRulesSearch({ ...search, [key]: value }));
  return (
    <ToolBar>
      <WordSearch wide label={text.rules.search} value={search.q ?? ''} onChange={(q) => set('q', q)} />
      <InlineSelect
        label={text.rules.filterSeverity}
        value={search.severity ?? ''}
        options={[
          any(text.rules.filterSeverity),
          ...SEVERITIES.map((severity) => ({ value: severity, label: text.severity[severity] })),
        ]}
        onChange={(value) => set('severity', value)}
      />
      <InlineSelect
        label={text.rules.filterTag}
        value={search.tag ?? ''}
        options={[any(text.rules.filterTag), ...tags.map(same)]}
        onChange={(value) => set('tag', value)}
      />
      <InlineSelect
        label={text.rules.filterMitre}
        value={search.mitre ?? ''}
        options={[any(text.rules.filterMitre), ...techniques.map(same)]}
        onChange={(value) => set('mitre', value)}
      />
      <InlineSelect
        label={text.rules.filterState}
        value={search.state ?? ''}
        options={[
          any(text.rules.filterState),
          { value: 'on', label: text.rules.onlyOn },
          { value: 'off', label: text.rules.onlyOff },
        ]}
        onChange={(value) => set('state', value)}
      />
      <InlineSelect
        label={text.workbench.filterSource}
        value={search.source ?? ''}
        options={[any(text.workbench.filterSource), ...sources.map(same)]}
        onChange={(value) => set('source', value)}
      />
      <InlineSelect
        label={text.workbench.filterOrigin}
        value={search.origin ?? ''}
        options={[
          any(text.workbench.filterOrigin),
          ...(['builtin', 'custom', 'file'] as const).map((value) => ({
            value,
            label: text.workbench.origin[value],
          })),
        ]}
        onChange={(value) => set('origin', value)}
      />
      <InlineSelect
        label={text.workbench.filterActivity}
        value={search.activity ?? ''}
        options={[
          any(text.workbench.filterActivity),
          { value: 'firing', label: text.workbench.activity.firing },
          { value: 'silent', label: text.workbench.activity.silent },
        ]}
        onChange={(value) => set('activity', value)}
      />
      {Object.keys(search).length > 0 && (
        <Button size="small" variant="quiet" onClick={() => onChange({})}>
          {text.common.clearAll}
        </Button>
      )}
    </ToolBar>
  );
}

function any(label: string): SelectOption {
  return { value: '', label };
}

function same(value: string): SelectOption {
  return { value, label: value };
}

/** A chosen value stays among the choices, also when no rule has it. */
function kept(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
