// State of a container and the measures in force, as badges.
import type { ContainerView } from '@guardcell/contract';
import type { ContainerState } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge, Dot } from '../../ui/page.tsx';
import s from './containers.module.css';

const TONES: Readonly<Record<ContainerState, 'good' | 'cold' | 'plain'>> = {
  created: 'plain',
  running: 'good',
  paused: 'cold',
  exited: 'plain',
  removed: 'plain',
  unknown: 'plain',
};

export function ContainerBadges({ view }: { readonly view: ContainerView }): ReactNode {
  const text = useText();
  const state = view.paused ? 'paused' : view.container.state;
  return (
    <span className={s.badges}>
      {state === 'running' ? (
        <span className={s.stateWord}>
          <Dot tone={TONES[state]} />
          {text.containers.state[state]}
        </span>
      ) : (
        <Badge tone={TONES[state]}>{text.containers.state[state]}</Badge>
      )}
      {view.quarantined && <Badge tone="bad">{text.containers.quarantined}</Badge>}
      {view.container.privileged && <Badge tone="warn">{text.containers.privileged}</Badge>}
    </span>
  );
}
