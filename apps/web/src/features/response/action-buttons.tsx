// Buttons that act on a container or a process: each asks first and shows what it will affect.
import type { ContainerView } from '@guardcell/contract';
import { type ReactNode, useState } from 'react';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { type ActionSubject, ConfirmAction } from './confirm-action.tsx';
import { type ManualKind, offeredActions } from './undo.ts';

interface Props {
  readonly subject: ActionSubject;
  readonly view: ContainerView | undefined;
  /** Offer to kill this process too. */
  readonly withKill?: boolean;
}

export function ActionButtons({ subject, view, withKill }: Props): ReactNode {
  const text = useText();
  const allowed = useCan('responder');
  const [asking, setAsking] = useState<ManualKind | null>(null);
  const offered = offeredActions(view, subject.containerId);
  if (offered.length === 0) return null;
  const kinds: readonly ManualKind[] = withKill && subject.pid > 0 ? [...offered, 'kill'] : offered;
  return (
    <>
      {kinds.map((kind) => (
        <Button
          key={kind}
          icon={kind}
          disabled={!allowed}
          title={allowed ? undefined : text.action.needRole}
          onClick={() => setAsking(kind)}
        >
          {text.action.kind[kind]}
        </Button>
      ))}
      {asking !== null && <ConfirmAction kind={asking} subject={subject} onClose={() => setAsking(null)} />}
    </>
  );
}
