// One row a package: what it brings in, everywhere.
import type { VulnerablePackage } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { vulnerablePackagesQuery } from '../../api/scan-queries.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { NothingFound } from './nothing-found.tsx';
import s from './vulnerabilities.module.css';
import { InUseMark, SeverityNumbers } from './vulnerability-marks.tsx';
import { filterQuery, type VulnerabilitySearch } from './vulnerability-search.ts';

export function PackageTable({ search }: { readonly search: VulnerabilitySearch }): ReactNode {
  const { vulnerabilities } = useText();
  const { column } = vulnerabilities;
  const format = useFormat();
  const navigate = useNavigate();
  const list = useInfiniteQuery(vulnerablePackagesQuery(filterQuery(search)));
  const packages = useMemo(() => (list.data?.pages ?? []).flatMap((page) => page.items), [list.data]);
  const inside = ({ name }: VulnerablePackage): VulnerabilitySearch => {
    const { by: _by, ...rest } = search;
    return { ...rest, package: name };
  };
  const columns: readonly Column<VulnerablePackage>[] = [
    {
      key: 'name',
      label: column.package,
      width: 'minmax(0, 1fr)',
      renderCell: (each) => (
        <>
          <span className={s.main}>
            <Link data-row to="/vulnerabilities" search={inside(each)} className={s.id}>
              {each.name}
            </Link>
          </span>
          <span className={s.sub} title={each.versions.join(', ')}>
            {each.type} · {each.versions.join(', ')}
          </span>
        </>
      ),
    },
    {
      key: 'findings',
      label: column.findings,
      width: '220px',
      renderCell: (each) => <SeverityNumbers counts={each.vulnerabilities} />,
    },
    {
      key: 'score',
      label: column.score,
      width: '52px',
      right: true,
      renderCell: ({ score }) => Math.round(score),
    },
    {
      key: 'fixable',
      label: column.fixable,
      width: '64px',
      right: true,
      room: 'medium',
      renderCell: ({ fixable }) => format.number(fixable),
    },
    {
      key: 'use',
      label: column.inUse,
      width: '124px',
      renderCell: ({ inUse }) => <InUseMark grade={inUse} />,
    },
    {
      key: 'images',
      label: column.images,
      width: '60px',
      right: true,
      room: 'medium',
      renderCell: ({ artifacts }) => format.number(artifacts),
    },
    {
      key: 'running',
      label: column.running,
      width: '64px',
      right: true,
      room: 'wide',
      renderCell: ({ running }) => format.number(running),
    },
  ];
  return (
    <VirtualTable
      label={vulnerabilities.by.package}
      columns={columns}
      items={packages}
      keyOf={({ type, name }) => `${type} ${name}`}
      list={list}
      onOpen={(each) => void navigate({ to: '/vulnerabilities', search: inside(each) })}
      empty={<NothingFound search={search} list={list} />}
    />
  );
}
