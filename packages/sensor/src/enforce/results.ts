// How an action ended, built in one place so that every action says it the same way.
import { errorFacts } from '@guardcell/kit';
import type { EnforcementResult } from './action-plugin.ts';

export function succeeded(mechanism: string, detail: string): EnforcementResult {
  return { state: 'succeeded', detail, errorCode: '', mechanism };
}

export function skipped(errorCode: string, detail: string): EnforcementResult {
  return { state: 'skipped', detail, errorCode, mechanism: '' };
}

export function failed(errorCode: string, detail: string, mechanism = ''): EnforcementResult {
  return { state: 'failed', detail, errorCode, mechanism };
}

/** A failure from something thrown; the hint is part of the detail. */
export function failedWith(error: unknown, mechanism = ''): EnforcementResult {
  const { code, message, hint } = errorFacts(error);
  return failed(code, hint === '' ? message : `${message}. ${hint}`, mechanism);
}
