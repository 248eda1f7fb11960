// Alerts of one container over the last week; the full view is the events screen.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { eventsQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { ClockTime } from '../../ui/time.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';

const LOADING_ROWS = [1, 2, 3, 4];

export function ContainerEvents({ containerId }: { readonly containerId: string }): ReactNode {
  const text = useText();
  const titleOf = useRuleTitles();
  const navigate = useNavigate();
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
  const search = { container: [containerId], since: '7d' };
  const list = useInfiniteQuery(eventsQuery(search));
  const alerts = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isError && list.data === undefined) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.isPending && alerts.length === 0) return <EmptyState title={text.containers.noEvents} />;
  const { column } = text.events;
  return (
    <div ref={frame} className={t.frame}>
      <table className={t.table} aria-busy={list.isPending}>
        <colgroup>
          <col width="150" />
          <col width="120" />
          <col />
          <col width="220" />
        </colgroup>
        <thead>
          <tr>
            <th>{column.time}</th>
            <th>{column.severity}</th>
            <th>{column.event}</th>
            <th>{column.process}</th>
          </tr>
        </thead>
        <tbody>
          {list.isPending &&
            LOADING_ROWS.map((row) => (
              <tr key={row}>
                {[100, 70, 320, 120].map((width) => (
                  <td key={width}>
                    <Skeleton width={width} />
                  </td>
                ))}
              </tr>
            ))}
          {alerts.map((alert) => (
            <tr
              key={alert.id}
              data-row
              tabIndex={-1}
              className={t.row}
              onClick={() => void navigate({ to: '/events/$eventId', params: { eventId: alert.id }, search })}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                void navigate({ to: '/events/$eventId', params: { eventId: alert.id }, search });
              }}
            >
              <td className={t.muted}>
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
                <div className={t.sub}>{alert.message}</div>
              </td>
              <td>
                <div className={t.cut}>{alert.process.name}</div>
                <div className={t.sub}>{alert.process.cmdline}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <div className={t.more}>
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {text.common.more}
          </Button>
        </div>
      )}
    </div>
  );
}
