// Reading the JSON document of an event that is not a system call: members, texts, lists, without trust in its shape.
import type { RuntimeEvent } from '@guardcell/core';

/** Stands in lists for a container that lacks the value, so that positions stay those of the containers. */
export const NOT_SET = '<NA>';

/** The document of an event; undefined for system calls. */
export function documentOf(event: RuntimeEvent): unknown {
  return event.payload?.json;
}

/** The document when it is a Kubernetes audit event: ka.* fields have no value for anything else. */
export function auditDocumentOf(event: RuntimeEvent): unknown {
  const json = event.payload?.json;
  return member(json, 'auditID') === undefined ? undefined : json;
}

const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** Own member of an object, or item of an array by its decimal index; undefined when there is none. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return INDEX.test(key) ? (value as unknown[])[Number(key)] : undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

/** Follows member names and indices; undefined where the path ends early. */
export function walk(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    at = member(at, key);
    if (at === undefined) return undefined;
  }
  return at;
}

/** Texts as they are, everything else as compact JSON; undefined for what is missing or nested too deeply. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // Deeper than the stack allows; readers refuse such events before they come here.
    return undefined;
  }
}

/** Texts of the items; undefined when it is not a list or has no items. */
export function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? texts(value) : undefined;
}

/** Texts of what is not missing; undefined when that is nothing. */
export function texts(values: readonly unknown[]): readonly string[] | undefined {
  const found: string[] = [];
  for (const value of values) {
    const text = textOf(value);
    if (text !== undefined) found.push(text);
  }
  return found.length === 0 ? undefined : found;
}

/** The items at `path`, or only the one at `index`; undefined when there is no list or no such item. */
export function itemsAt(
  document: unknown,
  path: readonly string[],
  index: number | undefined,
): readonly unknown[] | undefined {
  const list = walk(document, path);
  if (!Array.isArray(list)) return undefined;
  if (index === undefined) return list;
  return index < list.length ? [list[index]] : undefined;
}
