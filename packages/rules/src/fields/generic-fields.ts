// evt.* that every source has: number, time, origin.
import { clockText, dateText, isoText } from '../output/time-text.ts';
import { absentField, EVENT_SOURCES, type FieldDefinition, plainField } from './field.ts';

const NS_PER_S = 1_000_000_000n;

const FIELDS: readonly FieldDefinition[] = [
  plainField('evt.num', 'uint64', 'Number of the event, growing by one.', (e) => e.num),
  plainField('evt.time', 'string', 'Local time of day with nanoseconds.', (e, env) =>
    clockText(e.timeNs, env.utcOffsetMinutes, true),
  ),
  plainField('evt.time.s', 'string', 'Local time of day.', (e, env) =>
    clockText(e.timeNs, env.utcOffsetMinutes, false),
  ),
  plainField('evt.time.iso8601', 'string', 'Date and time in UTC, ISO 8601 with nanoseconds.', (e) =>
    isoText(e.timeNs),
  ),
  plainField('evt.outputtime', 'string', 'Local time of day with nanoseconds.', (e, env) =>
    clockText(e.timeNs, env.utcOffsetMinutes, true),
  ),
  plainField('evt.datetime', 'string', 'Local date and time with nanoseconds.', (e, env) =>
    dateText(e.timeNs, env.utcOffsetMinutes, true),
  ),
  plainField('evt.datetime.s', 'string', 'Local date and time.', (e, env) =>
    dateText(e.timeNs, env.utcOffsetMinutes, false),
  ),
  plainField('evt.rawtime', 'abstime', 'Nanoseconds since 1970.', (e) => e.timeNs),
  plainField('evt.rawtime.s', 'abstime', 'Seconds since 1970.', (e) => e.timeNs / NS_PER_S),
  plainField('evt.rawtime.ns', 'abstime', 'Nanoseconds within the second.', (e) => e.timeNs % NS_PER_S),
  ...(['evt.reltime', 'evt.reltime.s', 'evt.reltime.ns'] as const).map((name) =>
    absentField(name, 'reltime', 'Time since the first event; only in captures.'),
  ),
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
