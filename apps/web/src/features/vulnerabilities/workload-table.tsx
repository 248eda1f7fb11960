// One row a running container, with the vulnerabilities of what it runs.
import type { VulnerableWorkload } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { vulnerableWorkloadsQuery } from '../../api/scan-queries.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { NothingFound } from './nothing-found.tsx';
import s from './vulnerabilities.module.css';
import { ExposureMark, SeverityNumbers } from './vulnerability-marks.tsx';
import { filterQuery, type VulnerabilitySearch } from './vulnerability-search.ts';

export function WorkloadTable({ search }: { readonly search: VulnerabilitySearch }): ReactNode {
  const { vulnerabilities } = useText();
  const { column } = vulnerabilities;
  const format = useFormat();
  const navigate = useNavigate();
  const list = useInfiniteQuery(vulnerableWorkloadsQuery(filterQuery(search)));
  const workloads = useMemo(() => (list.data?.pages ?? []).flatMap((page) => page.items), [list.data]);
  const inside = ({ container }: VulnerableWorkload): VulnerabilitySearch => {
    const { by: _by, ...rest } = search;
    return { ...rest, container };
  };
  const number = (value: number): ReactNode =>
    value === 0 ? <span className={s.faint}>0</span> : <strong>{format.number(value)}</strong>;
  const columns: readonly Column<VulnerableWorkload>[] = [
    {
      key: 'name',
      label: column.container,
      width: 'minmax(0, 1fr)',
      renderCell: (each) => (
        <>
          <span className={s.main}>
            <Link data-row to="/vulnerabilities" search={inside(each)} className={s.id}>
              {each.name || each.container.slice(0, 12)}
            </Link>
          </span>
          <span className={s.sub} title={each.image}>
            {each.artifact === '' ? (
              each.image
            ) : (
              <Link
                to="/images/$imageId"
                params={{ imageId: each.artifact }}
                className={s.link}
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
          <span className={s.cut}>{each.pod || each.hostname}</span>
          <span className={s.sub}>{each.namespace}</span>
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
      key: 'exploited',
      label: column.exploited,
      width: '72px',
      right: true,
      renderCell: ({ exploited }) => number(exploited),
    },
    {
      key: 'use',
      label: column.inUse,
      width: '60px',
      right: true,
      room: 'medium',
      renderCell: ({ inUse }) => number(inUse),
    },
    {
      key: 'fixable',
      label: column.fixable,
      width: '60px',
      right: true,
      room: 'medium',
      renderCell: ({ fixable }) => number(fixable),
    },
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
