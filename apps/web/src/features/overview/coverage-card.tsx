// How well the sensor sees: delivery, losses, agents, ways to respond, blind periods.
import type { Overview, Status } from '@guardcell/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Meter } from '../../charts/severity-bar.tsx';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Card, Dot, Facts, Mono } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { ClockTime } from '../../ui/time.tsx';
import s from './overview.module.css';

const GOOD_RATIO = 0.999;
const FAIR_RATIO = 0.99;
const GAPS_SHOWN = 4;

export function CoverageCard(props: {
  readonly overview: Overview | undefined;
  readonly status: Status | undefined;
}): ReactNode {
  const text = useText();
  const format = useFormat();
  const { overview, status } = props;
  const ratio = overview?.coverage.ratio ?? 0;
  const seeing = status?.sensor.state === 'running';
  const tone = !seeing || ratio < FAIR_RATIO ? 'bad' : ratio < GOOD_RATIO ? 'warn' : 'good';
  const wait = <Skeleton width={64} />;
  return (
    <Card
      title={text.overview.coverage}
      className={s.coverage}
      aside={
        <Link to="/settings/$section" params={{ section: 'system' }} className={s.cardLink}>
          {text.overview.sensorDetails}
        </Link>
      }
    >
      <div className={s.coverageGrid}>
        <div>
          <p className={s.ratio}>
            <span className={s.tileValue}>
              {overview === undefined ? wait : seeing ? format.percent(ratio) : '—'}
            </span>{' '}
            <span className={x.muted}>{text.overview.coverageRatio}</span>
          </p>
          <Meter
            ratio={seeing ? ratio : 0}
            tone={tone}
            label={`${format.percent(ratio)} ${text.overview.coverageRatio}`}
          />
          <div className={s.coverageFacts}>
            <Facts
              items={[
                [
                  text.overview.eventsPerSecond,
                  overview === undefined
                    ? wait
                    : format.number(Math.round(overview.coverage.eventsPerSecond)),
                ],
                [
                  text.overview.events,
                  overview === undefined ? wait : format.compact(overview.coverage.events),
                ],
                [
                  text.overview.dropped,
                  overview === undefined ? wait : format.number(overview.coverage.drops),
                ],
                [
                  text.overview.agents,
                  overview === undefined
                    ? wait
                    : text.overview.agentsOf(overview.coverage.healthyAgents, overview.coverage.agents),
                ],
                [text.overview.ring, status === undefined ? wait : format.bytes(status.sensor.ringSizeBytes)],
              ]}
            />
          </div>
        </div>
        <div>
          <h3 className={s.subTitle}>{text.overview.rungs}</h3>
          <ul className={s.rungs}>
            {status === undefined && wait}
            {(status?.agents[0]?.rungs ?? []).map((rung) => (
              <li key={rung.action} title={rung.detail}>
                <Dot tone={rung.available ? 'good' : 'bad'} />
                <span>{actionName(text, rung.action)}</span>
                <Mono>{rung.available ? rung.mechanism : text.overview.rungMissing}</Mono>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3 className={s.subTitle}>{text.overview.gaps}</h3>
          {status === undefined && wait}
          {status?.gaps.length === 0 && <p className={x.muted}>{text.overview.gapsNone}</p>}
          <ul className={s.gaps}>
            {(status?.gaps ?? []).slice(0, GAPS_SHOWN).map((gap) => (
              <li key={`${gap.sensor} ${gap.from}`}>
                <span className={x.strong}>
                  <ClockTime time={gap.from} /> – <ClockTime time={gap.to} />
                </span>
                <span className={x.muted}>
                  {text.gapReason[gap.reason] ?? gap.reason} · {text.overview.gapLost(gap.lost)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Card>
  );
}

function actionName(text: ReturnType<typeof useText>, action: string): string {
  return Object.entries(text.action.kind).find(([kind]) => kind === action)?.[1] ?? action;
}
