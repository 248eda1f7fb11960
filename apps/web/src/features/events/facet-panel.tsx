// Facets: how many alerts each value has; a click filters by it.
import type { Facets } from '@guardcell/contract';
import type { AlertDimension } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { FacetList } from '../../ui/facet-list.tsx';
import { FacetColumn } from '../../ui/list-screen.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';
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

interface Props {
  readonly search: EventsSearch;
  readonly facets: Facets | undefined;
  readonly failed: boolean;
  readonly onChange: (next: EventsSearch) => void;
}

export function FacetPanel({ search, facets, failed, onChange }: Props): ReactNode {
  const text = useText();
  return (
    <FacetColumn label={text.events.filters} isWaiting={facets === undefined && !failed}>
      {facets !== undefined &&
        ORDER.map((dimension) => (
          <FacetGroup
            key={dimension}
            dimension={dimension}
            search={search}
            facets={facets}
            onChange={onChange}
          />
        ))}
    </FacetColumn>
  );
}

function FacetGroup(
  props: Omit<Props, 'failed' | 'facets'> & { readonly dimension: AlertDimension; readonly facets: Facets },
): ReactNode {
  const { dimension, search, facets, onChange } = props;
  const text = useText();
  const ruleTitle = useRuleTitles();
  const labelOf = (value: string): string => valueLabel(text, dimension, value, facets, ruleTitle);
  const entries = (facets.facets[dimension] ?? []).filter((entry) => entry.value !== '');
  return (
    <FacetList
      title={text.events.facet[dimension]}
      entries={entries.map(({ value, count }) => ({ value, label: labelOf(value), count }))}
      chosen={search[dimension] ?? []}
      labelOf={labelOf}
      onToggle={(value) => onChange(toggleFilter(search, dimension, value))}
    />
  );
}
