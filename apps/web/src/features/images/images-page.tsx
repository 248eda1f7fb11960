// Everything that was scanned: images, hosts, running containers; worst first.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { artifactsQuery, registriesQuery } from '../../api/scan-queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { InlineSelect, Switch } from '../../ui/field.tsx';
import { ListScreen, ToolBar } from '../../ui/list-screen.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { WordSearch } from '../../ui/word-search.tsx';
import { ImageTable } from './image-table.tsx';
import { ImagesHead } from './images-head.tsx';
import { IMAGE_SORTS, type ImagesSearch, SCANNED_KINDS, validateImagesSearch } from './images-search.ts';

export function ImagesPage(): ReactNode {
  const { images } = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/images' });
  const { kind, ...rest } = search;
  const list = useInfiniteQuery(artifactsQuery({ ...rest, kind: kind === undefined ? undefined : [kind] }));
  const artifacts = useItems(list);
  function show(next: ImagesSearch): void {
    void navigate({ to: '/images', search: next, replace: true });
  }
  return (
    <ListScreen>
      <ImagesHead
        current="images"
        note={list.data === undefined || list.hasNextPage ? '' : images.count(artifacts.length)}
      />
      <Tools search={search} onChange={show} />
      <ImageTable
        artifacts={artifacts}
        list={list}
        inside={{}}
        empty={
          list.isError ? (
            <ErrorState error={list.error} onRetry={() => void list.refetch()} />
          ) : (
            <Nothing isFiltered={Object.keys(search).some((key) => key !== 'sort')} />
          )
        }
      />
    </ListScreen>
  );
}

function Tools(props: {
  readonly search: ImagesSearch;
  readonly onChange: (next: ImagesSearch) => void;
}): ReactNode {
  const { search, onChange } = props;
  const { images, vulnerabilities } = useText();
  const { data } = useQuery(registriesQuery);
  const registries = new Set(data?.items.map(({ name }) => name));
  if (search.registry !== undefined) registries.add(search.registry);
  const set = (key: keyof ImagesSearch, value: string): void =>
    onChange(validateImagesSearch({ ...search, [key]: value }));
  return (
    <ToolBar>
      <WordSearch wide label={images.search} value={search.q ?? ''} onChange={(q) => set('q', q)} />
      <InlineSelect
        label={vulnerabilities.facet.kind}
        value={search.kind ?? ''}
        options={[
          { value: '', label: images.allKinds },
          ...SCANNED_KINDS.map((kind) => ({ value: kind, label: vulnerabilities.kind[kind] })),
        ]}
        onChange={(value) => set('kind', value)}
      />
      <InlineSelect
        label={images.column.registry}
        value={search.registry ?? ''}
        options={[
          { value: '', label: images.allRegistries },
          ...[...registries].map((name) => ({ value: name, label: name })),
        ]}
        onChange={(value) => set('registry', value)}
      />
      <InlineSelect
        label={vulnerabilities.sortBy}
        value={search.sort ?? ''}
        options={IMAGE_SORTS.map((sort) => ({
          value: sort === 'risk' ? '' : sort,
          label: images.sort[sort],
        }))}
        onChange={(value) => set('sort', value)}
      />
      <Switch
        withLabel
        label={vulnerabilities.running}
        checked={search.running === 'true'}
        onChange={(on) => set('running', on ? 'true' : '')}
      />
    </ToolBar>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }): ReactNode {
  const { images, vulnerabilities } = useText();
  if (isFiltered) return <EmptyState title={images.empty} hint={images.emptyHint} />;
  return (
    <EmptyState
      title={images.emptyAll}
      hint={images.emptyAllHint}
      action={
        <Link to="/images/registries/new">
          <Button tabIndex={-1}>{vulnerabilities.addRegistry}</Button>
        </Link>
      }
    />
  );
}
