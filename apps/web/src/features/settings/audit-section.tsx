// The audit trail, newest first, and whether it is whole.
import type { AuditEntry } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge, Mono } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { MoreRows, Table, type TableColumn } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { ClockTime } from '../../ui/time.tsx';
import { AuditCheck } from './audit-check.tsx';
import s from './settings.module.css';

const TONES = { done: 'good', refused: 'warn', failed: 'bad' } as const;

export function AuditSection(): ReactNode {
  const columns = useColumns();
  const text = useText();
  const { audit } = text.settings;
  const list = useInfiniteQuery(auditQuery);
  const entries = list.data?.pages.flatMap((page) => page.items);
  return (
    <div className={s.stack}>
      <AuditCheck />
      {entries === undefined && list.error !== null ? (
        <ErrorState error={list.error} needs="admin" onRetry={() => void list.refetch()} />
      ) : entries?.length === 0 ? (
        <EmptyState title={audit.empty} hint={audit.emptyHint} />
      ) : (
        <Table columns={columns} waiting={entries === undefined ? 10 : 0} after={<MoreRows list={list} />}>
          {entries?.map((entry) => (
            <EntryRow key={entry.seq} entry={entry} />
          ))}
        </Table>
      )}
    </div>
  );
}

/** Of the table, with the room that each takes. */
function useColumns(): readonly TableColumn[] {
  const { column } = useText().settings.audit;
  return [
    { label: column.time, width: '150' },
    { label: column.actor, width: '150' },
    { label: column.operation, width: '168' },
    { label: column.target },
    { label: column.result, width: '168' },
    { label: column.from, width: '140' },
  ];
}

function EntryRow({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const { audit } = useText().settings;
  return (
    <tr data-row tabIndex={-1} className={s.textRow}>
      <td className={x.muted}>
        <ClockTime time={entry.time} />
      </td>
      <td>
        <div className={t.main}>{entry.actor.name || audit.nobody}</div>
        <div className={x.sub}>{audit.actorKind[entry.actor.kind]}</div>
      </td>
      <td className={x.cut}>{entry.operation}</td>
      <td className={x.cut} title={entry.target}>
        <Mono>{entry.target}</Mono>
      </td>
      <td>
        <Badge tone={TONES[entry.result]}>{audit.result[entry.result]}</Badge>
        {entry.code !== '' && <div className={x.sub}>{entry.code}</div>}
      </td>
      <td className={x.cut} title={entry.from}>
        <Mono>{entry.from}</Mono>
      </td>
    </tr>
  );
}
