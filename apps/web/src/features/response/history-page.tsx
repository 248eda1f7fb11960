// Everything that was done, by people and by response rules, newest first. The drawer of one is the child route.
import { ACTION_STATES, type ActionRecord } from '@guardcell/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode } from 'react';
import { actionsQuery } from '../../api/queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { InlineSelect } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ToolBar } from '../../ui/list-screen.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { MoreRows, OpenRow, Table } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { ClockTime } from '../../ui/time.tsx';
import { ActionStateBadge, ActorName, targetName, UndoButton } from './action-state.tsx';
import { type HistorySearch, validateHistorySearch } from './history-search.ts';
import s from './response.module.css';
import { ResponseHead } from './response-tabs.tsx';

const WAITING_ROWS = 6;

export function HistoryPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/response/history' });
  const list = useInfiniteQuery(
    actionsQuery({
      container: search.container,
      state: search.state === undefined ? undefined : [search.state],
    }),
  );
  const records = useItems(list);
  function show(next: HistorySearch): void {
    void navigate({ to: '/response/history', search: next, replace: true });
  }
  return (
    <>
      <ResponseHead current="history" />
      <ToolBar>
        <InlineSelect
          label={text.response.history.filterState}
          value={search.state ?? ''}
          options={[
            { value: '', label: `${text.response.history.filterState}: ${text.common.all}` },
            ...ACTION_STATES.map((state) => ({ value: state, label: text.action.state[state] })),
          ]}
          onChange={(state) => show(validateHistorySearch({ ...search, state }))}
        />
        {search.container !== undefined && (
          <Button
            icon="close"
            onClick={() => {
              const { container: _container, ...rest } = search;
              show(rest);
            }}
          >
            {search.container.slice(0, 24)}
          </Button>
        )}
      </ToolBar>
      {list.isError && list.data === undefined ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.isPending && records.length === 0 ? (
        <EmptyState title={text.response.history.empty} hint={text.response.history.emptyHint} />
      ) : (
        <HistoryTable records={records} loading={list.isPending} search={search}>
          <MoreRows list={list} />
        </HistoryTable>
      )}
      <Outlet />
    </>
  );
}

function HistoryTable(props: {
  readonly records: readonly ActionRecord[];
  readonly loading: boolean;
  readonly search: HistorySearch;
  readonly children: ReactNode;
}): ReactNode {
  const text = useText();
  const { column } = text.response.history;
  return (
    <Table
      columns={[
        { label: column.time, width: '140' },
        { label: column.action, width: '150' },
        { label: column.target, width: '22%' },
        { label: column.state, width: '110' },
        { label: column.by, width: '20%' },
        { label: column.detail },
        { label: '', width: '104' },
      ]}
      waiting={props.loading ? WAITING_ROWS : 0}
      after={props.children}
    >
      {props.records.map((record) => (
        <HistoryRow key={record.id} record={record} search={props.search} />
      ))}
    </Table>
  );
}

function HistoryRow(props: { readonly record: ActionRecord; readonly search: HistorySearch }): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const { actionId } = useParams({ strict: false });
  const { record, search } = props;
  const open = (): void =>
    void navigate({ to: '/response/history/$actionId', params: { actionId: record.id }, search });
  return (
    <OpenRow isOpen={actionId === record.id} onOpen={open}>
      <td className={x.muted}>
        <ClockTime time={record.createdAt} />
      </td>
      <td>
        <Link
          to="/response/history/$actionId"
          params={{ actionId: record.id }}
          search={search}
          className={s.kind}
        >
          <Icon name={record.action} size={14} />
          {text.action.kind[record.action]}
        </Link>
      </td>
      <td>
        <div className={x.cut}>{targetName(record)}</div>
      </td>
      <td>
        <ActionStateBadge state={record.state} />
      </td>
      <td>
        <div className={x.cut}>
          <ActorName record={record} />
        </div>
      </td>
      <td>
        <div className={x.sub} title={record.detail}>
          {record.detail}
        </div>
      </td>
      <td className={t.right}>
        <UndoButton record={record} />
      </td>
    </OpenRow>
  );
}
