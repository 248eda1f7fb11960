// Takes secrets and tokens out of an audit event before any rule sees it, so that no alert can ever carry one.
import { member } from '../fields/k8s-audit-value.ts';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

type Plain = Readonly<Record<string, unknown>>;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const OBJECTS = ['requestObject', 'responseObject'] as const;
const LISTS: ReadonlySet<string> = new Set(['List', 'SecretList']);

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys stay, so that one sees what was written; null stays, because in a patch it means removal. */
function maskValues(value: unknown): unknown {
  if (!isPlain(value)) return value === undefined || value === null ? value : REDACTED;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, one === null ? null : REDACTED]));
}

function maskAnnotation(metadata: unknown): unknown {
  const annotations = member(metadata, 'annotations');
  if (!isPlain(metadata) || !isPlain(annotations) || !Object.hasOwn(annotations, LAST_APPLIED))
    return metadata;
  return { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: REDACTED } };
}

function maskSecret(secret: Plain): Plain {
  return {
    ...secret,
    ...(Object.hasOwn(secret, 'data') && { data: maskValues(secret['data']) }),
    ...(Object.hasOwn(secret, 'stringData') && { stringData: maskValues(secret['stringData']) }),
    ...(Object.hasOwn(secret, 'metadata') && { metadata: maskAnnotation(secret['metadata']) }),
  };
}

/** A JSON patch is a list of operations; each may write any part of the secret. */
function maskOperations(operations: readonly unknown[]): unknown[] {
  return operations.map((one) =>
    isPlain(one) && Object.hasOwn(one, 'value') ? { ...one, value: REDACTED } : one,
  );
}

function maskWithin(object: Plain, parent: string, key: string): Plain {
  const inner = object[parent];
  if (!isPlain(inner) || !Object.hasOwn(inner, key)) return object;
  return { ...object, [parent]: { ...inner, [key]: REDACTED } };
}

/** Of the request or the answer: what is secret in it by its own kind, or because the request was about secrets. */
function maskObject(object: unknown, aboutSecrets: boolean): unknown {
  if (Array.isArray(object)) return aboutSecrets ? maskOperations(object) : object;
  if (!isPlain(object)) return object;
  const kind = object['kind'];
  if (typeof kind === 'string' && LISTS.has(kind) && Array.isArray(object['items'])) {
    const secrets = aboutSecrets || kind === 'SecretList';
    return { ...object, items: object['items'].map((item) => maskObject(item, secrets)) };
  }
  if (kind === 'TokenRequest') return maskWithin(object, 'status', 'token');
  if (kind === 'TokenReview') return maskWithin(object, 'spec', 'token');
  // The answer to a failed request is a Status, which holds nothing secret.
  if (kind === 'Secret' || (aboutSecrets && kind !== 'Status')) return maskSecret(object);
  return object;
}

/** The same document when there is nothing to hide, else a copy in which secrets are masked. Never throws. */
export function withoutSecrets(document: Plain): Plain {
  const aboutSecrets = member(document['objectRef'], 'resource') === 'secrets';
  let result = document;
  for (const key of OBJECTS) {
    const object = document[key];
    if (object === undefined) continue;
    const masked = maskObject(object, aboutSecrets);
    if (masked !== object) result = { ...result, [key]: masked };
  }
  return result;
}
