// evt.*: the event itself, its parameters and its result.
import type { RuntimeEvent } from '@guardcell/core';
import { errnoName } from '../events/errno.ts';
import {
  anyParamSchema,
  eventSchema,
  PARAM_FORMAT,
  PARAM_TYPE,
  type ParamSchema,
  paramSchema,
} from '../events/event-table.ts';
import { createsExecutable, createsFile, opensForRead, opensForWrite } from '../events/open-flags.ts';
import { allParamsText, paramText } from '../events/param-format.ts';
import { resolvePath } from '../events/resolve-path.ts';
import { categoryName } from './event-category.ts';
import { EVENT_COUNT_FIELDS } from './event-count-fields.ts';
import {
  absentField,
  argumentField,
  type BindResult,
  type FieldDefinition,
  type FieldEnvironment,
  type FieldValue,
  plainField,
  type ValueType,
} from './field.ts';

function resultText(event: RuntimeEvent): string | undefined {
  if (event.result === undefined) return undefined;
  return event.result >= 0 ? 'SUCCESS' : errnoName(-event.result);
}

function paramNameAt(event: RuntimeEvent, index: number): string | undefined {
  return eventSchema(event.type)?.params[index]?.name ?? event.paramNames()[index];
}

function bindText(argument: string | undefined): BindResult {
  const name = argument ?? '';
  if (/^\d{1,3}$/.test(name)) {
    const index = Number(name);
    return {
      type: 'string',
      multiplicity: 'one',
      extract: (event, env) => {
        const param = paramNameAt(event, index);
        return param === undefined ? undefined : paramText(event, param, env);
      },
    };
  }
  if (anyParamSchema(name) === undefined) return { problem: `unknown event argument '${name}'` };
  return { type: 'string', multiplicity: 'one', extract: (event, env) => paramText(event, name, env) };
}

/** Numbers stay numbers, so that `evt.rawarg.uid = 0` compares numerically. */
function rawParamType(schema: ParamSchema): ValueType {
  switch (schema.type) {
    case PARAM_TYPE.bytebuf:
      return 'bytes';
    case PARAM_TYPE.bool:
      return 'bool';
    case PARAM_TYPE.double:
      return 'double';
    case 1:
    case 2:
    case 3:
    case 4:
    case PARAM_TYPE.errno:
    case PARAM_TYPE.fd:
    case PARAM_TYPE.pid:
    case PARAM_TYPE.fd32:
    case PARAM_TYPE.pid32:
      return 'int';
    case 5:
    case 6:
    case 7:
    case PARAM_TYPE.flags8:
    case PARAM_TYPE.flags16:
    case PARAM_TYPE.flags32:
    case PARAM_TYPE.uid:
    case PARAM_TYPE.gid:
    case PARAM_TYPE.mode:
    case PARAM_TYPE.enum8:
    case PARAM_TYPE.enum16:
    case PARAM_TYPE.enum32:
      return 'uint32';
    case 8:
      return 'uint64';
    default:
      return 'string';
  }
}

function bindRaw(argument: string | undefined): BindResult {
  const name = argument ?? '';
  const schema = anyParamSchema(name);
  if (schema === undefined) return { problem: `unknown event argument '${name}'` };
  const type = rawParamType(schema);
  // Argument vectors are lists; a check on them holds when it holds for one item.
  return {
    type,
    multiplicity: 'any',
    extract: (event) => event.param(name),
    print: (event) => printedRaw(event, name),
  };
}

/** Checks compare numbers; outputs show them in the base that the event table gives: flags are hexadecimal. */
function printedRaw(event: RuntimeEvent, name: string): FieldValue | undefined {
  const value = event.param(name);
  const schema = typeof value === 'number' ? paramSchema(event.type, name) : undefined;
  if (typeof value !== 'number' || schema === undefined) return value;
  const unsigned = value < 0 ? value >>> 0 : value;
  if (schema.format === PARAM_FORMAT.hexadecimal) return unsigned.toString(16).toUpperCase();
  return schema.format === PARAM_FORMAT.octal ? unsigned.toString(8) : value;
}

function dataBuffer(event: RuntimeEvent): Uint8Array | undefined {
  const data = event.param('data');
  if (data instanceof Uint8Array) return data;
  return typeof data === 'string' ? new TextEncoder().encode(data) : undefined;
}

function hasFlag(event: RuntimeEvent, mask: number): boolean {
  return ((eventSchema(event.type)?.flags ?? 0) & mask) !== 0;
}

const READS = 0x8;
const WRITES = 0x10;
const WAITS = 0x80;
const SYSTEM_CALL = 0x200;

/** A `write`-like call to the socket that the system log listens on. */
function writesToSyslog(event: RuntimeEvent): boolean {
  return hasFlag(event, WRITES) && event.fd?.name.includes('/dev/log') === true;
}

