// What the tuning screen shows, as kept in its URL: the rule, and the alerts that are called harmless.
import { defined, listParam, textParam } from '../../routes/search-params.ts';

export interface TuneSearch {
  rule?: string;
  alert?: string[];
}

const MAX_ALERTS = 100;

export function validateTuneSearch(raw: Record<string, unknown>): TuneSearch {
  return defined({ rule: textParam(raw['rule']), alert: listParam(raw['alert'], MAX_ALERTS) });
}
