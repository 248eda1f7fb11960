// One row an image or host, counted by what passes the filter.
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { vulnerableArtifactsQuery } from '../../api/scan-queries.ts';
import { useItems } from '../../api/use-items.ts';
import { ImageTable } from '../images/image-table.tsx';
import { NothingFound } from './nothing-found.tsx';
import { filterQuery, type VulnerabilitySearch } from './vulnerability-search.ts';

export function VulnerableImages({ search }: { readonly search: VulnerabilitySearch }): ReactNode {
  const list = useInfiniteQuery(vulnerableArtifactsQuery(filterQuery(search)));
  const artifacts = useItems(list);
  const { by: _by, sort: _sort, artifact: _artifact, kind: _kind, running: _running, ...filters } = search;
  return (
    <ImageTable
      artifacts={artifacts}
      list={list}
      inside={filters}
      empty={<NothingFound search={search} list={list} />}
    />
  );
}
