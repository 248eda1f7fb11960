// One row a package: what it brings in, everywhere.
import type { VulnerablePackage } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { vulnerablePackagesQuery } from '../../api/scan-queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import x from '../../ui/text.module.css';
import { type Column, countColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { NothingFound } from './nothing-found.tsx';
import { InUseMark, SeverityNumbers } from './vulnerability-marks.tsx';
import { filterQuery, type VulnerabilitySearch } from './vulnerability-search.ts';

export function PackageTable({ search }: { readonly search: VulnerabilitySearch }): ReactNode {
  const { vulnerabilities } = useText();
  const { column } = vulnerabilities;
  const navigate = useNavigate();
  const list = useInfiniteQuery(vulnerablePackagesQuery(filterQuery(search)));
  const packages = useItems(list);
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
          <span className={x.line}>
            <Link data-row to="/vulnerabilities" search={inside(each)} className={x.name}>
              {each.name}
            </Link>
          </span>
          <span className={x.sub} title={each.versions.join(', ')}>
            {each.type} · {each.versions.join(', ')}
          </span>
        </>
      ),
    },
    {
      key: 'findings',
      label: column.findings,
      width: 'clamp(120px, 32cqw, 220px)',
      renderCell: (each) => <SeverityNumbers counts={each.vulnerabilities} />,
    },
    countColumn({ key: 'score', label: column.score, width: '52px' }, ({ score }) => Math.round(score)),
    countColumn(
      { key: 'fixable', label: column.fixable, width: '64px', room: 'medium' },
      ({ fixable }) => fixable,
    ),
    {
      key: 'use',
      label: column.inUse,
      width: '124px',
      room: 'small',
      renderCell: ({ inUse }) => <InUseMark grade={inUse} />,
    },
    countColumn(
      { key: 'images', label: column.images, width: '60px', room: 'medium' },
      ({ artifacts }) => artifacts,
    ),
    countColumn(
      { key: 'running', label: column.running, width: '64px', room: 'wide' },
      ({ running }) => running,
    ),
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
