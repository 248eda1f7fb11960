// Tuning: choose alerts that are harmless, look at what each proposed exception would silence, add one.
import type { Alert } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useAddException } from '../../api/mutations.ts';
import { ruleAlertsQuery, tuneQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { useExplanation } from '../../ui/form-problem.tsx';
import { Banner, PageHead } from '../../ui/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { ClockTime } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';
import { ProposalCard } from './proposal-card.tsx';
import s from './tuning.module.css';

export function TunePage(): ReactNode {
  const text = useText();
  const { tuning } = text.workbench;
  const { rule = '', alert: chosen = [] } = useSearch({ from: '/app/rules/tune' });
  const titleOf = useRuleTitles();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({ ...ruleAlertsQuery(rule), enabled: rule !== '' });

  function choose(next: readonly string[]): void {
    void navigate({ to: '/rules/tune', search: { rule, alert: [...next] }, replace: true });
  }
  return (
    <>
      <PageHead
        title={tuning.title(titleOf(rule))}
        note={
          <Link to="/rules/$ruleName" params={{ ruleName: rule }} className={s.link}>
            {tuning.back}
          </Link>
        }
      />
      <div className={s.columns}>
        <section aria-labelledby="tune-alerts">
          <h2 id="tune-alerts" className={s.step}>
            {tuning.step1}
          </h2>
          <p className={s.hint}>{tuning.step1Hint}</p>
          {error !== null && data === undefined ? (
            <ErrorState compact error={error} onRetry={() => void refetch()} />
          ) : data === undefined ? (
            <p aria-busy="true">
              <Skeleton width="80%" />
            </p>
          ) : (
            <AlertChoice alerts={data.items} chosen={chosen} onChoose={choose} />
          )}
        </section>
        <section aria-labelledby="tune-proposals">
          <h2 id="tune-proposals" className={s.step}>
            {tuning.step2}
          </h2>
          <p className={s.hint}>{tuning.step2Hint}</p>
          <Proposals rule={rule} chosen={chosen} />
        </section>
      </div>
    </>
  );
}

function AlertChoice(props: {
  readonly alerts: readonly Alert[];
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
}): ReactNode {
  const { alerts, chosen, onChoose } = props;
  const text = useText();
  const { tuning } = text.workbench;
  const all = alerts.length > 0 && alerts.every((alert) => chosen.includes(alert.id));
  if (alerts.length === 0) return <EmptyState compact title={tuning.noAlerts} hint={tuning.noAlertsHint} />;
  return (
    <div className={s.choice}>
      <label className={s.chooseAll}>
        <input
          type="checkbox"
          checked={all}
          onChange={() => onChoose(all ? [] : alerts.slice(0, 100).map((alert) => alert.id))}
        />
        <span>{tuning.chooseAll}</span>
        <span className={s.faint}>{tuning.chosen(chosen.length)}</span>
      </label>
      <ul className={s.alerts}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <label className={s.alert}>
              <input
                type="checkbox"
                aria-label={tuning.choose(alert.message)}
                checked={chosen.includes(alert.id)}
                onChange={(event) =>
                  onChoose(
                    event.target.checked ? [...chosen, alert.id] : chosen.filter((id) => id !== alert.id),
                  )
                }
              />
              <span className={s.alertText}>
                <span className={s.message}>{alert.message}</span>
                <span className={s.faint}>
                  <ClockTime time={alert.time} /> · {alert.container.name} · {alert.process.name}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Proposals({
  rule,
  chosen,
}: {
  readonly rule: string;
  readonly chosen: readonly string[];
}): ReactNode {
  const text = useText();
  const { tuning } = text.workbench;
  const sorted = useMemo(() => chosen.toSorted(), [chosen]);
  const { data, error, refetch, isFetching } = useQuery(tuneQuery(rule, sorted));
  const add = useAddException();
  const toast = useToast();
  const explanation = useExplanation();
  const [applied, setApplied] = useState<readonly string[]>([]);
  if (chosen.length === 0) return <EmptyState compact title={tuning.nothing} />;
  if (data === undefined) {
    return error === null ? (
      <p aria-busy="true">
        <Skeleton height={120} />
      </p>
    ) : (
      <ErrorState compact error={error} onRetry={() => void refetch()} />
    );
  }
  if (data.proposals.length === 0) return <EmptyState compact title={tuning.noProposals} />;
  return (
    <div className={s.proposals} aria-busy={isFetching}>
      {add.error !== null && (
        <Banner tone="bad" title={text.workbench.editor.refused}>
          {explanation(add.error)}
        </Banner>
      )}
      {data.proposals.map((proposal, at) => (
        <ProposalCard
          key={JSON.stringify([proposal.exception.fields, proposal.exception.comps])}
          proposal={proposal}
          isFirst={at === 0}
          isApplied={applied.includes(proposal.exception.condition)}
          isBusy={add.isPending}
          onApply={() => {
            const { condition, ...exception } = proposal.exception;
            add.mutate(
              { rule, exception },
              {
                onSuccess(done) {
                  setApplied((before) => [...before, condition]);
                  toast({ tone: 'good', title: tuning.applied(done.exception.name), detail: tuning.where });
                },
              },
            );
          }}
        />
      ))}
    </div>
  );
}
