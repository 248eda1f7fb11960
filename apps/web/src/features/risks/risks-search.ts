// What the list of accepted risks shows, as kept in its URL.
import { choiceParam, defined, listParam, textParam } from '../../routes/search-params.ts';

export const RISK_STATES = ['requested', 'approved', 'rejected', 'expired', 'revoked'] as const;
export type RiskState = (typeof RISK_STATES)[number];

export interface RisksSearch {
  state?: RiskState;
  vulnerability?: string;
}

export function validateRisksSearch(raw: Record<string, unknown>): RisksSearch {
  return defined({
    state: choiceParam(listParam(raw['state'])?.[0], RISK_STATES),
    vulnerability: textParam(raw['vulnerability'], 100),
  });
}
