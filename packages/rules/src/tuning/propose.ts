// Proposes exceptions for alerts that a person calls harmless: each silences all of them, the narrowest first, and none
// stands on what an attacker can write himself.
import type { Alert } from '@guardcell/core';
import { type AlertValues, alertValues } from './alert-values.ts';
import type { RuleException } from './exception.ts';
import { fieldTrust, isInterpreter, isWritableByMany } from './field-trust.ts';
import { judgeOf } from './preview.ts';

/**
 * What makes an exception wider than its alerts: `prefix`: everything below a folder; `program`: whatever the program
 * does; `any-program`: whichever program does it; `everywhere`: not tied to an image, a namespace or the host;
 * `interpreter`: the program does what its arguments say; `writable`: anybody may put a file there; `claimed`: a field
 * that the process itself decides is part of it.
 */
export type RiskNote =
  | 'prefix'
  | 'program'
  | 'any-program'
  | 'everywhere'
  | 'interpreter'
  | 'writable'
  | 'claimed';

export interface ExceptionProposal {
  readonly exception: RuleException;
  readonly risk: 'low' | 'medium' | 'high';
  readonly notes: readonly RiskNote[];
}

/** What proposing needs to know of the rule. */
export interface TunedRule {
  readonly name: string;
  readonly source: string;
  /** Names of the exceptions that the rule has. */
  readonly exceptionNames?: readonly string[];
}

const MAX_TUPLES = 40;
const MAX_PROPOSALS = 8;
/** A folder must be at least this deep to stand for what is below it. */
const MIN_FOLDER_PARTS = 2;

const PLACES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  syscall: [
    ['container.image.repository', 'k8s.ns.name'],
    ['container.image.repository'],
    ['container.name'],
    ['container.id'],
  ],
  k8s_audit: [['ka.target.namespace'], []],
};
const ACTORS: Readonly<Record<string, readonly string[]>> = {
  syscall: ['proc.exepath', 'proc.name'],
  k8s_audit: ['ka.user.name'],
};
const OBJECTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  syscall: [
    ['fd.name'],
    ['fs.path.name'],
    ['fs.path.source', 'fs.path.target'],
    ['fd.sip', 'fd.sport'],
    ['fd.sport'],
  ],
  k8s_audit: [
    ['ka.verb', 'ka.target.resource', 'ka.target.name'],
    ['ka.verb', 'ka.target.resource'],
    ['ka.uri'],
    ['ka.verb'],
  ],
};
const EXEC = /^exec(?:ve|veat)$/;

interface Shape {
  readonly fields: readonly string[];
  /** Of the last field: everything below this folder. */
  readonly folder?: string;
  readonly notes: readonly RiskNote[];
}

/** Proposals for alerts of one rule; empty when there are no alerts, or they have nothing in common to stand on. */
export function proposeExceptions(alerts: readonly Alert[], rule: TunedRule): readonly ExceptionProposal[] {
  if (alerts.length === 0) return [];
  const values = alerts.map(alertValues);
  const proposals: ExceptionProposal[] = [];
  const seen = new Set<string>();
  for (const shape of shapes(alerts, values, rule.source)) {
    const proposal = proposalOf(shape, values, rule);
    if (proposal === undefined) continue;
    const key = JSON.stringify([proposal.exception.fields, proposal.exception.comps]);
    if (seen.has(key)) continue;
    seen.add(key);
    proposals.push(proposal);
  }
  return proposals
    .sort(
      (a, b) =>
        RANK[a.risk] - RANK[b.risk] ||
        a.notes.length - b.notes.length ||
        b.exception.fields.length - a.exception.fields.length,
    )
    .slice(0, MAX_PROPOSALS);
}

const RANK = { low: 0, medium: 1, high: 2 } as const;

function shapes(alerts: readonly Alert[], values: readonly AlertValues[], source: string): Shape[] {
  const has = (field: string): boolean => values.every((each) => (each.get(field) ?? '') !== '');
  const firstOf = (choices: readonly (readonly string[])[] | undefined): readonly string[] =>
    choices?.find((fields) => fields.every(has)) ?? [];
  const place = placeOf(values, firstOf(PLACES[source]), source);
  const actor = ACTORS[source]?.find(has);
  const isExec = alerts.every((alert) => EXEC.test(alert.event.type));
  const object = isExec ? [] : firstOf(OBJECTS[source]);
  const parent = has('proc.pexepath') && alerts.every(hasOwnParent) ? ['proc.pexepath'] : [];
  const who = actor === undefined ? [] : [actor];
  const made: Shape[] = [];
  const add = (fields: readonly string[], notes: readonly RiskNote[] = [], folder?: string): void => {
    const chosen = [...new Set(fields)];
    made.push({ fields: chosen, notes, ...(folder !== undefined && { folder }) });
  };
  if (isExec && has('proc.cmdline')) {
    add([...place, ...parent, ...who, 'proc.cmdline']);
    if (who.length > 0) add([...place, ...who, 'proc.cmdline']);
  }
  if (object.length > 0) {
    // An interpreter is told apart by what it was told to do.
    if (has('proc.cmdline') && values.some((each) => isInterpreter(each.get('proc.exepath') ?? '')))
      add([...place, ...parent, ...who, ...object, 'proc.cmdline']);
    add([...place, ...parent, ...who, ...object]);
    add([...place, ...who, ...object]);
    const last = object.at(-1) ?? '';
    const folder = commonFolder(values.map((each) => each.get(last) ?? ''));
    if (folder !== undefined) add([...place, ...who, ...object.slice(0, -1), last], ['prefix'], folder);
    add([...place, ...object], ['any-program']);
  }
  add([...place, ...parent, ...who], ['program']);
  add([...place, ...who], ['program']);
  return made;
}

