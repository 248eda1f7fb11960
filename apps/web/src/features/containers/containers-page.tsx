// Every container that is known: search, state filters, measures in force, recent alerts.
import type { ContainerView } from '@guardcell/contract';
import { shortContainerId } from '@guardcell/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import { containersQuery } from '../../api/queries.ts';
import { useItems } from '../../api/use-items.ts';
import { SeverityBar } from '../../charts/severity-bar.tsx';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { cx } from '../../ui/class-names.ts';
import { ToolBar } from '../../ui/list-screen.tsx';
import { PageHead } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { MoreRows, OpenRow, Table } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import { WordSearch } from '../../ui/word-search.tsx';
import { StateMarks, totalAlerts, worstSeverity } from './container-marks.tsx';
import s from './containers.module.css';
import { type ContainersSearch, STATE_FILTERS } from './containers-search.ts';

const WAITING_ROWS = 8;

function stateLabel(text: ReturnType<typeof useText>, state: (typeof STATE_FILTERS)[number]): string {
  if (state === 'quarantined') return text.containers.quarantined;
  if (state === 'privileged') return text.containers.privileged;
  return text.containers.state[state];
}

export function ContainersPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/containers' });
  const list = useInfiniteQuery(containersQuery({ q: search.q, state: search.state }));
  const views = useItems(list);
  const filtered = search.q !== undefined || search.state !== undefined;

  function show(next: ContainersSearch): void {
    void navigate({ to: '/containers', search: next, replace: true });
  }
  function toggle(state: string): void {
    const chosen = search.state ?? [];
    const next = chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state];
    const { state: _old, ...rest } = search;
    show(next.length === 0 ? rest : { ...rest, state: next });
  }
  return (
    <>
      <PageHead
        title={text.containers.title}
        note={list.data === undefined || list.hasNextPage ? '' : text.containers.count(views.length)}
      />
      <ToolBar>
        <WordSearch
          label={text.containers.search}
          value={search.q ?? ''}
          onChange={(q) => {
            const { q: _old, ...rest } = search;
            show(q === '' ? rest : { ...rest, q });
          }}
        />
        <div className={s.states}>
          {STATE_FILTERS.map((state) => (
            <button
              key={state}
              type="button"
              className={s.state}
              aria-pressed={search.state?.includes(state) === true}
              onClick={() => toggle(state)}
            >
              {stateLabel(text, state)}
            </button>
          ))}
        </div>
      </ToolBar>
      {list.isError && list.data === undefined ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.isPending && views.length === 0 ? (
        <EmptyState
          title={filtered ? text.containers.empty : text.containers.emptyAll}
          hint={filtered ? text.containers.emptyHint : text.containers.emptyAllHint}
        />
      ) : (
        <ContainerTable views={views} loading={list.isPending}>
          <MoreRows list={list} />
        </ContainerTable>
      )}
    </>
  );
}

function ContainerTable(props: {
  readonly views: readonly ContainerView[];
  readonly loading: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const text = useText();
  const views = useDeferredValue(props.views);
  const most = Math.max(1, ...views.map(totalAlerts));
  const { column } = text.containers;
  return (
    <Table
      columns={[
        { label: column.name, width: '17%' },
        { label: column.image },
        { label: column.state, width: '200' },
        { label: column.runtime, width: '104' },
        { label: column.workload },
        { label: column.alerts, width: '148' },
        { label: column.started, width: '120' },
      ]}
      waiting={props.loading ? WAITING_ROWS : 0}
      after={props.children}
    >
      {views.map((view) => (
        <ContainerRow key={view.container.id} view={view} most={most} />
      ))}
    </Table>
  );
}

function ContainerRow({ view, most }: { readonly view: ContainerView; readonly most: number }): ReactNode {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const { container } = view;
  const total = totalAlerts(view);
  const worst = worstSeverity(view);
  const open = (): void =>
    void navigate({ to: '/containers/$containerId', params: { containerId: container.id } });
  return (
    <OpenRow onOpen={open}>
      <td>
        <div className={t.main}>
          <Link to="/containers/$containerId" params={{ containerId: container.id }}>
            {container.name || shortContainerId(container.id)}
          </Link>
        </div>
        <div className={x.sub}>{shortContainerId(container.id)}</div>
      </td>
      <td>
        <div className={x.cut} title={container.image.reference}>
          {container.image.reference || '—'}
        </div>
      </td>
      <td>
        <StateMarks view={view} />
      </td>
      <td className={x.muted}>{container.runtime}</td>
      <td>
        {container.kubernetes === undefined ? (
          <span className={x.muted}>—</span>
        ) : (
          <>
            <div className={x.cut}>{container.kubernetes.podName}</div>
            <div className={x.sub}>{container.kubernetes.namespace}</div>
          </>
        )}
      </td>
      <td>
        {total === 0 ? (
          <span className={x.muted}>{text.common.none}</span>
        ) : (
          <Link
            to="/events"
            search={{ container: [container.id] }}
            className={cx(s.alerts)}
            title={worst === undefined ? undefined : text.severity[worst]}
          >
            <strong>{format.number(total)}</strong>
            <span className={s.alertBar}>
              <SeverityBar counts={view.alerts24h} share={total / most} />
            </span>
          </Link>
        )}
      </td>
      <td className={x.muted}>
        <Ago time={container.startedAtMs} />
      </td>
    </OpenRow>
  );
}
