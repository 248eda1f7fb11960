// Severity, always as icon + word; the colour only repeats it.
import { SEVERITIES, type Severity } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { cx } from './class-names.ts';
import s from './severity.module.css';

const SHAPES: Readonly<Record<Severity, ReactNode>> = {
  critical: (
    <>
      <path d="M4 .8h4L11.2 4v4L8 11.2H4L.8 8V4z" fill="currentColor" />
      <path d="M6 3.2v3.3M6 8.5v.1" stroke="var(--severity-cut)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  high: (
    <>
      <path d="M6 1 11.5 10.7H.5z" fill="currentColor" />
      <path d="M6 4.5v2.8M6 9v.1" stroke="var(--severity-cut)" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  medium: <path d="M6 .7 11.3 6 6 11.3.7 6z" fill="currentColor" />,
  low: <circle cx="6" cy="6" r="4.6" fill="currentColor" />,
  info: <circle cx="6" cy="6" r="4" stroke="currentColor" strokeWidth="1.8" fill="none" />,
};

export function SeverityIcon({ severity }: { readonly severity: Severity }): ReactNode {
  return (
    <svg className={cx(s.icon, s[severity])} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[severity]}
    </svg>
  );
}

export function SeverityBadge({ severity }: { readonly severity: Severity }): ReactNode {
  const text = useText();
  return (
    <span className={cx(s.badge, s[severity])}>
      <SeverityIcon severity={severity} />
      {text.severity[severity]}
    </span>
  );
}

/** Icon + word without a background, for dense tables. */
export function SeverityLabel({ severity }: { readonly severity: Severity }): ReactNode {
  const text = useText();
  return (
    <span className={cx(s.label, s[severity])}>
      <SeverityIcon severity={severity} />
      {text.severity[severity]}
    </span>
  );
}

export function severityFill(severity: Severity): string {
  return `var(--severity-${severity}-fill)`;
}

/** Counts by severity in a fixed order, absent ones as 0. */
export function severityCounts(
  counts: Readonly<Record<string, number>>,
): readonly (readonly [Severity, number])[] {
  return SEVERITIES.map((severity) => [severity, counts[severity] ?? 0] as const);
}
