// The parameters (`with`) that each action takes.
import { ACTION_KINDS, type ActionKind, type ResponseAction } from '@guardcell/core';
import {
  type Fields,
  isFields,
  type Member,
  readFields,
  readInteger,
  readText,
  readWord,
  required,
} from './fields.ts';
import type { Path, Report } from './problem.ts';

type Params = Readonly<Record<string, string | number | boolean>>;

interface ActionSpec {
  readonly keys: readonly string[];
  readonly read: (member: Member) => Params;
}

const MAX_URL = 2000;

/** `falco`: the alert as Falco's HTTP output sends it, for receivers made for that. */
const NOTIFY_FORMATS = ['guardcell', 'falco'] as const;

function checkUrl(text: string, path: Path, report: Report): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    report('GC_RESPONSE_VALUE', path, 'not an http or https address', {
      hint: 'Write it like https://hooks.example.com/guardcell.',
    });
  } else if (url.username !== '' || url.password !== '') {
    report('GC_RESPONSE_VALUE', path, 'a user name or password must not be in the address', {
      hint: 'Use `secretFile`: requests are then signed.',
    });
  }
}

function readNotify(member: Member): Params {
  required(member, 'url', 'Say where to send it: `with: { url: https://… }`.');
  const url = readText(member, 'url', '', MAX_URL);
  if (url !== '') checkUrl(url, [...member.path, 'url'], member.report);
  const secretFile = readText(member, 'secretFile', '', 1000);
  const format = readWord(member, 'format', NOTIFY_FORMATS, 'guardcell');
  const shape = format === 'guardcell' ? {} : { format };
  if (secretFile === '') return { url, ...shape };
  if (!secretFile.startsWith('/') || secretFile.includes('\0')) {
    member.report('GC_RESPONSE_VALUE', [...member.path, 'secretFile'], 'not an absolute path');
  }
  return { url, secretFile, ...shape };
}

function readStop(member: Member): Params {
  if (!Object.hasOwn(member.fields, 'graceSeconds')) return {};
  return { graceSeconds: readInteger(member, 'graceSeconds', { fallback: 10, min: 0, max: 300 }) };
}

const NO_PARAMS: ActionSpec = { keys: [], read: () => ({}) };

const ACTIONS: Readonly<Record<ActionKind, ActionSpec>> = {
  notify: { keys: ['url', 'secretFile', 'format'], read: readNotify },
  stop: { keys: ['graceSeconds'], read: readStop },
  kill: NO_PARAMS,
  pause: NO_PARAMS,
  resume: NO_PARAMS,
  quarantine: NO_PARAMS,
  release: NO_PARAMS,
};

const NOTHING: Fields = {};

/** One entry of `actions`, or undefined when it does not say what to do. */
export function readAction(value: unknown, path: Path, report: Report): ResponseAction | undefined {
  const fields = readFields(value, path, ['do', 'with'], report);
  if (fields === undefined) return undefined;
  const member = { fields, path, report };
  if (required(member, 'do', `Known: ${ACTION_KINDS.join(', ')}.`) === undefined) return undefined;
  const before = typeof fields['do'] === 'string' && ACTION_KINDS.some((kind) => kind === fields['do']);
  const kind = readWord(member, 'do', ACTION_KINDS, 'notify');
  if (!before) return undefined;
  const spec = ACTIONS[kind];
  const given = fields['with'] ?? NOTHING;
  const at = [...path, 'with'];
  const params = readFields(given, at, spec.keys, report);
  const where = Object.hasOwn(fields, 'with') && isFields(fields['with']) ? at : path;
  return params === undefined
    ? undefined
    : { do: kind, with: spec.read({ fields: params, path: where, report }) };
}
