// The audit trail, newest first, and whether it is whole.
import type { AuditEntry } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { auditQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge, Mono } from '../../ui/page.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { ClockTime } from '../../ui/time.tsx';
import { AuditCheck } from './audit-check.tsx';
import s from './settings.module.css';
import { WaitingTable } from './waiting-table.tsx';

const TONES = { done: 'good', refused: 'warn', failed: 'bad' } as const;

export function AuditSection(): ReactNode {
  const text = useText();
  const { audit } = text.settings;
  const list = useInfiniteQuery(auditQuery);
  const entries = list.data?.pages.flatMap((page) => page.items);
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
  return (
    <div className={s.stack}>
      <AuditCheck />
      {entries === undefined && list.error === null && <WaitingTable head={<Head />} columns={6} rows={10} />}
      {entries === undefined && list.error !== null && (
        <ErrorState error={list.error} needs="admin" onRetry={() => void list.refetch()} />
      )}
      {entries?.length === 0 && <EmptyState title={audit.empty} hint={audit.emptyHint} />}
      {entries !== undefined && entries.length > 0 && (
        <div ref={frame} className={t.frame}>
          <table className={t.table}>
            <Head />
            <tbody>
              {entries.map((entry) => (
                <EntryRow key={entry.seq} entry={entry} />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <div className={t.more}>
              <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {list.isFetchingNextPage ? text.common.loading : text.common.more}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

function Head(): ReactNode {
  const { column } = useText().settings.audit;
  return (
    <thead>
      <tr>
        <th scope="col" className={s.actorColumn}>
          {column.time}
        </th>
        <th scope="col" className={s.actorColumn}>
          {column.actor}
        </th>
        <th scope="col" className={s.operationColumn}>
          {column.operation}
        </th>
        <th scope="col">{column.target}</th>
        <th scope="col" className={s.resultColumn}>
          {column.result}
        </th>
        <th scope="col" className={s.fromColumn}>
          {column.from}
        </th>
      </tr>
    </thead>
  );
}

function EntryRow({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const { audit } = useText().settings;
  return (
    <tr data-row tabIndex={-1} className={s.textRow}>
      <td className={t.muted}>
        <ClockTime time={entry.time} />
      </td>
      <td>
        <div className={t.main}>{entry.actor.name || audit.nobody}</div>
        <div className={t.sub}>{audit.actorKind[entry.actor.kind]}</div>
      </td>
      <td className={t.cut}>{entry.operation}</td>
      <td className={t.cut} title={entry.target}>
        <Mono>{entry.target}</Mono>
      </td>
      <td>
        <Badge tone={TONES[entry.result]}>{audit.result[entry.result]}</Badge>
        {entry.code !== '' && <div className={t.sub}>{entry.code}</div>}
      </td>
      <td className={t.cut} title={entry.from}>
        <Mono>{entry.from}</Mono>
      </td>
    </tr>
  );
}
