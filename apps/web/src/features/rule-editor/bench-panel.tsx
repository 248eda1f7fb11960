// The test bench: what the rules in the editor would have matched. Loads nothing, makes no alert.
import type { RuleTrial, TrialMatch } from '@guardcell/contract';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { call } from '../../api/client.ts';
import { useCan } from '../../api/session.ts';
import { useI18n, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { SeverityLabel } from '../../ui/severity.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { ClockTime } from '../../ui/time.tsx';
import { MatchedClauses } from '../events/matched-clauses.tsx';
import s from './editor.module.css';

type Target = 'live' | 'alerts';

export function BenchPanel({
  name,
  content,
}: {
  readonly name: string;
  readonly content: string;
}): ReactNode {
  const text = useText();
  const { bench } = text.workbench;
  const [against, setAgainst] = useState<Target>('live');
  const allowed = useCan('responder');
  const trial = useMutation({
    mutationFn: (target: Target) => call('tryRules', { body: { name, content, against: target } }),
  });
  return (
    <Card title={bench.title} className={s.bench}>
      <div className={s.benchTools}>
        <Segments
          label={bench.against}
          value={against}
          options={[
            ['live', bench.live],
            ['alerts', bench.alerts],
          ]}
          onChange={setAgainst}
        />
        <Button
          icon="play"
          disabled={!allowed || trial.isPending}
          title={allowed ? undefined : bench.needResponder}
          onClick={() => trial.mutate(against)}
        >
          {trial.isPending ? bench.running : bench.run}
        </Button>
      </div>
      <p className={s.benchHint}>{against === 'live' ? bench.liveHint : bench.alertsHint}</p>
      <div aria-live="polite">
        {trial.error !== null && <ErrorState compact error={trial.error} needs="responder" />}
        {trial.data !== undefined && <Result trial={trial.data} target={trial.variables} />}
        {trial.data === undefined && trial.error === null && <p className={s.faint}>{bench.idle}</p>}
      </div>
    </Card>
  );
}

function Result({ trial, target }: { readonly trial: RuleTrial; readonly target: Target }): ReactNode {
  const { text, format } = useI18n();
  const { bench } = text.workbench;
  if (trial.rules.length === 0) return <p>{bench.noRules}</p>;
  if (target === 'live' && trial.agents + trial.silentAgents === 0) return <p>{bench.noAgent}</p>;
  const total = trial.rules.reduce((sum, rule) => sum + rule.matches, 0);
  const unseen = [...new Set(trial.rules.flatMap((rule) => rule.unseenTypes))];
  return (
    <div className={s.result}>
      <p>
        <strong>{bench.result(total, trial.looked)}</strong>
        {trial.from !== '' && (
          <span className={s.faint}>
            {' '}
            {bench.span(format.dateTime(trial.from), format.dateTime(trial.to))}
          </span>
        )}
      </p>
      {trial.skipped > 0 && <p className={s.faint}>{bench.skipped(trial.skipped)}</p>}
      {trial.silentAgents > 0 && <p className={s.warning}>{bench.silent(trial.silentAgents)}</p>}
      {unseen.length > 0 && unseen.length < 30 && (
        <p className={s.warning}>{bench.unseen(unseen.join(', '))}</p>
      )}
      {trial.rules.length > 1 && (
        <ul className={s.counts}>
          {trial.rules.map((rule) => (
            <li key={rule.rule}>
              <span>{rule.rule}</span>
              <span>{format.number(rule.matches)}</span>
            </li>
          ))}
        </ul>
      )}
      {trial.matches.length === 0 && <p className={s.faint}>{bench.noMatches}</p>}
      {trial.matches.length < total && <p className={s.faint}>{bench.onlySome(trial.matches.length)}</p>}
      <ul className={s.matches}>
        {trial.matches.map((match, at) => (
          // Matches never move within one result.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} className={s.match}>
            <Match match={match} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Match({ match }: { readonly match: TrialMatch }): ReactNode {
  const text = useText();
  const { bench } = text.workbench;
  return (
    <>
      <p className={s.matchHead}>
        <SeverityLabel severity={match.severity} />
        <ClockTime time={match.time} />
        <span className={s.faint}>
          {match.container} · {match.process} · {match.eventType}
        </span>
      </p>
      <p className={s.message}>{match.message}</p>
      <details className={s.why}>
        <summary>{bench.why}</summary>
        <MatchedClauses clauses={match.matched} />
      </details>
      {match.alertId !== '' && (
        <Link to="/events/$eventId" params={{ eventId: match.alertId }} className={s.link}>
          {bench.openAlert}
        </Link>
      )}
    </>
  );
}
