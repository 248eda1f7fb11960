// Asks for a risk to be accepted: where it holds, why, until when; shows meanwhile what it would silence.
import { OPENVEX_JUSTIFICATIONS } from '@guardcell/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { call } from '../../api/client.ts';
import { useRequestAcceptance } from '../../api/scan-mutations.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { useToast } from '../../ui/toast.tsx';
import {
  dayOf,
  firstDraft,
  type RiskDraft,
  type RiskSubject,
  riskInput,
  riskProblems,
  SCOPES,
  scopeOf,
  scopesOf,
} from './risk-draft.ts';
import s from './risks.module.css';

const KINDS = ['accept-risk', 'not-affected'] as const;
const DAY_MS = 86_400_000;

export function AcceptRisk(props: {
  readonly subject: RiskSubject;
  readonly onClose: () => void;
}): ReactNode {
  const { subject, onClose } = props;
  const text = useText();
  const { risks } = text;
  const toast = useToast();
  const request = useRequestAcceptance();
  const [nowMs] = useState(Date.now);
  const [draft, setDraft] = useState<RiskDraft>(() => firstDraft(subject, nowMs));
  const [tried, setTried] = useState(false);
  const problems = riskProblems(draft, nowMs);
  const set = (change: Partial<RiskDraft>): void => setDraft({ ...draft, ...change });
  const wrong = (problem: 'glob' | 'reason' | 'until', message: string): string | undefined =>
    tried && problems.has(problem) ? message : undefined;
  function submit(): void {
    setTried(true);
    if (problems.size > 0) return;
    request.mutate(riskInput(subject, draft), {
      onSuccess: () => {
        toast({ tone: 'good', title: risks.asked, detail: risks.askedHint });
        onClose();
      },
    });
  }
  return (
    <FormModal
      title={risks.dialog(subject.vulnerability)}
      wide
      action={risks.submit}
      isReady={!request.isPending}
      error={request.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className={s.two}>
        <SelectField
          label={risks.scope}
          value={draft.scope}
          options={scopesOf(subject).map((scope) => ({ value: scope, label: risks.scopes[scope] }))}
          onChange={(value) => set({ scope: SCOPES.find((one) => one === value) ?? draft.scope })}
        />
        <TextField
          label={risks.until}
          hint={risks.untilHint}
          error={wrong('until', risks.badUntil)}
          type="date"
          min={dayOf(nowMs)}
          max={dayOf(nowMs + 366 * DAY_MS)}
          value={draft.until}
          onChange={(event) => set({ until: event.target.value })}
        />
      </div>
      {draft.scope === 'glob' && (
        <TextField
          label={risks.glob}
          hint={risks.globHint}
          error={wrong('glob', risks.badGlob)}
          maxLength={300}
          value={draft.glob}
          onChange={(event) => set({ glob: event.target.value })}
        />
      )}
      <Preview subject={subject} draft={draft} />
      <SelectField
        label={risks.kind}
        hint={risks.kindHint[draft.kind]}
        value={draft.kind}
        options={KINDS.map((kind) => ({ value: kind, label: risks.kinds[kind] }))}
        onChange={(value) => set({ kind: KINDS.find((one) => one === value) ?? draft.kind })}
      />
      {draft.kind === 'not-affected' && (
        <SelectField
          label={risks.justification}
          value={draft.justification}
          options={OPENVEX_JUSTIFICATIONS.map((one) => ({ value: one, label: risks.justifications[one] }))}
          onChange={(value) =>
            set({ justification: OPENVEX_JUSTIFICATIONS.find((one) => one === value) ?? draft.justification })
          }
        />
      )}
      <TextAreaField
        label={risks.reason}
        hint={risks.reasonHint}
        error={wrong('reason', risks.reasonHint)}
        rows={3}
        maxLength={2000}
        className={s.prose}
        value={draft.reason}
        onChange={(event) => set({ reason: event.target.value })}
      />
    </FormModal>
  );
}

/** Counted by the server while one still chooses. */
function Preview(props: { readonly subject: RiskSubject; readonly draft: RiskDraft }): ReactNode {
  const text = useText();
  const { risks } = text;
  const { scope: name, glob } = props.draft;
  const scope = useDeferredValue(JSON.stringify(scopeOf(props.subject, { scope: name, glob })));
  const { data, error } = useQuery({
    queryKey: ['vulnerabilities', 'preview', scope],
    queryFn: ({ signal }) =>
      call('previewAcceptance', {
        signal,
        body: JSON.parse(scope) as ReturnType<typeof scopeOf>,
      }),
    placeholderData: keepPreviousData,
  });
  return (
    <p className={s.preview} role="status">
      <span>{risks.previewTitle}</span>{' '}
      <strong>
        {error !== null
          ? '—'
          : data === undefined
            ? text.common.loading
            : data.findings === 0
              ? risks.previewNone
              : risks.preview(data.findings, data.artifacts, data.running)}
      </strong>
    </p>
  );
}