/**
 * Whether the parent belongs to the workload. What a runtime starts in a container has a helper of the runtime as its
 * parent, which ends at any moment and leaves its child to another: no exception can stand on that.
 */
function hasOwnParent({ container, process, processTree }: Alert): boolean {
  if (container.id === 'host' || process.vpid === process.pid) return true;
  const parent = processTree[1];
  return parent !== undefined && parent.vpid !== parent.pid;
}

/** On the host, `container.id = host` is the place; a container's own id would die with it. */
function placeOf(
  values: readonly AlertValues[],
  place: readonly string[],
  source: string,
): readonly string[] {
  if (source !== 'syscall' || !place.includes('container.id')) {
    const mixed = source === 'syscall' && values.some((each) => each.get('container.id') === 'host');
    const allHost = values.every((each) => each.get('container.id') === 'host');
    return allHost && source === 'syscall' ? ['container.id'] : mixed ? [] : place;
  }
  return values.every((each) => each.get('container.id') === 'host') ? place : [];
}

function proposalOf(
  shape: Shape,
  values: readonly AlertValues[],
  rule: TunedRule,
): ExceptionProposal | undefined {
  const { fields, folder } = shape;
  if (fields.length < 2 || fields.every((field) => fieldTrust(field) === 'claimed')) return undefined;
  const comps = fields.map((_, at) =>
    folder !== undefined && at === fields.length - 1 ? 'startswith' : '=',
  );
  const tuples = new Map<string, readonly string[]>();
  for (const each of values) {
    const tuple = fields.map((field, at) =>
      comps[at] === 'startswith' ? (folder ?? '') : (each.get(field) ?? ''),
    );
    if (tuple.some((value) => value === '')) return undefined;
    tuples.set(JSON.stringify(tuple), tuple);
  }
  if (tuples.size > MAX_TUPLES) return undefined;
  const list = [...tuples.values()];
  const exception: RuleException = { name: freeName(fields, list, rule), fields, comps, values: list };
  const judge = judgeOf(exception, rule.source);
  // Whatever is proposed silences what it was asked for; a value that does not come back as it went is not proposed.
  if (typeof judge === 'string' || values.some((each) => judge(each) !== 'yes')) return undefined;
  const notes = notesOf(shape, list);
  return { exception, notes, risk: riskOf(notes, fields) };
}

function notesOf({ fields, notes }: Shape, tuples: readonly (readonly string[])[]): RiskNote[] {
  const found = new Set<RiskNote>(notes);
  const trusts = fields.map(fieldTrust);
  if (!trusts.includes('assigned')) found.add('everywhere');
  // A command line beside the path of the program only narrows; without that path anybody can claim it.
  if (trusts.includes('claimed') && !fields.includes('proc.exepath')) found.add('claimed');
  const of = (field: string): string[] => {
    const at = fields.indexOf(field);
    return at === -1 ? [] : tuples.map((tuple) => tuple[at] ?? '');
  };
  if (of('proc.exepath').some(isInterpreter)) found.add('interpreter');
  const paths = [
    'proc.exepath',
    'proc.pexepath',
    ...(found.has('prefix') ? ['fd.name', 'fs.path.name'] : []),
  ];
  if (paths.some((field) => of(field).some(isWritableByMany))) found.add('writable');
  return [...found];
}

function riskOf(notes: readonly RiskNote[], fields: readonly string[]): ExceptionProposal['risk'] {
  const has = (...wanted: readonly RiskNote[]): boolean => wanted.every((note) => notes.includes(note));
  if (
    has('everywhere') ||
    has('program', 'interpreter') ||
    (has('writable') && (has('program') || has('prefix')))
  )
    return 'high';
  const wide: readonly RiskNote[] = ['program', 'any-program', 'prefix', 'writable', 'claimed'];
  return wide.some((note) => notes.includes(note)) || (has('interpreter') && !fields.includes('proc.cmdline'))
    ? 'medium'
    : 'low';
}

/** The deepest folder that all paths are in, with its slash; undefined when that is too wide or they are one file. */
function commonFolder(paths: readonly string[]): string | undefined {
  if (paths.some((path) => !path.startsWith('/') || path.endsWith('/'))) return undefined;
  const folders = paths.map((path) => path.split('/').slice(1, -1));
  const first = folders[0] ?? [];
  let depth = 0;
  while (depth < first.length && folders.every((parts) => parts[depth] === first[depth])) depth += 1;
  return depth < MIN_FOLDER_PARTS ? undefined : `/${first.slice(0, depth).join('/')}/`;
}

/** `tuned_nginx_sh`: what it is about, free among the rule's exceptions. */
function freeName(
  fields: readonly string[],
  tuples: readonly (readonly string[])[],
  rule: TunedRule,
): string {
  const parts = [
    'container.image.repository',
    'ka.target.namespace',
    'proc.exepath',
    'ka.user.name',
    'proc.name',
  ]
    .map((field) => tuples[0]?.[fields.indexOf(field)] ?? '')
    .map((value) =>
      value
        .slice(value.lastIndexOf('/') + 1)
        .replace(/[^A-Za-z0-9]+/g, '_')
        .slice(0, 24),
    )
    .filter((part) => part !== '');
  const base = ['tuned', ...parts].join('_');
  const taken = new Set(rule.exceptionNames);
  let name = base;
  for (let at = 2; taken.has(name); at += 1) name = `${base}_${at}`;
  return name;
}
