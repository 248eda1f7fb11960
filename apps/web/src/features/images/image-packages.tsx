// The packages of one image, with their use and what they bring in.
import type { Artifact, ArtifactPackage } from '@guardcell/contract';
import { PACKAGE_TYPES } from '@guardcell/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { artifactPackagesQuery } from '../../api/scan-queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { InlineSelect, Switch } from '../../ui/field.tsx';
import { ToolBar } from '../../ui/list-screen.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { WordSearch } from '../../ui/word-search.tsx';
import { InUseMark, SeverityNumbers } from '../vulnerabilities/vulnerability-marks.tsx';
import { without } from '../vulnerabilities/vulnerability-search.ts';
import type { ImageSearch } from './images-search.ts';

export function ImagePackages(props: {
  readonly artifact: Artifact;
  readonly search: ImageSearch;
}): ReactNode {
  const { artifact, search } = props;
  const { id } = artifact.summary;
  const { images, vulnerabilities, common } = useText();
  const navigate = useNavigate();
  const { q, type, inUse, vulnerable } = search;
  const list = useInfiniteQuery(artifactPackagesQuery(id, { q, type, inUse, vulnerable }));
  const packages = useItems(list);
  function show(next: ImageSearch): void {
    void navigate({ to: '/images/$imageId', params: { imageId: id }, search: next, replace: true });
  }
  const columns: readonly Column<ArtifactPackage>[] = [
    {
      key: 'name',
      label: images.packages.name,
      width: 'minmax(0, 1fr)',
      renderCell: ({ package: each }) => (
        <>
          <span className={x.line}>
            <Link
              data-row
              to="/images/$imageId"
              params={{ imageId: id }}
              search={{ package: each.name }}
              className={x.name}
            >
              {each.name}
            </Link>
          </span>
          <span className={x.sub} title={each.locations[0]?.path}>
            {each.locations[0]?.path ?? each.purl}
          </span>
        </>
      ),
    },
    {
      key: 'version',
      label: images.packages.version,
      width: 'minmax(0, 0.4fr)',
      renderCell: ({ package: each }) => (
        <span className={x.cut} title={each.version}>
          {each.version}
        </span>
      ),
    },
    {
      key: 'type',
      label: images.packages.type,
      width: '76px',
      room: 'small',
      renderCell: ({ package: each }) => each.type,
    },
    {
      key: 'use',
      label: vulnerabilities.column.inUse,
      width: '124px',
      room: 'medium',
      renderCell: (each) => <InUseMark grade={each.inUse} />,
    },
    {
      key: 'findings',
      label: vulnerabilities.title,
      width: 'clamp(120px, 32cqw, 220px)',
      renderCell: (each) => <SeverityNumbers counts={each.vulnerabilities} />,
    },
  ];
  return (
    <>
      <ToolBar>
        <WordSearch
          wide
          label={images.packages.search}
          value={q ?? ''}
          onChange={(words) => show(words === '' ? without(search, 'q') : { ...search, q: words })}
        />
        <InlineSelect
          label={images.packages.type}
          value={type?.[0] ?? ''}
          options={[
            { value: '', label: `${images.packages.type}: ${common.all}` },
            ...artifact.packageTypes.map((each) => ({
              value: each.type,
              label: `${each.type} (${each.count})`,
            })),
          ]}
          onChange={(value) => {
            const chosen = PACKAGE_TYPES.find((one) => one === value);
            show(chosen === undefined ? without(search, 'type') : { ...search, type: [chosen] });
          }}
        />
        <Switch
          withLabel
          label={images.packages.vulnerable}
          checked={vulnerable === 'true'}
          onChange={(on) => show(on ? { ...search, vulnerable: 'true' } : without(search, 'vulnerable'))}
        />
      </ToolBar>
      <VirtualTable
        label={images.tab.packages}
        columns={columns}
        items={packages}
        keyOf={({ package: each }) => `${each.purl} ${each.locations[0]?.path ?? ''}`}
        list={list}
        onOpen={({ package: each }) => show({ package: each.name })}
        empty={
          list.isError ? (
            <ErrorState error={list.error} onRetry={() => void list.refetch()} />
          ) : (
            <EmptyState title={images.packages.empty} />
          )
        }
      />
    </>
  );
}
