// The first screen: what has happened, where, and how well we see.
import type { Overview, Status } from '@guardcell/contract';
import { SEVERITIES, type Severity } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { overviewQuery, statusQuery } from '../../api/queries.ts';
import { SeverityBar } from '../../charts/severity-bar.tsx';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { OVERVIEW_WINDOWS } from '../../routes/router.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Segments } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { SeverityIcon } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, places, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import type { EventsSearch } from '../events/events-search.ts';
import { useRuleTitles } from '../rules/rule-titles.ts';
import { CoverageCard } from './coverage-card.tsx';
import { HealthBanners } from './health-banners.tsx';
import s from './overview.module.css';
import { VulnerabilityCard } from './vulnerability-card.tsx';

type Window = (typeof OVERVIEW_WINDOWS)[number];

export function OverviewPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const { window = '24h' } = useSearch({ from: '/app/' });
  const overview = useQuery(overviewQuery(window));
  const status = useQuery(statusQuery);
  const picker = (
    <Segments
      label={text.range.label}
      value={window}
      options={OVERVIEW_WINDOWS.map((one) => [one, text.range.relative[one]] as const)}
      onChange={(one) => void navigate({ to: '/', search: one === '24h' ? {} : { window: one } })}
    />
  );
  return (
    <>
      <PageHead title={text.overview.title}>{picker}</PageHead>
      {status.data !== undefined && <HealthBanners status={status.data} />}
      {overview.isError && overview.data === undefined ? (
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      ) : (
        // Banners come above everything else: wait for them rather than push it down.
        !status.isPending && <Body overview={overview.data} status={status.data} window={window} />
      )}
    </>
  );
}

function Body(props: {
  readonly overview: Overview | undefined;
  readonly status: Status | undefined;
  readonly window: Window;
}): ReactNode {
  const { overview, status, window } = props;
  return (
    <div className={s.grid}>
      <div className={s.counters}>
        {SEVERITIES.map((severity) => (
          <Counter key={severity} severity={severity} overview={overview} window={window} />
        ))}
      </div>
      <Trend overview={overview} window={window} />
      <TopWorkloads overview={overview} window={window} />
      <TopRules overview={overview} window={window} />
      <VulnerabilityCard />
      <Inventory overview={overview} />
      <CoverageCard overview={overview} status={status} />
    </div>
  );
}

function sinceSearch(window: Window): { since?: string } {
  return window === '24h' ? {} : { since: window };
}

function Counter(props: {
  readonly severity: Severity;
  readonly overview: Overview | undefined;
  readonly window: Window;
}): ReactNode {
  const text = useText();
  const format = useFormat();
  const { severity, overview, window } = props;
  const now = overview?.counts[severity] ?? 0;
  const change = now - (overview?.previousCounts[severity] ?? 0);
  const trend =
    change === 0 ? text.overview.same : change > 0 ? text.overview.up(change) : text.overview.down(-change);
  const worse = change > 0 && (severity === 'critical' || severity === 'high');
  return (
    <Link
      to="/events"
      search={{ ...sinceSearch(window), severity: [severity] }}
      className={cx(s.counter, s[severity])}
    >
      <span className={s.counterName}>
        <SeverityIcon severity={severity} />
        {text.severity[severity]}
      </span>
      <span className={s.counterValue}>
        {overview === undefined ? <Skeleton width={48} height={24} /> : format.number(now)}
      </span>
      <span
        className={cx(s.counterTrend, worse && s.worse)}
        title={text.overview.versus(text.overview.windowWord[window])}
      >
        {overview === undefined ? (
          <Skeleton width={72} />
        ) : (
          <>
            {change !== 0 && <Icon name={change > 0 ? 'arrowUp' : 'arrowDown'} size={12} />}
            {trend}
          </>
        )}
      </span>
    </Link>
  );
}

const TREND_HEIGHT = 200;

function Trend({
  overview,
  window,
}: {
  readonly overview: Overview | undefined;
  readonly window: Window;
}): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const [asTable, setAsTable] = useState(false);
  const buckets = (overview?.trend ?? []).map((point) => ({
    startMs: Date.parse(point.start),
    counts: point.counts,
  }));
  const spanMs =
    overview === undefined ? 0 : Date.parse(overview.window.to) - Date.parse(overview.window.from);
  const first = buckets[0];
  const second = buckets[1];
  const bucketMs = first !== undefined && second !== undefined ? second.startMs - first.startMs : spanMs;
  return (
    <Card
      title={text.overview.trend}
      className={s.trend}
      aside={
        <Button
          variant="quiet"
          size="small"
          icon={asTable ? 'chart' : 'table'}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? text.common.showChart : text.common.showTable}
        </Button>
      }
    >
      {overview === undefined ? (
        <Skeleton height={TREND_HEIGHT} />
      ) : (
        <StackedBars
          key={window}
          label={`${text.overview.trend}. ${text.overview.trendHint}`}
          buckets={buckets}
          bucketMs={bucketMs}
          height={TREND_HEIGHT}
          asTable={asTable}
          onRange={(fromMs, toMs) =>
            void navigate({
              to: '/events',
              search: { since: new Date(fromMs).toISOString(), until: new Date(toMs).toISOString() },
            })
          }
        />
      )}
    </Card>
  );
}

