// Alerts as Falco prints them, for programs that read Falco's output.
import type { Alert } from '@guardcell/core';
import { toFalcoJson, toFalcoText } from '@guardcell/rules';
import { oneLine, safeJson } from '../../terminal.ts';

/** `falco` is a JSON object, `falco-text` is time, priority and message; either on one line without its end. */
export function falcoLine(alert: Alert, format: 'falco' | 'falco-text'): string {
  return format === 'falco' ? safeJson(toFalcoJson(alert)) : oneLine(toFalcoText(alert));
}
