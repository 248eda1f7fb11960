// The inventory: every container on every host, with its state and recent alerts.
import type { ContainerView } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { containersQuery } from '../../api/queries.ts';
import { SeverityBar } from '../../charts/severity-bar.tsx';
import { totalOf } from '../../charts/stack.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { defined } from '../../routes/search-params.ts';
import { Button } from '../../ui/button.tsx';
import { InlineSelect, SearchBox } from '../../ui/field.tsx';
import { PageHead } from '../../ui/page.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { Ago } from '../../ui/time.tsx';
import { ContainerBadges } from './container-badges.tsx';
import s from './containers.module.css';
import { type ContainersSearch, STATE_FILTERS } from './containers-search.ts';

export function ContainersPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/containers' });
  const list = useInfiniteQuery(containersQuery({ ...search }));
  const views = list.data?.pages.flatMap((page) => page.items);
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
  function show(next: ContainersSearch): void {
    void navigate({ to: '/containers', search: next, replace: true });
  }
  const most = Math.max(1, ...(views ?? []).map((view) => totalOf(view.alerts24h)));
  return (
    <>
      <PageHead
        title={text.containers.title}
        note={views === undefined || list.hasNextPage ? '' : text.containers.count(views.length)}
      />
      <div className={s.toolBar}>
        <SearchBox
          label={text.containers.search}
          value={search.q ?? ''}
          onChange={(q) => show(defined({ ...search, q: q === '' ? undefined : q }))}
        />
        <InlineSelect
          label={text.containers.column.state}
          value={search.state?.[0] ?? ''}
          options={[
            { value: '', label: `${text.containers.column.state}: ${text.common.any}` },
            ...STATE_FILTERS.map((state) => ({ value: state, label: stateLabel(text, state) })),
          ]}
          onChange={(state) => show(defined({ ...search, state: state === '' ? undefined : [state] }))}
        />
      </div>
      {list.isError && views === undefined ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <div ref={frame} className={t.frame}>
          <table className={t.table}>
            <colgroup>
              <col className={s.colName} />
              <col />
              <col className={s.colState} />
              <col className={s.colRuntime} />
              <col className={s.colWorkload} />
              <col className={s.colAlerts} />
              <col className={s.colStarted} />
            </colgroup>
            <thead>
              <tr>
                {(['name', 'image', 'state', 'runtime', 'workload', 'alerts', 'started'] as const).map(
                  (key) => (
                    <th key={key} scope="col">
                      {text.containers.column[key]}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {views === undefined ? (
                <LoadingRows />
              ) : (
                views.map((view) => (
                  <Row key={`${view.hostname} ${view.container.id}`} view={view} most={most} />
                ))
              )}
            </tbody>
          </table>
          {views?.length === 0 && <Nothing filtered={search.q !== undefined || search.state !== undefined} />}
          {list.hasNextPage && (
            <div className={t.more}>
              <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {text.common.more}
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}

function stateLabel(text: ReturnType<typeof useText>, state: (typeof STATE_FILTERS)[number]): string {
  return state === 'quarantined' || state === 'privileged'
    ? text.containers[state]
    : text.containers.state[state];
}

function Nothing({ filtered }: { readonly filtered: boolean }): ReactNode {
  const text = useText();
  return filtered ? (
    <EmptyState title={text.containers.empty} hint={text.containers.emptyHint} />
  ) : (
    <EmptyState title={text.containers.emptyAll} hint={text.containers.emptyAllHint} />
  );
}

function LoadingRows(): ReactNode {
  return Array.from({ length: 8 }, (_, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <tr key={index}>
      {[60, 75, 50, 55, 60, 80, 60].map((width, cell) => (
        // oxlint-disable-next-line react/no-array-index-key
        <td key={cell}>
          <Skeleton width={`${width}%`} />
        </td>
      ))}
    </tr>
  ));
}

function Row({ view, most }: { readonly view: ContainerView; readonly most: number }): ReactNode {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const { container } = view;
  const params = { containerId: container.id };
  const total = totalOf(view.alerts24h);
  return (
    // The row is a large target for the pointer; the link inside is what the keyboard uses.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <tr
      className={t.row}
      onClick={(event) => {
        if (!(event.target as Element).closest('a'))
          void navigate({ to: '/containers/$containerId', params });
      }}
    >
      <td>
        <Link to="/containers/$containerId" params={params} data-row className={s.nameLink}>
          <span className={t.main}>{container.name || container.id.slice(0, 12)}</span>
          <span className={t.sub}>{container.id === 'host' ? view.hostname : container.id.slice(0, 12)}</span>
        </Link>
      </td>
      <td className={t.cut} title={container.image.reference}>
        <span className={s.image}>{container.image.reference || '—'}</span>
      </td>
      <td>
        <ContainerBadges view={view} />
      </td>
      <td className={t.muted}>{container.runtime}</td>
      <td>
        {container.kubernetes === undefined ? (
          <span className={t.muted}>—</span>
        ) : (
          <>
            <div className={t.cut}>{container.kubernetes.podName}</div>
            <div className={t.sub}>{container.kubernetes.namespace}</div>
          </>
        )}
      </td>
      <td>
        {total === 0 ? (
          <span className={t.muted}>0</span>
        ) : (
          <Link
            to="/events"
            search={{ container: [container.id] }}
            className={s.alerts}
            aria-label={`${text.containers.alerts24h}: ${total}`}
          >
            <span className={s.alertCount}>{format.number(total)}</span>
            <SeverityBar counts={view.alerts24h} share={total / most} />
          </Link>
        )}
      </td>
      <td className={t.muted}>
        <Ago time={container.startedAtMs} />
      </td>
    </tr>
  );
}
