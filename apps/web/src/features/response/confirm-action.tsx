// Asks before an action: what it does, what it affects, whether it can be undone; then runs it and offers the undo.
import type { ActionRecord } from '@guardcell/core';
import { type ReactNode, useState } from 'react';
import { useRunAction, useUndoAction } from '../../api/mutations.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { useExplanation } from '../../ui/form-problem.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Badge, Facts, Mono } from '../../ui/page.tsx';
import { useToast } from '../../ui/toast.tsx';
import s from './response.module.css';
import { canUndo, isReversible, type ManualKind } from './undo.ts';

/** What is acted on, as far as the caller knows it. */
export interface ActionSubject {
  readonly containerId: string;
  readonly containerName: string;
  readonly image: string;
  readonly hostname: string;
  readonly namespace: string;
  readonly pod: string;
  /** For `kill`; 0 when there is no process. */
  readonly pid: number;
  readonly processName: string;
}

/** Tells how an action ended, and offers to undo it where that is possible. */
export function useActionOutcome(): (record: ActionRecord) => void {
  const text = useText();
  const toast = useToast();
  const undo = useUndoAction();
  const fail = useActionFailure();
  return function tell(record) {
    const name = record.target.containerName || record.target.containerId.slice(0, 12);
    if (record.state === 'failed' || record.state === 'skipped') {
      toast({
        tone: 'bad',
        title: text.action.failed(text.action.kind[record.action]),
        detail: record.detail,
      });
    } else if (record.state === 'pending') {
      toast({
        tone: 'plain',
        title: text.action.pendingToast(text.action.kind[record.action]),
        detail: record.detail,
      });
    } else {
      toast({
        tone: 'good',
        title: text.action.done[record.action](name),
        detail: record.detail,
        ...(canUndo(record) && {
          action: {
            label: text.common.undo,
            // The promise, because callbacks of `mutate` are not called once the dialog that asked has gone.
            run: () =>
              void undo.mutateAsync(record.id).then(tell, (error: unknown) => fail(record.action, error)),
          },
        }),
      });
    }
  };
}

export function useActionFailure(): (kind: ActionRecord['action'], error: unknown) => void {
  const text = useText();
  const toast = useToast();
  const explanation = useExplanation();
  return (kind, error) =>
    toast({
      tone: 'bad',
      title: text.action.failed(text.action.kind[kind]),
      detail: explanation(error),
    });
}

export function ConfirmAction(props: {
  readonly kind: ManualKind;
  readonly subject: ActionSubject;
  readonly onClose: () => void;
}): ReactNode {
  const { kind, subject, onClose } = props;
  const text = useText();
  const run = useRunAction();
  const tell = useActionOutcome();
  const fail = useActionFailure();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const container = subject.containerName || subject.containerId.slice(0, 12);
  const target = kind === 'kill' ? `${subject.processName} (${subject.pid})` : container;
  const word = kind === 'kill' ? String(subject.pid) : container;
  const reversible = isReversible(kind);
  const ready = reversible || typed.trim() === word;

  function submit(): void {
    run.mutate(
      {
        do: kind,
        container: subject.containerId,
        ...(kind === 'kill' && { pid: subject.pid }),
        ...(reason.trim() !== '' && { reason: reason.trim() }),
      },
      {
        onSuccess: (record) => {
          onClose();
          tell(record);
        },
        onError: (error) => {
          onClose();
          fail(kind, error);
        },
      },
    );
  }
  return (
    <Modal
      title={text.action.confirmTitle[kind](target)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button
            variant={reversible ? 'primary' : 'danger'}
            disabled={!ready || run.isPending}
            onClick={submit}
          >
            {run.isPending ? text.action.running : text.action.kind[kind]}
          </Button>
        </>
      }
    >
      <form
        className={s.confirm}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !run.isPending) submit();
        }}
      >
        <p>{text.action.effect[kind]}</p>
        <div className={s.blast}>
          <div className={s.blastHead}>
            <span>
              {text.action.blast}{' '}
              <strong>{kind === 'kill' ? text.action.blastProcess : text.action.blastContainer}</strong>
            </span>
            <Badge tone={reversible ? 'good' : 'warn'}>
              {text.action.reversible[reversible ? 'yes' : 'no']}
            </Badge>
          </div>
          <Facts
            items={[
              kind === 'kill' && [
                text.action.target,
                <Mono key="p">{`${subject.processName} · pid ${subject.pid}`}</Mono>,
              ],
              [text.alert.container, container],
              [text.alert.image, <Mono key="i">{subject.image || '—'}</Mono>],
              subject.pod !== '' && [text.alert.pod, `${subject.namespace}/${subject.pod}`],
              [text.alert.host, subject.hostname],
            ]}
          />
        </div>
        <TextField
          label={text.action.reason}
          placeholder={text.action.reasonPlaceholder}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {!reversible && (
          <TextField
            label={text.action.typeToConfirm(word)}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
        {/* Lets Enter in a field submit the form. */}
        <input type="submit" hidden />
      </form>
    </Modal>
  );
}
