// Settings of the whole platform; administrators change them, others read them.
import type { Settings } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { usePutSettings } from '../../api/mutations.ts';
import { settingsQuery } from '../../api/queries.ts';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { FormProblem } from '../../ui/form-problem.tsx';
import { Card } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { useToast } from '../../ui/toast.tsx';
import { lines } from './lines.ts';
import s from './settings.module.css';

const MAX_DAYS = 3650;

export function PlatformSection(): ReactNode {
  const { data, error, refetch } = useQuery(settingsQuery);
  if (data !== undefined) {
    return <PlatformForm key={JSON.stringify(data)} settings={data.value} version={data.version} />;
  }
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <WaitingForm />;
}

function PlatformForm(props: { readonly settings: Settings; readonly version: string }): ReactNode {
  const { settings, version } = props;
  const text = useText();
  const { platform } = text.settings;
  const allowed = useCan('admin');
  const toast = useToast();
  const put = usePutSettings();
  const [days, setDays] = useState(String(settings.retentionDays));
  const [allow, setAllow] = useState(settings.notifyAllow.join('\n'));
  const [protect, setProtect] = useState(settings.protectedContainers.join('\n'));
  const daysValid = /^\d{1,4}$/.test(days) && Number(days) >= 1 && Number(days) <= MAX_DAYS;
  const next: Settings = {
    retentionDays: Number(days),
    notifyAllow: lines(allow),
    protectedContainers: lines(protect),
  };
  const isChanged = JSON.stringify(next) !== JSON.stringify(picked(settings));
  const ready = allowed && daysValid && isChanged && !put.isPending;
  return (
    <form
      className={cx(s.stack, s.narrow)}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready)
          put.mutate(
            { settings: next, version },
            { onSuccess: () => toast({ tone: 'good', title: text.common.saved }) },
          );
      }}
    >
      {!allowed && <p className={s.hint}>{platform.readOnly}</p>}
      <Card title={platform.retention}>
        <div className={s.form}>
          <TextField
            label={platform.retentionDays}
            hint={platform.retentionHint}
            error={daysValid ? undefined : platform.invalidDays}
            inputMode="numeric"
            disabled={!allowed}
            value={days}
            onChange={(event) => setDays(event.target.value.trim())}
          />
        </div>
      </Card>
      <Card title={platform.notify}>
        <TextAreaField
          label={platform.notifyAllow}
          hint={platform.notifyHint}
          rows={4}
          disabled={!allowed}
          value={allow}
          onChange={(event) => setAllow(event.target.value)}
        />
      </Card>
      <Card title={platform.protect}>
        <TextAreaField
          label={platform.protectList}
          hint={platform.protectHint}
          rows={4}
          disabled={!allowed}
          value={protect}
          onChange={(event) => setProtect(event.target.value)}
        />
      </Card>
      <FormProblem error={put.error} />
      {allowed && (
        <div className={s.buttons}>
          <Button type="submit" variant="primary" disabled={!ready}>
            {text.common.save}
          </Button>
        </div>
      )}
    </form>
  );
}

/** The settings in the order of the form, so that they compare as text. */
function picked({ retentionDays, notifyAllow, protectedContainers }: Settings): Settings {
  return { retentionDays, notifyAllow, protectedContainers };
}

function WaitingForm(): ReactNode {
  const { platform } = useText().settings;
  const fields = [
    [platform.retention, 34],
    [platform.notify, 90],
    [platform.protect, 90],
  ] as const;
  return (
    <div className={cx(s.stack, s.narrow)} aria-busy="true">
      {fields.map(([title, height]) => (
        <Card key={title} title={title}>
          <div className={s.lines}>
            <Skeleton width={180} />
            <Skeleton height={height} />
            <Skeleton width={260} height={10} />
          </div>
        </Card>
      ))}
    </div>
  );
}
