// One thin bar that shows how alerts divide over the severities.
import type { ReactNode } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { severityCounts, severityFill } from '../ui/severity.tsx';
import s from './charts.module.css';

/** `share` is the length relative to the longest bar of the list, 0…1. */
export function SeverityBar(props: {
  readonly counts: Readonly<Record<string, number>>;
  readonly share: number;
}): ReactNode {
  const text = useText();
  const parts = severityCounts(props.counts).filter(([, count]) => count > 0);
  const label = parts.map(([severity, count]) => `${text.severity[severity]} ${count}`).join(', ');
  return (
    <span className={s.bar} role="img" aria-label={label || text.common.none} title={label}>
      <span className={s.barFill} style={{ width: `${Math.max(2, props.share * 100)}%` }}>
        {parts.map(([severity, count]) => (
          <span key={severity} style={{ flexGrow: count, background: severityFill(severity) }} />
        ))}
      </span>
    </span>
  );
}

/** Filled part of a whole, 0…1. */
export function Meter(props: {
  readonly ratio: number;
  readonly tone: 'good' | 'warn' | 'bad';
  readonly label: string;
}): ReactNode {
  return (
    <span className={s.meter} role="img" aria-label={props.label}>
      <span
        className={s[`meter-${props.tone}`]}
        style={{ width: `${Math.max(0, Math.min(1, props.ratio)) * 100}%` }}
      />
    </span>
  );
}
