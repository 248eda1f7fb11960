// Bounds what an alert keeps: a rule may print a whole object of the cluster, the store is for many alerts; and what
// stands in config maps may be credentials.
import type { OutputValue } from '@guardcell/core';
import type { AuditAlert, AuditEvent } from '@guardcell/rules';

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
function shortened(alert: AuditAlert): AuditAlert {
  const outputFields: Record<string, OutputValue> = {};
  let total = 0;
  for (const [name, value] of Object.entries(alert.outputFields)) {
    const kept = boundedValue(value);
    total += sizeOf(kept);
    outputFields[name] = total > FIELDS_TOTAL_MAX ? '…' : kept;
  }
  return { ...alert, message: cut(alert.message, MESSAGE_MAX), outputFields };
}

/** Shorter values are no credentials, and would be found everywhere. */
const SHORTEST_VALUE = 4;
const MOST_VALUES = 500;

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** As JSON writes it within quotes. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Values of the config map that a request is about, in the ways in which they can stand in JSON and in JSON in JSON. */
function configMapValues({ payload }: AuditEvent): readonly string[] {
  const { json } = payload;
  if (member(json['objectRef'], 'resource') !== 'configmaps') return [];
  const found = new Set<string>();
  for (const object of [json['requestObject'], json['responseObject']]) {
    for (const key of ['data', 'binaryData']) {
      const data = member(object, key);
      if (typeof data !== 'object' || data === null) continue;
      for (const value of Object.values(data).slice(0, MOST_VALUES)) {
        if (typeof value !== 'string' || value.length < SHORTEST_VALUE) continue;
        found.add(escaped(escaped(value)));
        found.add(escaped(value));
        found.add(value);
      }
    }
  }
  // A value may be part of another.
  return [...found].sort((left, right) => right.length - left.length);
}

/** What is kept of an alert: bounded, and without the content of config maps. */
export function boundedAlert(alert: AuditAlert, event: AuditEvent): AuditAlert {
  const values = configMapValues(event);
  if (values.length === 0) return shortened(alert);
  const hide = (text: string): string =>
    values.reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text);
  const hideValue = (value: OutputValue): OutputValue => {
    if (typeof value === 'string') return hide(value);
    return typeof value === 'object' && value !== null ? value.map(hide) : value;
  };
  const { event: text = '', ...args } = alert.event.args;
  return shortened({
    ...alert,
    message: hide(alert.message),
    outputFields: Object.fromEntries(
      Object.entries(alert.outputFields).map(([name, value]) => [name, hideValue(value)]),
    ),
    matched: alert.matched.map((clause) => ({ ...clause, actual: hide(clause.actual) })),
    ...(alert.evaluated !== undefined && {
      evaluated: alert.evaluated.map((node) =>
        node.actual === undefined ? node : { ...node, actual: hide(node.actual) },
      ),
    }),
    event: { ...alert.event, args: { ...args, event: hide(text) } },
  });
}
