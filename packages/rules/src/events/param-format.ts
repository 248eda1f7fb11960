// Text of event parameters, as evt.arg.* and evt.args show them.
import type { ParamValue, RuntimeEvent } from '@guardcell/core';
import type { FieldEnvironment } from '../fields/field.ts';
import { nearest } from '../fields/thread-walk.ts';
import { errnoName } from './errno.ts';
import { eventSchema, flagNames, PARAM_FORMAT, PARAM_TYPE, type ParamSchema } from './event-table.ts';
import { resolvePath } from './resolve-path.ts';
import { signalName } from './signals.ts';

/** `plain` is the value itself, `resolved` what it stands for (a path, names of flags), empty when nothing more. */
export interface ParamText {
  readonly plain: string;
  readonly resolved: string;
}

const AT_FDCWD = -100;

/** Formats one parameter; undefined when the event has none of this name. */
function formatParam(event: RuntimeEvent, name: string, env: FieldEnvironment): ParamText | undefined {
  const value = event.param(name);
  if (value === undefined) return undefined;
  const schema = eventSchema(event.type)?.params.find((param) => param.name === name);
  if (schema === undefined) return { plain: plainText(value), resolved: '' };
  return formatBySchema(event, schema, value, env);
}

/** `evt.arg.<name>`: the resolved text when there is one. */
export function paramText(event: RuntimeEvent, name: string, env: FieldEnvironment): string | undefined {
  const text = formatParam(event, name, env);
  if (text === undefined) return undefined;
  return text.resolved === '' ? text.plain : text.resolved;
}

/** `evt.args`: all parameters as `name=value` or `name=value(resolved)`, in table order. */
export function allParamsText(event: RuntimeEvent, env: FieldEnvironment): string {
  const parts: string[] = [];
  const names = eventSchema(event.type)?.params.map((param) => param.name) ?? event.paramNames();
  for (const name of names) {
    const text = formatParam(event, name, env);
    if (text === undefined) parts.push(`${name}=<NA>`);
    else parts.push(`${name}=${text.plain}${text.resolved === '' ? '' : `(${text.resolved})`}`);
  }
  return parts.join(' ');
}

function formatBySchema(
  event: RuntimeEvent,
  schema: ParamSchema,
  value: ParamValue,
  env: FieldEnvironment,
): ParamText {
  if (typeof value !== 'number') return formatOther(event, schema, value);
  const plain = integerText(schema, value);
  switch (schema.type) {
    case PARAM_TYPE.errno:
      return { plain, resolved: value < 0 ? errnoName(-value) : '' };
    case PARAM_TYPE.fd:
    case PARAM_TYPE.fd32:
      return { plain, resolved: descriptorText(event, value) };
    case PARAM_TYPE.pid:
    case PARAM_TYPE.pid32:
      return { plain, resolved: nearest(event.thread, (thread) => thread.pid === value)?.comm ?? '' };
    case PARAM_TYPE.uid:
      return { plain, resolved: env.userName(value, event.thread.container) ?? '' };
    case PARAM_TYPE.gid:
      return { plain, resolved: env.groupName(value, event.thread.container) ?? '' };
    case PARAM_TYPE.sigtype:
      return { plain, resolved: signalName(value) };
    case PARAM_TYPE.bool:
      return { plain: value === 0 ? 'false' : 'true', resolved: '' };
    case PARAM_TYPE.enum8:
    case PARAM_TYPE.enum16:
    case PARAM_TYPE.enum32:
      return { plain, resolved: schema.flags.find(([, known]) => known === value)?.[0] ?? '' };
    default:
      return { plain, resolved: schema.flags.length === 0 ? '' : flagNames(schema.flags, value) };
  }
}

function formatOther(
  event: RuntimeEvent,
  schema: ParamSchema,
  value: Exclude<ParamValue, number>,
): ParamText {
  const isPath = schema.type === PARAM_TYPE.fspath || schema.type === PARAM_TYPE.fsrelpath;
  if (isPath && typeof value === 'string') {
    const resolved = resolvePath(event, schema.name, value);
    return { plain: value, resolved: resolved === value ? '' : (resolved ?? '') };
  }
  return { plain: plainText(value), resolved: '' };
}

function integerText(schema: ParamSchema, value: number): string {
  const octal = schema.type === PARAM_TYPE.mode || schema.format === PARAM_FORMAT.octal;
  return octal && value > 0 ? `0${value.toString(8)}` : String(value);
}

function descriptorText(event: RuntimeEvent, num: number): string {
  if (num === AT_FDCWD) return 'AT_FDCWD';
  if (num < 0) return errnoName(-num);
  const fd = event.fd;
  return fd !== undefined && fd.num === num ? `<${fd.typeChar}>${fd.name}` : '';
}

/** Buffers keep their printable bytes, everything else becomes a dot; lists end each item with a dot. */
export function plainText(value: ParamValue): string {
  if (value instanceof Uint8Array) {
    let text = '';
    for (const byte of value) text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.';
    return text;
  }
  if (typeof value === 'object') return value.map((item) => `${item}.`).join('');
  return String(value);
}
