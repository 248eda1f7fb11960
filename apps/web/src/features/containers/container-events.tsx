// Alerts of one container over the last week; the full view is the events screen.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { eventsQuery } from '../../api/queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { MoreRows, OpenRow, Table } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { ClockTime } from '../../ui/time.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';

const WAITING_ROWS = 4;

export function ContainerEvents({ containerId }: { readonly containerId: string }): ReactNode {
  const text = useText();
  const titleOf = useRuleTitles();
  const navigate = useNavigate();
  const search = { container: [containerId], since: '7d' };
  const list = useInfiniteQuery(eventsQuery(search));
  const alerts = useItems(list);
  if (list.isError && list.data === undefined) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.isPending && alerts.length === 0) return <EmptyState title={text.containers.noEvents} />;
  const { column } = text.events;
  return (
    <Table
      columns={[
        { label: column.time, width: '150' },
        { label: column.severity, width: '120' },
        { label: column.event },
        { label: column.process, width: '220' },
      ]}
      waiting={list.isPending ? WAITING_ROWS : 0}
      after={<MoreRows list={list} />}
    >
      {alerts.map((alert) => (
        <OpenRow
          key={alert.id}
          onOpen={() => void navigate({ to: '/events/$eventId', params: { eventId: alert.id }, search })}
        >
          <td className={x.muted}>
            <ClockTime time={alert.time} />
          </td>
          <td>
            <SeverityLabel severity={alert.severity} />
          </td>
          <td>
            <div className={t.main}>
              <Link to="/events/$eventId" params={{ eventId: alert.id }} search={search}>
                {titleOf(alert.rule)}
              </Link>
            </div>
            <div className={x.sub}>{alert.message}</div>
          </td>
          <td>
            <div className={x.cut}>{alert.process.name}</div>
            <div className={x.sub}>{alert.process.cmdline}</div>
          </td>
        </OpenRow>
      ))}
    </Table>
  );
}
