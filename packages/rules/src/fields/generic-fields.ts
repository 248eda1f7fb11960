// evt.* that every source has: number, time, origin.
import type { RuntimeEvent } from '@guardcell/core';
import { clockText, dateText, isoText } from '../output/time-text.ts';
import {
  absentField,
  type BoundField,
  EVENT_SOURCES,
  type Extractor,
  type FieldDefinition,
  type FieldOptions,
  plainField,
} from './field.ts';

const NS_PER_S = 1_000_000_000n;

/** A time as text; in JSON it is a number, nanoseconds since 1970. */
function timeField(
  name: string,
  doc: string,
  extract: Extractor,
  options: FieldOptions = {},
): FieldDefinition {
  const field = plainField(name, 'string', doc, extract, options);
  const bound: BoundField = { type: 'string', multiplicity: 'one', extract, json: (e) => e.timeNs };
  return { ...field, bind: (argument) => (argument === undefined ? bound : field.bind(argument)) };
}

/** A span of time whole, in seconds, and what is left of the second; only where the producer counts. */
function spanFields(
  name: string,
  doc: string,
  start: (event: RuntimeEvent) => bigint | undefined,
): readonly FieldDefinition[] {
  const span = (event: RuntimeEvent): bigint | undefined => {
    const from = start(event);
    return from === undefined || from > event.timeNs ? undefined : event.timeNs - from;
  };
  const part = (read: (span: bigint) => bigint): Extractor => {
    return (event) => {
      const ns = span(event);
      return ns === undefined ? undefined : read(ns);
    };
  };
  const field = (part: string, what: string, extract: Extractor): FieldDefinition =>
    plainField(`${name}${part}`, 'reltime', `${what} ${doc}; only in captures.`, extract, { live: false });
  return [
    field('', 'Nanoseconds', span),
    field(
      '.s',
      'Whole seconds',
      part((ns) => ns / NS_PER_S),
    ),
    field(
      '.ns',
      'Nanoseconds beyond the whole seconds',
      part((ns) => ns % NS_PER_S),
    ),
  ];
}

const FIELDS: readonly FieldDefinition[] = [
  plainField('evt.num', 'uint64', 'Number of the event, growing by one.', (e) => e.num),
  timeField('evt.time', 'Local time of day with nanoseconds.', (e, env) =>
    clockText(e.timeNs, env.utcOffsetMinutes, true),
  ),
  timeField('evt.time.s', 'Local time of day.', (e, env) => clockText(e.timeNs, env.utcOffsetMinutes, false)),
  timeField('evt.time.iso8601', 'Date and time in UTC, ISO 8601 with nanoseconds.', (e) => isoText(e.timeNs)),
  timeField(
    'evt.outputtime',
    'Local time of day with nanoseconds.',
    (e, env) => clockText(e.timeNs, env.utcOffsetMinutes, true),
    { outputOnly: true },
  ),
  timeField('evt.datetime', 'Local date and time with nanoseconds.', (e, env) =>
    dateText(e.timeNs, env.utcOffsetMinutes, true),
  ),
  timeField('evt.datetime.s', 'Local date and time.', (e, env) =>
    dateText(e.timeNs, env.utcOffsetMinutes, false),
  ),
  plainField('evt.rawtime', 'abstime', 'Nanoseconds since 1970.', (e) => e.timeNs),
  plainField('evt.rawtime.s', 'abstime', 'Seconds since 1970.', (e) => e.timeNs / NS_PER_S),
  plainField('evt.rawtime.ns', 'abstime', 'Nanoseconds within the second.', (e) => e.timeNs % NS_PER_S),
  ...spanFields('evt.reltime', 'since the first event', (e) => e.firstTimeNs),
  ...spanFields('evt.deltatime', 'since the event before, 0 for the first one', (e) => e.previousTimeNs),
  plainField('evt.pluginname', 'string', 'Plug-in that made the event.', (e) => e.payload?.plugin),
  absentField('evt.plugininfo', 'string', 'What the plugin says of the event.'),
  plainField('evt.source', 'string', 'Source of the event.', (e) => e.source ?? 'syscall'),
  plainField('evt.is_async', 'bool', 'Whether the event was raised outside the event stream.', () => false),
  absentField('evt.asynctype', 'string', 'Type of an event raised outside the stream.'),
  plainField('evt.hostname', 'string', 'Name of the host.', (_, env) => env.hostname),
];

/** evt.* that events of every source have. */
export const GENERIC_FIELDS: readonly FieldDefinition[] = FIELDS.map((field) => ({
  ...field,
  sources: EVENT_SOURCES,
}));
