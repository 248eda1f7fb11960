// How the platform scans on its own: agents, alerts, the vulnerability database and the age of its feeds.
import type { Settings } from '@guardcell/contract';
import { SEVERITIES } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { usePutSettings } from '../../api/mutations.ts';
import { settingsQuery } from '../../api/queries.ts';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField, Switch, TextAreaField, TextField } from '../../ui/field.tsx';
import { FormProblem } from '../../ui/form-problem.tsx';
import { Card } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { useToast } from '../../ui/toast.tsx';
import { DatabaseCard } from './database-card.tsx';
import { draftOfScanning, type ScanningDraft, scanningOf, scanningProblems } from './scanning-draft.ts';
import s from './settings.module.css';

export function ScanningSection(): ReactNode {
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <div className={s.halves}>
      {data !== undefined ? (
        <ScanningForm key={data.version} settings={data.value} version={data.version} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <WaitingForm />
      )}
      <DatabaseCard />
    </div>
  );
}

function ScanningForm(props: { readonly settings: Settings; readonly version: string }): ReactNode {
  const { settings, version } = props;
  const text = useText();
  const { scanSettings } = text;
  const allowed = useCan('admin');
  const toast = useToast();
  const put = usePutSettings();
  const first = draftOfScanning(settings.scanning);
  const [draft, setDraft] = useState<ScanningDraft>(first);
  const problems = scanningProblems(draft);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(first);
  const ready = allowed && problems.size === 0 && isChanged && !put.isPending;
  const set = (change: Partial<ScanningDraft>): void => setDraft({ ...draft, ...change });
  return (
    <form
      className={s.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        put.mutate(
          { settings: { ...settings, scanning: scanningOf(draft) }, version },
          { onSuccess: () => toast({ tone: 'good', title: text.common.saved }) },
        );
      }}
    >
      {!allowed && <p className={s.hint}>{text.settings.platform.readOnly}</p>}
      <Card title={scanSettings.agents}>
        <div className={s.form}>
          <p className={s.hint}>{scanSettings.agentsHint}</p>
          <Switch
            withLabel
            label={scanSettings.containers}
            checked={draft.containers}
            disabled={!allowed}
            onChange={(containers) => set({ containers })}
          />
          <Switch
            withLabel
            label={scanSettings.hosts}
            checked={draft.hosts}
            disabled={!allowed}
            onChange={(hosts) => set({ hosts })}
          />
          <TextField
            label={scanSettings.everyMinutes}
            error={problems.has('everyMinutes') ? text.registries.badNumber(60, 43_200) : undefined}
            inputMode="numeric"
            disabled={!allowed}
            value={draft.everyMinutes}
            onChange={(event) => set({ everyMinutes: event.target.value.trim() })}
          />
        </div>
      </Card>
      <Card title={scanSettings.alerts}>
        <div className={s.form}>
          <SelectField
            label={scanSettings.alertFrom}
            hint={scanSettings.alertHint}
            value={draft.alertFrom}
            disabled={!allowed}
            options={[
              ...SEVERITIES.map((severity) => ({ value: severity, label: text.severity[severity] })),
              { value: 'off', label: scanSettings.alertOff },
            ]}
            onChange={(value) =>
              set({ alertFrom: SEVERITIES.find((severity) => severity === value) ?? 'off' })
            }
          />
        </div>
      </Card>
      <Card title={scanSettings.acceptances}>
        <div className={s.form}>
          <TextField
            label={scanSettings.acceptancesKeptDays}
            hint={scanSettings.acceptancesHint}
            error={problems.has('acceptancesKeptDays') ? text.registries.badNumber(30, 3650) : undefined}
            inputMode="numeric"
            disabled={!allowed}
            value={draft.acceptancesKeptDays}
            onChange={(event) => set({ acceptancesKeptDays: event.target.value.trim() })}
          />
        </div>
      </Card>
      <Card title={scanSettings.database}>
        <div className={s.form}>
          <TextAreaField
            label={scanSettings.mirrors}
            hint={scanSettings.mirrorsHint}
            error={problems.has('mirrors') ? scanSettings.badMirror : undefined}
            rows={3}
            disabled={!allowed}
            value={draft.mirrors}
            onChange={(event) => set({ mirrors: event.target.value })}
          />
          <TextField
            label={scanSettings.everyHours}
            hint={scanSettings.everyHoursHint}
            error={problems.has('everyHours') ? text.registries.badNumber(0, 720) : undefined}
            inputMode="numeric"
            disabled={!allowed}
            value={draft.everyHours}
            onChange={(event) => set({ everyHours: event.target.value.trim() })}
          />
        </div>
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

function WaitingForm(): ReactNode {
  const { scanSettings } = useText();
  const fields = [
    [scanSettings.agents, 150],
    [scanSettings.alerts, 60],
    [scanSettings.acceptances, 60],
    [scanSettings.database, 180],
  ] as const;
  return (
    <div className={s.stack} aria-busy="true">
      {fields.map(([title, height]) => (
        <Card key={title} title={title}>
          <Skeleton height={height} />
        </Card>
      ))}
    </div>
  );
}
