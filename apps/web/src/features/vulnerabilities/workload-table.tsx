// One row a running container, with the vulnerabilities of what it runs.
import type { VulnerableWorkload } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { vulnerableWorkloadsQuery } from '../../api/scan-queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import x from '../../ui/text.module.css';
import { type Column, countColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { NothingFound } from './nothing-found.tsx';
import { ExposureMark, SeverityNumbers } from './vulnerability-marks.tsx';
import { filterQuery, type VulnerabilitySearch } from './vulnerability-search.ts';

export function WorkloadTable({ search }: { readonly search: VulnerabilitySearch }): ReactNode {
  const { vulnerabilities } = useText();
  const { column } = vulnerabilities;
  const navigate = useNavigate();
  const list = useInfiniteQuery(vulnerableWorkloadsQuery(filterQuery(search)));
  const workloads = useItems(list);
  const inside = ({ container }: VulnerableWorkload): VulnerabilitySearch => {
    const { by: _by, ...rest } = search;
    return { ...rest, container };
  };
  const columns: readonly Column<VulnerableWorkload>[] = [
    {
      key: 'name',
      label: column.container,
      width: 'minmax(0, 1fr)',
      renderCell: (each) => (
        <>
          <span className={x.line}>
            <Link data-row to="/vulnerabilities" search={inside(each)} className={x.name}>
              {each.name || each.container.slice(0, 12)}
            </Link>
          </span>
          <span className={x.sub} title={each.image}>
            {each.artifact === '' ? (
              each.image
            ) : (
              <Link
                to="/images/$imageId"
                params={{ imageId: each.artifact }}
                className={x.link}
                tabIndex={-1}
              >
                {each.image}
              </Link>
            )}
          </span>
        </>
      ),
    },
    {
      key: 'where',
      label: column.workload,
      width: '190px',
      room: 'wide',
      renderCell: (each) => (
        <>
          <span className={x.cut}>{each.pod || each.hostname}</span>
          <span className={x.sub}>{each.namespace}</span>
        </>
      ),
    },
    {
      key: 'exposure',
      label: column.exposure,
      width: '170px',
      room: 'medium',
      renderCell: ({ exposure }) => <ExposureMark exposure={exposure} />,
    },
    {
      key: 'findings',
      label: column.findings,
      width: 'clamp(120px, 32cqw, 220px)',
      renderCell: (each) => <SeverityNumbers counts={each.vulnerabilities} />,
    },
    countColumn({ key: 'score', label: column.score, width: '52px' }, ({ score }) => Math.round(score)),
    countColumn(
      { key: 'exploited', label: column.exploited, width: '72px', room: 'small' },
      ({ exploited }) => exploited,
    ),
    countColumn({ key: 'use', label: column.inUse, width: '60px', room: 'medium' }, ({ inUse }) => inUse),
    countColumn(
      { key: 'fixable', label: column.fixable, width: '60px', room: 'medium' },
      ({ fixable }) => fixable,
    ),
  ];
  return (
    <VirtualTable
      label={vulnerabilities.by.workload}
      columns={columns}
      items={workloads}
      keyOf={({ container }) => container}
      list={list}
      onOpen={(each) => void navigate({ to: '/vulnerabilities', search: inside(each) })}
      empty={<NothingFound search={search} list={list} />}
    />
  );
}
