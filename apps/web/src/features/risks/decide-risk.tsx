// Asks before a decision about a risk, with a note that is kept.
import type { Acceptance } from '@guardcell/contract';
import { type ReactNode, useState } from 'react';
import { type Decision, useDecide } from '../../api/scan-mutations.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { useToast } from '../../ui/toast.tsx';
import s from './risks.module.css';

export function DecideRisk(props: {
  readonly risk: Acceptance;
  readonly decision: Decision;
  readonly onClose: () => void;
}): ReactNode {
  const { risk, decision, onClose } = props;
  const text = useText();
  const { risks } = text;
  const toast = useToast();
  const decide = useDecide();
  const [note, setNote] = useState('');
  const id = risk.scope.vulnerability;
  const submit = (): void =>
    decide.mutate(
      { id: risk.id, decision, note: note.trim() },
      {
        onSuccess: () => {
          toast({ tone: 'good', title: risks.decided[decision](id) });
          onClose();
        },
      },
    );
  return (
    <FormModal
      title={risks.decideTitle[decision](id)}
      action={decide.isPending ? text.action.running : risks[decision]}
      isReady={!decide.isPending}
      isDanger={decision !== 'approve'}
      error={decide.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{risks.decideText[decision]}</p>
      <p className={s.preview}>
        <span>{risks.column.effect}</span> <strong>{risks.effect(risk.findings, risk.artifacts)}</strong>
      </p>
      <TextAreaField
        label={risks.note}
        hint={risks.noteHint}
        rows={3}
        maxLength={2000}
        className={s.prose}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormModal>
  );
}
