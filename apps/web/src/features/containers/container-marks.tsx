// State and measures of a container, as dot + word and badges.
import type { ContainerView } from '@guardcell/contract';
import { type ContainerState, SEVERITIES, type Severity } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge, Dot } from '../../ui/page.tsx';
import s from './containers.module.css';

const TONES: Readonly<Record<ContainerState, 'good' | 'warn' | 'plain' | 'cold'>> = {
  created: 'cold',
  running: 'good',
  paused: 'warn',
  exited: 'plain',
  removed: 'plain',
  unknown: 'plain',
};

export function StateMarks({ view }: { readonly view: ContainerView }): ReactNode {
  const text = useText();
  const { state, privileged } = view.container;
  return (
    <span className={s.marks}>
      <span className={s.stateWord}>
        <Dot tone={TONES[state]} />
        {text.containers.state[state]}
      </span>
      {view.quarantined && <Badge tone="bad">{text.containers.quarantined}</Badge>}
      {privileged && <Badge tone="warn">{text.containers.privileged}</Badge>}
    </span>
  );
}

export function totalAlerts(view: ContainerView): number {
  return Object.values(view.alerts24h).reduce((sum, count) => sum + count, 0);
}

/** The most severe severity that occurs. */
export function worstSeverity(view: ContainerView): Severity | undefined {
  return SEVERITIES.find((severity) => (view.alerts24h[severity] ?? 0) > 0);
}
