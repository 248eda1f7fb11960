// One action: what was done to whom, why, by which mechanism, what came of it, and what undid it.
import type { ActionRecord } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actionQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { JsonCode } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Drawer, Section } from '../../ui/drawer.tsx';
import { Facts, Mono } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { DateTime } from '../../ui/time.tsx';
import { ActionStateBadge, ActorName, targetName, UndoButton } from './action-state.tsx';
import s from './response.module.css';
import { canUndo } from './undo.ts';

export function ActionDrawer(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/response/history' });
  const { actionId } = useParams({ from: '/app/response/history/$actionId' });
  const { data: record, error, refetch } = useQuery(actionQuery(actionId));
  return (
    <Drawer
      label={text.action.details}
      itemKey={actionId}
      onClose={() => void navigate({ to: '/response/history', search })}
      title={<h2>{record === undefined ? text.action.details : text.action.kind[record.action]}</h2>}
      {...(record !== undefined && canUndo(record) && { footer: <UndoButton record={record} /> })}
    >
      {error !== null && record === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : record === undefined ? (
        <Skeleton width="70%" />
      ) : (
        <ActionFacts record={record} />
      )}
    </Drawer>
  );
}

function ActionFacts({ record }: { readonly record: ActionRecord }): ReactNode {
  const text = useText();
  const { action: words } = text;
  return (
    <>
      <Section title={words.result}>
        <Facts
          items={[
            [words.result, <ActionStateBadge key="state" state={record.state} />],
            record.detail !== '' && [words.details, record.detail],
            record.errorCode !== '' && [text.common.status, <Mono key="code">{record.errorCode}</Mono>],
            record.mechanism !== '' && [words.mechanism, <Mono key="how">{record.mechanism}</Mono>],
            [words.started, <DateTime key="from" time={record.createdAt} />],
            [words.finished, <DateTime key="to" time={record.finishedAt} />],
          ]}
        />
      </Section>
      <Section title={words.target}>
        <Facts
          items={[
            [
              words.target,
              record.target.containerId === '' ? (
                targetName(record)
              ) : (
                <Link
                  key="target"
                  to="/containers/$containerId"
                  params={{ containerId: record.target.containerId }}
                  className={s.actionName}
                >
                  {targetName(record)}
                </Link>
              ),
            ],
            [words.by, <ActorName key="by" record={record} />],
            record.rule !== '' && [
              words.rule,
              <Link
                key="rule"
                to="/response/rules/$responseName"
                params={{ responseName: record.rule }}
                className={s.actionName}
              >
                {record.rule}
              </Link>,
            ],
            record.reason !== '' && [words.why, record.reason],
            record.alertId !== '' && [
              words.alert,
              <Link
                key="alert"
                to="/events/$eventId"
                params={{ eventId: record.alertId }}
                className={s.actionName}
              >
                <Mono>{record.alertId}</Mono>
              </Link>,
            ],
            record.undoneBy !== '' && [words.undoneByLabel, <ActionLink key="undone" id={record.undoneBy} />],
            record.undoes !== '' && [words.undoesLabel, <ActionLink key="undoes" id={record.undoes} />],
          ]}
        />
      </Section>
      <Section title={text.alert.tab.raw} aside={<CopyButton value={JSON.stringify(record, null, 2)} />}>
        <JsonCode value={record} label={text.alert.tab.raw} />
      </Section>
    </>
  );
}

function ActionLink({ id }: { readonly id: string }): ReactNode {
  return (
    <Link to="/response/history/$actionId" params={{ actionId: id }} className={s.actionName}>
      <Mono>{id}</Mono>
    </Link>
  );
}