const ROWS = 6;

function LoadingRows(): ReactNode {
  return places(ROWS).map((index) => (
    <li key={index} className={s.topRow}>
      <Skeleton width="60%" />
      <Skeleton width={24} />
    </li>
  ));
}

interface TopEntry {
  readonly key: string;
  readonly worst: Severity;
  readonly name: string;
  /** Where it is, below its name. */
  readonly note?: string;
  readonly counts: Partial<Readonly<Record<Severity, number>>>;
  readonly total: number;
  readonly search: EventsSearch;
}

/** What has most alerts, each a link to them. */
function TopList(props: {
  readonly title: string;
  readonly className: string | undefined;
  readonly entries: readonly TopEntry[] | undefined;
}): ReactNode {
  const { overview } = useText();
  const format = useFormat();
  const entries = props.entries?.slice(0, ROWS);
  const most = Math.max(1, ...(entries ?? []).map(({ total }) => total));
  return (
    <Card title={props.title} className={props.className} flush>
      {entries?.length === 0 ? (
        <EmptyState compact title={overview.noAlerts} hint={overview.noAlertsHint} />
      ) : (
        <ul className={s.topList}>
          {entries === undefined && <LoadingRows />}
          {entries?.map((entry) => (
            <li key={entry.key}>
              <Link to="/events" search={entry.search} className={s.topRow}>
                <SeverityIcon severity={entry.worst} />
                <span className={s.topName}>
                  <span className={x.strong}>{entry.name}</span>
                  {entry.note !== undefined && <span className={x.muted}>{entry.note}</span>}
                </span>
                <span>
                  <SeverityBar counts={entry.counts} share={entry.total / most} />
                </span>
                <span className={s.topCount}>{format.number(entry.total)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

interface TopProps {
  readonly overview: Overview | undefined;
  readonly window: Window;
}

function TopWorkloads({ overview, window }: TopProps): ReactNode {
  const text = useText();
  return (
    <TopList
      title={text.overview.topWorkloads}
      className={s.workloads}
      entries={overview?.topWorkloads.map(({ container, name, image, worst, counts, total }) => ({
        key: container,
        worst,
        name: name || container.slice(0, 12),
        note: image,
        counts,
        total,
        search: { ...sinceSearch(window), container: [container] },
      }))}
    />
  );
}

function TopRules({ overview, window }: TopProps): ReactNode {
  const text = useText();
  const titleOf = useRuleTitles();
  return (
    <TopList
      title={text.overview.topRules}
      className={s.rules}
      entries={overview?.topRules.map(({ rule, severity, total }) => ({
        key: rule,
        worst: severity,
        name: titleOf(rule),
        counts: { [severity]: total },
        total,
        search: { ...sinceSearch(window), rule: [rule] },
      }))}
    />
  );
}

function Inventory({ overview }: { readonly overview: Overview | undefined }): ReactNode {
  const text = useText();
  const format = useFormat();
  const states = ['running', 'paused', 'quarantined', 'privileged'] as const;
  const results = ['succeeded', 'failed', 'pending'] as const;
  const value = (count: number | undefined): ReactNode =>
    count === undefined ? <Skeleton width={24} /> : format.number(count);
  return (
    <div className={s.inventory}>
      <Card title={text.overview.containers}>
        <ul className={s.tiles}>
          {states.map((state) => (
            <li key={state}>
              <Link to="/containers" search={{ state: [state] }} className={s.tile}>
                <span className={s.tileValue}>{value(overview?.containers[state])}</span>
                <span className={x.muted}>{text.overview[state]}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={text.overview.actions}>
        <ul className={s.tiles}>
          {results.map((state) => (
            <li key={state}>
              <Link to="/response/history" search={{ state }} className={s.tile}>
                <span
                  className={cx(
                    s.tileValue,
                    state === 'failed' && (overview?.actions.failed ?? 0) > 0 && s.worse,
                  )}
                >
                  {value(overview?.actions[state])}
                </span>
                <span className={x.muted}>{text.overview[state]}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
