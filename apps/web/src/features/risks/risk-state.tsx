// State and scope of an accepted risk, in words.
import type { Acceptance, AcceptanceScope, AcceptanceState } from '@guardcell/contract';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge } from '../../ui/page.tsx';

const TONES = {
  requested: 'accent',
  approved: 'good',
  rejected: 'bad',
  expired: 'plain',
  revoked: 'plain',
} as const satisfies Readonly<Record<AcceptanceState, string>>;

export function RiskState({ state }: { readonly state: Acceptance['state'] }): ReactNode {
  const { risks } = useText();
  return <Badge tone={TONES[state]}>{risks.state[state]}</Badge>;
}

/** Where an accepted risk holds. */
export function useScopeText(): (scope: AcceptanceScope) => string {
  const { risks } = useText();
  return ({ package: name, artifact, image }) => {
    const parts = [
      name === '' ? '' : risks.inPackage(name),
      artifact === '' ? '' : risks.inImage,
      image === '' ? '' : risks.inImages(image),
    ].filter((part) => part !== '');
    return parts.length === 0 ? risks.everywhere : parts.join(', ');
  };
}
