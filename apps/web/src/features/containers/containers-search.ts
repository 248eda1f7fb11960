// What the containers screen shows, as kept in its URL.
import { CONTAINER_STATES } from '@guardcell/core';
import { defined, listParam, textParam } from '../../routes/search-params.ts';

/** States as the API takes them: the runtime's, and the measures in force. */
export const STATE_FILTERS = [...CONTAINER_STATES.slice(1, 4), 'quarantined', 'privileged'] as const;

export interface ContainersSearch {
  q?: string;
  state?: string[];
}

export function validateContainersSearch(raw: Record<string, unknown>): ContainersSearch {
  const state = listParam(raw['state'])?.filter((one) => (STATE_FILTERS as readonly string[]).includes(one));
  return defined({
    q: textParam(raw['q'], 200),
    state: state === undefined || state.length === 0 ? undefined : state,
  });
}
