// The `event:` key of a rule test.

import { nearestName } from '@guardcell/core';
import { CAPABILITY_NAMES } from '../events/capabilities.ts';
import { EVENT_TYPES } from '../events/event-table.ts';
import type { YamlNode } from '../loader/yaml-tree.ts';
import { auditTestEvent, readAuditDocument } from './audit-event.ts';
import type { EventSpec } from './event-spec.ts';
import {
  asMap,
  boolean,
  integer,
  isScalar,
  listOf,
  numberOrText,
  oneOf,
  readShape,
  type Shape,
  SpecFailure,
  text,
  textMap,
  textMapOrList,
  textOrList,
} from './read-spec.ts';
import { buildEvent, type EventResult } from './synthetic-event.ts';
import { typeCharOf } from './synthetic-fd.ts';

function fdType(node: YamlNode): string {
  const value = text(node);
  if (typeCharOf(value) !== undefined) return value;
  throw new SpecFailure(`unknown kind of descriptor '${value}'`, node.at.line);
}

function eventType(node: YamlNode): string {
  const value = text(node);
  if (EVENT_TYPES.has(value)) return value;
  const near = nearestName(value, EVENT_TYPES);
  throw new SpecFailure(
    `unknown event type '${value}'${near === undefined ? '' : `, did you mean '${near}'?`}`,
    node.at.line,
  );
}

function capabilities(node: YamlNode): unknown {
  if (isScalar(node) && node.text === 'all') return 'all';
  return listOf(oneOf(...CAPABILITY_NAMES))(node);
}

function params(node: YamlNode): Record<string, string | readonly string[]> {
  return Object.fromEntries(asMap(node).entries.map(({ key, value }) => [key, textOrList(value)]));
}

const MOUNT: Shape = { source: text, destination: text, readOnly: boolean };

const CONTAINER: Shape = {
  id: text,
  name: text,
  image: text,
  digest: text,
  privileged: boolean,
  networkMode: text,
  mounts: listOf((node) => readShape(node, MOUNT)),
  labels: textMap,
  namespace: text,
  pod: text,
  podLabels: textMap,
};

function container(node: YamlNode): unknown {
  return isScalar(node) ? oneOf('host')(node) : readShape(node, CONTAINER);
}

const FD: Shape = {
  num: integer,
  type: fdType,
  name: text,
  nameRaw: text,
  l4proto: oneOf('tcp', 'udp', 'icmp', 'raw', ''),
  client: text,
  server: text,
  role: oneOf('client', 'server'),
  connected: boolean,
  nameChanged: boolean,
};

const PROCESS: Shape = {
  name: text,
  exe: text,
  exePath: text,
  args: textOrList,
  cmdline: text,
  cwd: text,
  env: textMapOrList,
  tty: integer,
  uid: integer,
  gid: integer,
  loginUid: integer,
  pid: integer,
  vpid: integer,
  sid: integer,
  pgid: integer,
  vpgid: integer,
  capabilities,
  exeWritable: boolean,
  exeUpperLayer: boolean,
  exeLowerLayer: boolean,
  exeFromMemfd: boolean,
  startedMsAgo: integer,
  parents: listOf((node) => readShape(node, PROCESS)),
};

const EVENT: Shape = {
  type: eventType,
  result: numberOrText,
  num: integer,
  fd: (node) => readShape(node, FD),
  params,
  path: text,
  targetPath: text,
  process: (node) => readShape(node, PROCESS),
  container,
  users: textMap,
};

/** `audit:` stands alone: such an event has no process, descriptor or parameters. */
const AUDIT: Shape = { source: oneOf('k8s_audit'), audit: readAuditDocument };

export interface ReadEvent {
  /** Made anew each time; a problem when parameters or flags do not exist. */
  make(): EventResult;
  /** Names by uid. */
  readonly users: Readonly<Record<string, string>>;
}

/** Throws SpecFailure when the description is not usable. */
export function readEventSpec(node: YamlNode): ReadEvent {
  const keys = asMap(node).entries.map((entry) => entry.key);
  if (keys.includes('audit') || keys.includes('source')) {
    const { audit } = readShape(node, AUDIT) as { readonly audit?: ReturnType<typeof readAuditDocument> };
    if (audit === undefined)
      throw new SpecFailure("an event of the source k8s_audit needs 'audit'", node.at.line);
    return { make: () => auditTestEvent(audit), users: {} };
  }
  const { users, ...spec } = readShape(node, EVENT);
  if (typeof spec['type'] !== 'string') throw new SpecFailure("an event needs a 'type'", node.at.line);
  return {
    // The shape above has checked every key and its type.
    make: () => buildEvent(spec as unknown as EventSpec),
    users: (users ?? {}) as Record<string, string>,
  };
}
