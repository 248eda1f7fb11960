// The state of an action as a badge, its target as text, and the list of actions that other screens embed.
import type { ActionRecord, ActionState } from '@guardcell/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useUndoAction } from '../../api/mutations.ts';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Badge } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { useActionFailure, useActionOutcome } from './confirm-action.tsx';
import s from './response.module.css';
import { canUndo } from './undo.ts';

const TONES: Readonly<Record<ActionState, 'good' | 'bad' | 'warn' | 'plain' | 'cold'>> = {
  pending: 'cold',
  succeeded: 'good',
  failed: 'bad',
  skipped: 'plain',
  'dry-run': 'plain',
  undone: 'plain',
  unknown: 'warn',
};

export function ActionStateBadge({ state }: { readonly state: ActionState }): ReactNode {
  const text = useText();
  return <Badge tone={TONES[state]}>{text.action.state[state]}</Badge>;
}

export function targetName(record: ActionRecord): string {
  const { kind, containerName, containerId, pid } = record.target;
  if (kind === 'none') return '—';
  const container = containerName || containerId.slice(0, 12);
  return kind === 'process' ? `${container} · pid ${pid}` : container;
}

/** Who asked: a person, a key, or a response rule. */
export function ActorName({ record }: { readonly record: ActionRecord }): ReactNode {
  const text = useText();
  return record.rule === '' ? record.actor : `${record.rule} (${text.action.automatic})`;
}

export function UndoButton({ record }: { readonly record: ActionRecord }): ReactNode {
  const text = useText();
  const allowed = useCan('responder');
  const undo = useUndoAction();
  const tell = useActionOutcome();
  const fail = useActionFailure();
  if (!canUndo(record)) return null;
  return (
    <Button
      size="small"
      icon="undo"
      disabled={!allowed || undo.isPending}
      title={allowed ? undefined : text.action.needRole}
      onClick={(event) => {
        event.stopPropagation();
        undo.mutate(record.id, { onSuccess: tell, onError: (error) => fail(record.action, error) });
      }}
    >
      {text.common.undo}
    </Button>
  );
}

/** A short list of actions, newest first. */
export function ActionList({ records }: { readonly records: readonly ActionRecord[] }): ReactNode {
  const text = useText();
  return (
    <ul className={s.actionList}>
      {records.map((record) => (
        <li key={record.id} className={s.actionItem}>
          <Icon name={record.action} />
          <div className={s.actionText}>
            <Link to="/response/history/$actionId" params={{ actionId: record.id }} className={s.actionName}>
              {text.action.kind[record.action]}
            </Link>
            <span className={s.actionNote}>
              <ActorName record={record} /> · <Ago time={record.createdAt} />
              {record.detail !== '' && ` · ${record.detail}`}
            </span>
          </div>
          <ActionStateBadge state={record.state} />
          <UndoButton record={record} />
        </li>
      ))}
    </ul>
  );
}
