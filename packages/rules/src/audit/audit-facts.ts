// What an alert keeps of an audit event: who did what to which object with which result, and the event itself, bounded.
import { member, textOf, textsOf, walk } from '../fields/k8s-audit-value.ts';
import { REDACTED } from './redact-secrets.ts';

type Plain = Readonly<Record<string, unknown>>;

const FACT_MAX = 4096;
const DOCUMENT_MAX = 16_384;

const FACTS: readonly (readonly [name: string, path: readonly string[]])[] = [
  ['user', ['user', 'username']],
  ['impersonatedUser', ['impersonatedUser', 'username']],
  ['verb', ['verb']],
  ['resource', ['objectRef', 'resource']],
  ['subresource', ['objectRef', 'subresource']],
  ['apiGroup', ['objectRef', 'apiGroup']],
  ['namespace', ['objectRef', 'namespace']],
  ['name', ['objectRef', 'name']],
  ['code', ['responseStatus', 'code']],
  ['reason', ['responseStatus', 'reason']],
  ['decision', ['annotations', 'authorization.k8s.io/decision']],
  ['decisionReason', ['annotations', 'authorization.k8s.io/reason']],
  ['userAgent', ['userAgent']],
  ['uri', ['requestURI']],
  ['stage', ['stage']],
  ['auditID', ['auditID']],
];

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** Created objects with a generated name have it only in the answer. */
function objectName(document: unknown): string | undefined {
  return (
    textOf(walk(document, ['objectRef', 'name'])) ??
    textOf(walk(document, ['responseObject', 'metadata', 'name']))
  );
}

/** Namespace of the object, and the pod when the request was about one; empty where there is none. */
export function auditPlace(document: unknown): { readonly namespace: string; readonly pod: string } {
  const namespace = textOf(walk(document, ['objectRef', 'namespace'])) ?? '';
  const isPod = walk(document, ['objectRef', 'resource']) === 'pods';
  return { namespace: cut(namespace, 253), pod: isPod ? cut(objectName(document) ?? '', 253) : '' };
}

/** The user, or the one behind whom the user hid. */
export function auditUser(document: unknown): string {
  return cut(textOf(walk(document, ['user', 'username'])) ?? '', 253);
}

/** Texts by name, in the order in which people read them; the last is the event as JSON. */
export function auditFacts(document: Plain): Readonly<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const [name, path] of FACTS) {
    const text = name === 'name' ? objectName(document) : textOf(walk(document, path));
    if (text !== undefined && text !== '') facts[name] = cut(text, FACT_MAX);
  }
  const groups = textsOf(walk(document, ['user', 'groups']));
  if (groups !== undefined) facts['groups'] = cut(groups.join(', '), FACT_MAX);
  const addresses = textsOf(member(document, 'sourceIPs'));
  if (addresses !== undefined) facts['sourceIPs'] = cut(addresses.join(', '), FACT_MAX);
  facts['event'] = boundedDocument(document);
  return facts;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Field management is noise to a reader; the content of config maps may be credentials. */
function storable(object: unknown, isConfigMap: boolean): unknown {
  if (!isPlain(object)) return object;
  const { metadata } = object;
  const tidy = isPlain(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields'))
    : metadata;
  const data = object['data'];
  return {
    ...object,
    ...(metadata !== undefined && { metadata: tidy }),
    ...(isConfigMap && isPlain(data) && { data: maskedData(data) }),
  };
}

function maskedData(data: Plain): Plain {
  return Object.fromEntries(Object.keys(data).map((key) => [key, REDACTED]));
}

/** Kind and name stand for an object that is too large to keep. */
function outline(object: unknown): unknown {
  if (!isPlain(object)) return undefined;
  const { kind, metadata } = object;
  const name = textOf(member(metadata, 'name'));
  return {
    kind,
    metadata: { name: name === undefined ? undefined : cut(name, 253) },
    '…': 'too large to keep',
  };
}

function pretty(document: unknown): string {
  try {
    return JSON.stringify(document, null, 2) ?? '';
  } catch {
    return '';
  }
}

/** The event as JSON of at most 16 Ki characters: the answer goes first, then the request, then the end. */
function boundedDocument(document: Plain): string {
  const isConfigMap = member(document['objectRef'], 'resource') === 'configmaps';
  const kept: Record<string, unknown> = { ...document };
  for (const key of ['requestObject', 'responseObject'] as const) {
    if (kept[key] !== undefined) kept[key] = storable(kept[key], isConfigMap);
  }
  let text = pretty(kept);
  for (const key of ['responseObject', 'requestObject'] as const) {
    if (text.length <= DOCUMENT_MAX) break;
    if (kept[key] === undefined) continue;
    kept[key] = outline(kept[key]);
    text = pretty(kept);
  }
  return cut(text, DOCUMENT_MAX);
}
