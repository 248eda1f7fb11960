// Asks before a decision about a risk, with a note that is kept.
import type { Acceptance } from '@guardcell/contract';
import { type ReactNode, useState } from 'react';
import { type Decision, useDecide } from '../../api/scan-mutations.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { useToast } from '../../ui/toast.tsx';
import { FormProblem } from '../settings/form-problem.tsx';
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
  return (
    <Modal
      title={risks.decideTitle[decision](id)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button
            variant={decision === 'approve' ? 'primary' : 'danger'}
            disabled={decide.isPending}
            onClick={() =>
              decide.mutate(
                { id: risk.id, decision, note: note.trim() },
                {
                  onSuccess: () => {
                    toast({ tone: 'good', title: risks.decided[decision](id) });
                    onClose();
                  },
                },
              )
            }
          >
            {decide.isPending ? text.action.running : risks[decision]}
          </Button>
        </>
      }
    >
      <div className={s.form}>
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
        <FormProblem error={decide.error} />
      </div>
    </Modal>
  );
}