const PARAMETERS: readonly FieldDefinition[] = [
  plainField('evt.args', 'string', 'All parameters as name=value.', (e, env) => allParamsText(e, env)),
  argumentField('evt.arg', 'string', 'One parameter as text, by name or number.', 'required', bindText),
  argumentField('evt.rawarg', 'string', 'One parameter with its own type, by name.', 'required', bindRaw, {
    noRightSide: true,
    noTransformer: true,
  }),
  plainField('evt.info', 'string', 'All parameters as name=value.', (e, env) => allParamsText(e, env)),
  plainField('evt.buffer', 'bytes', 'Data that was read, written, sent or received.', dataBuffer),
  argumentField(
    'evt.abspath',
    'string',
    'Absolute path made of a path parameter.',
    'required',
    (argument) => {
      const name =
        argument === undefined || argument === 'src' ? 'oldpath' : argument === 'dst' ? 'newpath' : argument;
      return (event) => {
        const raw = event.param(name);
        return typeof raw === 'string' ? resolvePath(event, name, raw) : undefined;
      };
    },
  ),
  argumentField('evt.type.is', 'uint32', '1 when the event has the given type.', 'required', (argument) => {
    return (event) => (event.type === argument ? 1 : 0);
  }),
];

const RESULT: readonly FieldDefinition[] = [
  plainField('evt.res', 'string', 'SUCCESS or the name of the error.', resultText),
  plainField(
    'evt.rawres',
    'int',
    'What the call returned: 0, a descriptor, or a negative error number.',
    (e) => e.result,
  ),
];

const UNMEASURED = { deprecated: true, live: false } as const;

const KIND: readonly FieldDefinition[] = [
  plainField('evt.type', 'string', 'Type of the event, such as openat.', (e) => e.type),
  plainField('syscall.type', 'string', 'Name of the system call, when the event is one.', (e) => {
    const schema = eventSchema(e.type);
    return schema === undefined || (schema.category & SYSTEM_CALL) !== 0 ? e.type : undefined;
  }),
  plainField(
    'evt.dir',
    'string',
    '< when the call has returned, > before, which only captures show.',
    (e) => (e.isEnter === true ? '>' : '<'),
    {
      deprecated: true,
    },
  ),
  plainField('evt.category', 'string', 'Kind of event: file, net, process, memory …', categoryName),
  plainField('evt.cpu', 'int', 'Processor on which the event happened.', (e) => e.cpu),
  plainField('evt.is_io', 'bool', 'Whether the event reads or writes.', (e) => hasFlag(e, READS | WRITES)),
  plainField('evt.is_io_read', 'bool', 'Whether the event reads.', (e) => hasFlag(e, READS)),
  plainField('evt.is_io_write', 'bool', 'Whether the event writes.', (e) => hasFlag(e, WRITES)),
  plainField('evt.io_dir', 'string', 'read or write.', (e) => {
    if (hasFlag(e, WRITES)) return 'write';
    return hasFlag(e, READS) ? 'read' : undefined;
  }),
  plainField('evt.is_wait', 'bool', 'Whether the event waits.', (e) => hasFlag(e, WAITS)),
  plainField('evt.is_syslog', 'bool', 'Whether the event writes to the system log.', writesToSyslog),
  plainField('evt.is_open_read', 'bool', 'Whether a file was opened for reading.', opensForRead),
  plainField('evt.is_open_write', 'bool', 'Whether a file was opened for writing.', opensForWrite),
  plainField('evt.is_open_exec', 'bool', 'Whether an executable file was created.', createsExecutable),
  plainField('evt.is_open_create', 'bool', 'Whether the open made a new file.', createsFile),
  ...(['evt.latency', 'evt.latency.s', 'evt.latency.ns', 'evt.wait_latency'] as const).map((name) =>
    plainField(name, 'reltime', 'Always 0: calls are seen when they have returned.', () => 0, UNMEASURED),
  ),
  plainField(
    'evt.latency.quantized',
    'uint64',
    'Always 0: calls are seen when they have returned.',
    () => 0,
    UNMEASURED,
  ),
  plainField(
    'evt.latency.human',
    'string',
    'Always 0ns: calls are seen when they have returned.',
    () => '0ns',
    UNMEASURED,
  ),
  ...(['name', 'container.id', 'container.name', 'container.image'] as const).map((part) =>
    absentField(`evt.infra.docker.${part}`, 'string', 'Of infrastructure events, which are not delivered.', {
      deprecated: true,
    }),
  ),
];

/** evt.* of system events. */
export const EVENT_FIELDS: readonly FieldDefinition[] = [
  ...PARAMETERS,
  ...RESULT,
  ...EVENT_COUNT_FIELDS,
  ...KIND,
];

/** Every parameter of an event formatted for an alert. */
export function formattedArgs(event: RuntimeEvent, env: FieldEnvironment): Readonly<Record<string, string>> {
  const args: Record<string, string> = {};
  for (const name of event.paramNames()) {
    const text = paramText(event, name, env);
    if (text !== undefined) args[name] = text;
  }
  return args;
}
