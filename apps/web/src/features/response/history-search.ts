// What the action history shows, as kept in its URL.
import { ACTION_STATES, type ActionState } from '@guardcell/core';
import { choiceParam, defined, textParam } from '../../routes/search-params.ts';

export interface HistorySearch {
  state?: ActionState;
  container?: string;
}

export function validateHistorySearch(raw: Record<string, unknown>): HistorySearch {
  return defined({
    state: choiceParam(raw['state'], ACTION_STATES),
    container: textParam(raw['container'], 200),
  });
}
