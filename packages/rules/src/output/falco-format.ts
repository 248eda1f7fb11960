// Alerts as Falco prints them: one line of JSON or of text.
import type { Alert, OutputValue, Priority } from '@guardcell/core';
import { findField } from '../fields/registry.ts';
import { parseWholeOperand } from '../language/operand-parser.ts';
import { NUMBER_TYPES } from '../operators/operator.ts';
import { clockText, epochNanoseconds, isoText } from './time-text.ts';

/** What the formats need of an alert. */
export type FalcoAlert = Pick<
  Alert,
  'time' | 'rule' | 'priority' | 'source' | 'hostname' | 'message' | 'tags' | 'outputFields'
>;

export interface FalcoFormatOptions {
  /** `local` is `HH:MM:SS.nnnnnnnnn` by the offset below, `iso8601` is UTC with date; default `local`. */
  readonly timeFormat?: 'local' | 'iso8601';
  /** Minutes that local time is ahead of UTC; default 0. */
  readonly utcOffsetMinutes?: number;
  /** Adds `message`: the output without time and priority. Default false. */
  readonly includeMessage?: boolean;
  /** Leaves keys out of the JSON when false; default true. */
  readonly includeOutput?: boolean;
  readonly includeTags?: boolean;
  readonly includeOutputFields?: boolean;
}

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

function json(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? value.toWellFormed() : value);
}

const TIMES_OF_DAY: ReadonlySet<string> = new Set([
  'evt.time',
  'evt.time.s',
  'evt.time.iso8601',
  'evt.datetime',
  'evt.datetime.s',
  'evt.outputtime',
]);

/** Integers that JavaScript cannot hold are stored as text; in JSON they are numbers again. */
function isWideNumber(name: string, value: OutputValue): value is string {
  if (typeof value !== 'string' || !/^-?\d{16,20}$/.test(value)) return false;
  if (TIMES_OF_DAY.has(name)) return true;
  const operand = parseWholeOperand(name);
  const field = operand?.kind === 'field' ? findField(operand.name)?.field : undefined;
  return field !== undefined && NUMBER_TYPES.includes(field.type);
}

function outputFieldsText(alert: FalcoAlert, timeField: string, ns: bigint | undefined): string {
  const fields: string[] = [];
  for (const [name, value] of Object.entries(alert.outputFields)) {
    if (name === timeField && ns !== undefined) continue;
    fields.push(`${json(name)}:${isWideNumber(name, value) ? value : json(value)}`);
  }
  if (ns !== undefined) fields.push(`"${timeField}":${ns}`);
  return `{${fields.join(',')}}`;
}

/** One line without line break, keys and types as Falco's `json_output`; times keep all their digits. */
export function toFalcoJson(alert: FalcoAlert, options: FalcoFormatOptions = {}): string {
  const timeField = options.timeFormat === 'iso8601' ? 'evt.time.iso8601' : 'evt.time';
  const entries: (readonly [string, string])[] = [['hostname', json(alert.hostname)]];
  if (options.includeMessage === true) entries.push(['message', json(alert.message)]);
  if (options.includeOutput !== false) {
    entries.push(['output', json(`${prefixOf(alert, options)} ${alert.message}`)]);
  }
  if (options.includeOutputFields !== false) {
    entries.push(['output_fields', outputFieldsText(alert, timeField, epochNanoseconds(alert.time))]);
  }
  entries.push(['priority', json(PRIORITY_NAMES[alert.priority])]);
  entries.push(['rule', json(alert.rule)], ['source', json(alert.source)]);
  if (options.includeTags !== false) entries.push(['tags', json([...new Set(alert.tags)].sort())]);
  entries.push(['time', json(alert.time)]);
  return `{${entries.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
}

/** `HH:MM:SS.nnnnnnnnn: Priority message`, on one line. */
export function toFalcoText(alert: FalcoAlert, options: FalcoFormatOptions = {}): string {
  return `${prefixOf(alert, options)} ${singleLine(alert.message)}`;
}

/** `13:53:31.726060287: Critical`. */
function prefixOf(alert: FalcoAlert, options: FalcoFormatOptions): string {
  const ns = epochNanoseconds(alert.time);
  const iso = options.timeFormat === 'iso8601';
  const clock = (time: bigint): string =>
    iso ? isoText(time) : clockText(time, options.utcOffsetMinutes ?? 0, true);
  return `${ns === undefined ? alert.time : clock(ns)}: ${PRIORITY_NAMES[alert.priority]}`;
}

/** Control characters must not forge further lines. */
function singleLine(text: string): string {
  return text.toWellFormed().replace(/[\0-\x1f\x7f\x85\u2028\u2029]/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
