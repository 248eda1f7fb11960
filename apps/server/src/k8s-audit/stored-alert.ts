// Bounds what an alert keeps: a rule may print a whole object of the cluster, the store is for many alerts.
import type { OutputValue } from '@guardcell/core';
import type { AuditAlert } from '@guardcell/rules';

const MESSAGE_MAX = 8192;
const VALUE_MAX = 2048;
const ITEMS_MAX = 50;
const FIELDS_TOTAL_MAX = 16_384;

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function boundedValue(value: OutputValue): OutputValue {
  if (typeof value === 'string') return cut(value, VALUE_MAX);
  if (typeof value !== 'object' || value === null) return value;
  const items = value.slice(0, ITEMS_MAX).map((item) => cut(item, VALUE_MAX / 8));
  return value.length > ITEMS_MAX ? [...items, '…'] : items;
}

function sizeOf(value: OutputValue): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null ? value.join().length : 8;
}

/** The alert with its message and values shortened to what is worth keeping. */
export function boundedAlert(alert: AuditAlert): AuditAlert {
  const outputFields: Record<string, OutputValue> = {};
  let total = 0;
  for (const [name, value] of Object.entries(alert.outputFields)) {
    const kept = boundedValue(value);
    total += sizeOf(kept);
    outputFields[name] = total > FIELDS_TOTAL_MAX ? '…' : kept;
  }
  return { ...alert, message: cut(alert.message, MESSAGE_MAX), outputFields };
}
