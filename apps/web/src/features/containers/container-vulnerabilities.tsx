// What is open in the image of a container, and the way to it.
import type { ContainerView } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { vulnerableWorkloadsQuery } from '../../api/scan-queries.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Card } from '../../ui/page.tsx';
import { SeverityLabel, severityCounts } from '../../ui/severity.tsx';
import s from './containers.module.css';

export function ContainerVulnerabilities({ view }: { readonly view: ContainerView }): ReactNode {
  const text = useText();
  const { scanContainer } = text;
  const format = useFormat();
  const { id } = view.container;
  const { data } = useInfiniteQuery(vulnerableWorkloadsQuery({ container: id }));
  const workload = data?.pages[0]?.items[0];
  const counts = severityCounts(workload?.vulnerabilities ?? {});
  return (
    <Card
      title={scanContainer.title}
      className={s.wide}
      aside={
        workload !== undefined && workload.artifact !== '' ? (
          <Link to="/images/$imageId" params={{ imageId: workload.artifact }} className={s.crumb}>
            {scanContainer.open}
          </Link>
        ) : (
          data !== undefined && <span className={s.crumb}>{scanContainer.notScanned}</span>
        )
      }
    >
      <div className={s.counts}>
        {counts.map(([severity, count]) => (
          <Link
            key={severity}
            to="/vulnerabilities"
            search={{ container: id, severity: [severity] }}
            className={s.count}
          >
            <SeverityLabel severity={severity} />
            <strong>{workload === undefined ? '—' : format.number(count)}</strong>
          </Link>
        ))}
      </div>
    </Card>
  );
}
