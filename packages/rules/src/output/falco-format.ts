// Alerts as Falco prints them: one line of JSON or of text.
import type { Alert, Priority } from '@guardcell/core';

const PRIORITY_NAMES: Readonly<Record<Priority, string>> = {
  emergency: 'Emergency',
  alert: 'Alert',
  critical: 'Critical',
  error: 'Error',
  warning: 'Warning',
  notice: 'Notice',
  informational: 'Informational',
  debug: 'Debug',
};

const TIME_FIELD = /^(?:evt\.(?:raw)?time|container\.start_ts|proc\.exe_ino\.)/;

/** Nanoseconds since 1970 of an RFC 3339 time, as decimal text; undefined when it is not one. */
function epochNanoseconds(time: string): string | undefined {
  const match = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(time);
  const ms = Date.parse(`${match?.[1] ?? ''}Z`);
  if (match === null || Number.isNaN(ms)) return undefined;
  return `${ms / 1000}${(match[2] ?? '').padEnd(9, '0')}`;
}

function json(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? value.toWellFormed() : value);
}

/** One line without line break, keys and types as Falco's `json_output`; times keep all their digits. */
export function toFalcoJson(alert: Alert): string {
  const fields: string[] = [];
  const ns = epochNanoseconds(alert.time);
  if (ns !== undefined) fields.push(`"evt.time":${ns}`);
  for (const [name, value] of Object.entries(alert.outputFields)) {
    if (name === 'evt.time' && ns !== undefined) continue;
    const exact = typeof value === 'string' && TIME_FIELD.test(name) && /^\d{16,20}$/.test(value);
    fields.push(`${json(name)}:${exact ? value : json(value)}`);
  }
  const head = [
    `"hostname":${json(alert.hostname)}`,
    `"output":${json(toFalcoText(alert))}`,
    `"output_fields":{${fields.join(',')}}`,
    `"priority":${json(PRIORITY_NAMES[alert.priority])}`,
    `"rule":${json(alert.rule)}`,
    `"source":${json(alert.source)}`,
    `"tags":${json([...alert.tags].sort())}`,
    `"time":${json(alert.time)}`,
  ];
  return `{${head.join(',')}}`;
}

/** `HH:MM:SS.nnnnnnnnn: Priority message`, time in UTC. */
export function toFalcoText(alert: Alert): string {
  const clock = /T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?/.exec(alert.time);
  const time = clock === null ? alert.time : `${clock[1] ?? ''}.${(clock[2] ?? '').padEnd(9, '0')}`;
  return `${time}: ${PRIORITY_NAMES[alert.priority]} ${singleLine(alert.message)}`;
}

/** Control characters must not forge further lines. */
function singleLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f]/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
