// The filters in force, each with a way to take it out; severity toggles first.
import type { Facets } from '@guardcell/contract';
import { type AlertDimension, isSeverity, SEVERITIES } from '@guardcell/core';
import type { ReactNode } from 'react';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { FilterChip, FilterLine } from '../../ui/list-screen.tsx';
import { SeverityIcon } from '../../ui/severity.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';
import s from './events.module.css';
import { activeFilters, clearFilters, type EventsSearch, toggleFilter } from './events-search.ts';

interface Props {
  readonly search: EventsSearch;
  readonly facets: Facets | undefined;
  readonly onChange: (next: EventsSearch) => void;
}

const LONG_ID = /^[0-9a-f]{40,}$/;

/** How a value of a dimension is shown to people. */
export function valueLabel(
  text: Catalogue,
  dimension: AlertDimension,
  value: string,
  facets: Facets | undefined,
  ruleTitle: (name: string) => string,
): string {
  if (dimension === 'severity' && isSeverity(value)) return text.severity[value];
  if (dimension === 'rule') return ruleTitle(value);
  const label = facets?.facets[dimension]?.find((entry) => entry.value === value)?.label;
  if (label !== undefined && label !== '' && label !== value) return label;
  if (value === '') return dimension === 'namespace' ? text.events.noNamespace : text.common.none;
  return LONG_ID.test(value) ? value.slice(0, 12) : value;
}

export function FilterBar({ search, facets, onChange }: Props): ReactNode {
  const text = useText();
  const format = useFormat();
  const ruleTitle = useRuleTitles();
  const chips = activeFilters(search).filter(([dimension]) => dimension !== 'severity');
  const counts = new Map(facets?.facets['severity']?.map((entry) => [entry.value, entry.count]));
  const anything = chips.length > 0 || search.severity !== undefined || search.q !== undefined;
  return (
    <FilterLine>
      <div className={s.severities} role="group" aria-label={text.events.facet.severity}>
        {SEVERITIES.map((severity) => {
          const on = search.severity?.includes(severity) === true;
          return (
            <button
              key={severity}
              type="button"
              className={cx(s.severityToggle, on && s.toggleOn)}
              aria-pressed={on}
              onClick={() => onChange(toggleFilter(search, 'severity', severity))}
            >
              <SeverityIcon severity={severity} />
              {text.severity[severity]}
              <span className={s.toggleCount}>{format.compact(counts.get(severity) ?? 0)}</span>
            </button>
          );
        })}
      </div>
      {chips.map(([dimension, value]) => {
        const label = valueLabel(text, dimension, value, facets, ruleTitle);
        return (
          <FilterChip
            key={`${dimension} ${value}`}
            name={text.events.facet[dimension]}
            value={label}
            onRemove={() => onChange(toggleFilter(search, dimension, value))}
          />
        );
      })}
      {anything && (
        <Button size="small" variant="quiet" onClick={() => onChange(clearFilters(search))}>
          {text.common.clearAll}
        </Button>
      )}
    </FilterLine>
  );
}
