// Text of any size and origin to audit documents: one event, an EventList, an array of them. Bounded in size and depth.
import { member } from '../fields/k8s-audit-value.ts';

/** An object of the API has at most 1.5 MiB, an audit event holds two of them and little else. */
export const MAX_AUDIT_EVENT_CHARS: number = 4 * 1024 * 1024;
/** Deeper than any object that an API server stores; JSON of deeper nesting is refused before it is read. */
export const MAX_AUDIT_DEPTH = 200;
const MAX_LISTS = 3;

export type AuditReadProblem = 'too-large' | 'too-deep' | 'not-json' | 'not-audit';

export interface AuditDocuments {
  /** Candidates; `auditEvent` tells which of them are events. */
  readonly documents: readonly unknown[];
  readonly problem: AuditReadProblem | undefined;
}

/** Whether brackets outside of strings nest deeper than `limit`. Linear in the text. */
export function nestsDeeper(text: string, limit: number): boolean {
  // Nesting needs an opening and a closing bracket for each level.
  if (text.length < limit * 2) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at + 1);
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

/** Position of the closing quote of a string whose content starts at `at`; the end of the text when there is none. */
function endOfString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c && quote - 1 - slashes >= at) slashes += 1;
    if (slashes % 2 === 0) return quote;
  }
  return text.length;
}

function none(problem: AuditReadProblem): AuditDocuments {
  return { documents: [], problem };
}

/** Reads one JSON text of at most `maxChars`. Never throws; what cannot be read is a problem. */
export function readAudit(text: string, maxChars: number = MAX_AUDIT_EVENT_CHARS): AuditDocuments {
  if (text.length > maxChars) return none('too-large');
  if (nestsDeeper(text, MAX_AUDIT_DEPTH)) return none('too-deep');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return none('not-json');
  }
  const documents: unknown[] = [];
  return collect(json, documents, 0)
    ? { documents, problem: undefined }
    : { documents, problem: 'not-audit' };
}

/** False when something in there is neither an event nor a list of them. */
function collect(json: unknown, documents: unknown[], lists: number): boolean {
  if (Array.isArray(json)) {
    if (lists >= MAX_LISTS) return false;
    let all = true;
    for (const item of json) all = collect(item, documents, lists + 1) && all;
    return all;
  }
  if (typeof json !== 'object' || json === null) return false;
  if (member(json, 'kind') !== 'EventList') {
    documents.push(json);
    return true;
  }
  const items = member(json, 'items');
  if (!Array.isArray(items)) return items === undefined || items === null;
  for (const item of items) documents.push(item);
  return true;
}
