// Facets: how many alerts each value has; a click filters by it.
import type { Facets } from '@guardcell/contract';
import type { AlertDimension } from '@guardcell/core';
import { type ReactNode, useState } from 'react';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { cx } from '../../ui/class-names.ts';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';
import s from './events.module.css';
import { type EventsSearch, toggleFilter } from './events-search.ts';
import { valueLabel } from './filter-bar.tsx';

const ORDER: readonly AlertDimension[] = [
  'container',
  'rule',
  'process',
  'image',
  'namespace',
  'mitre',
  'tag',
  'host',
];
const SHOWN = 5;

interface Props {
  readonly search: EventsSearch;
  readonly facets: Facets | undefined;
  readonly failed: boolean;
  readonly onChange: (next: EventsSearch) => void;
}

export function FacetPanel({ search, facets, failed, onChange }: Props): ReactNode {
  const text = useText();
  if (failed && facets === undefined) return <aside className={s.facets} aria-label={text.events.filters} />;
  return (
    <aside className={s.facets} aria-label={text.events.filters}>
      {facets === undefined
        ? ORDER.slice(0, 4).map((dimension) => (
            <div key={dimension} className={s.facet}>
              <Skeleton width={80} />
              {[70, 55, 60, 40].map((width) => (
                <Skeleton key={width} width={`${width}%`} height={20} />
              ))}
            </div>
          ))
        : ORDER.map((dimension) => (
            <FacetGroup
              key={dimension}
              dimension={dimension}
              search={search}
              facets={facets}
              onChange={onChange}
            />
          ))}
    </aside>
  );
}

interface GroupProps extends Omit<Props, 'failed'> {
  readonly dimension: AlertDimension;
}

function FacetGroup({ dimension, search, facets, onChange }: GroupProps): ReactNode {
  const text = useText();
  const format = useFormat();
  const ruleTitle = useRuleTitles();
  const [all, setAll] = useState(false);
  const entries = facets?.facets[dimension] ?? [];
  const chosen = search[dimension] ?? [];
  const absent = chosen.filter((value) => !entries.some((entry) => entry.value === value));
  const values = [...absent.map((value) => ({ value, label: value, count: 0 })), ...entries].filter(
    (entry) => entry.value !== '',
  );
  if (values.length === 0) return null;
  const most = Math.max(1, ...values.map((entry) => entry.count));
  const shown = all ? values : values.slice(0, SHOWN);
  return (
    <section className={s.facet}>
      <h2>{text.events.facet[dimension]}</h2>
      <ul>
        {shown.map((entry) => {
          const on = chosen.includes(entry.value);
          const label = valueLabel(text, dimension, entry.value, facets, ruleTitle);
          return (
            <li key={entry.value}>
              <button
                type="button"
                className={cx(s.facetValue, on && s.facetOn)}
                aria-pressed={on}
                title={label}
                onClick={() => onChange(toggleFilter(search, dimension, entry.value))}
              >
                <span className={s.facetBar} style={{ width: `${(entry.count / most) * 100}%` }} />
                <span className={s.facetMark}>{on && <Icon name="check" size={12} />}</span>
                <span className={s.facetLabel}>{label}</span>
                <span className={s.facetCount}>{format.compact(entry.count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {values.length > SHOWN && (
        <button type="button" className={s.facetMore} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? text.common.showLess : `${text.common.showAll} (${values.length})`}
        </button>
      )}
    </section>
  );
}
