// Events out of files that people have at hand: descriptions, test files, audit logs. For explaining rules offline.
import { readYaml, type YamlMap, type YamlNode } from '../loader/yaml-tree.ts';
import { auditTestEvent, readAuditDocument } from './audit-event.ts';
import { type ReadEvent, readEventSpec } from './read-event-spec.ts';
import { SpecFailure } from './read-spec.ts';
import type { EventResult } from './synthetic-event.ts';

export interface NamedEvent {
  /** The test's name, or where it stands: `event 2`. */
  readonly name: string;
  readonly line: number;
  make(): EventResult;
  /** Names by uid, as the description gives them. */
  readonly users: Readonly<Record<string, string>>;
}

export interface EventFile {
  readonly events: readonly NamedEvent[];
  /** What could not be read, with its line; the rest is there. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

const MAX_EVENTS = 10_000;

/**
 * Reads event descriptions (`type: openat …`), `event:` keys, test files (`tests:`), Kubernetes audit events and
 * EventLists, as YAML, JSON or JSON lines. Never throws.
 */
export function readEvents(content: string): EventFile {
  const events: NamedEvent[] = [];
  const problems: { line: number; message: string }[] = [];
  for (const { text, firstLine } of documentsOf(content)) {
    const { documents, failure } = readYaml(text);
    if (failure !== undefined)
      problems.push({ line: failure.at.line + firstLine - 1, message: failure.message });
    for (const document of documents) {
      for (const node of eventNodes(document)) {
        if (events.length >= MAX_EVENTS) {
          problems.push({ line: firstLine, message: `more than ${MAX_EVENTS} events; the rest is not read` });
          return { events, problems };
        }
        const line = node.at.line + firstLine - 1;
        try {
          const { name, read } = readOne(node);
          events.push({ name: name === '' ? `event ${events.length + 1}` : name, line, ...read });
        } catch (thrown) {
          if (!(thrown instanceof SpecFailure)) throw thrown;
          problems.push({ line: thrown.line + firstLine - 1, message: thrown.message });
        }
      }
    }
  }
  return { events, problems };
}

/** JSON lines are one document a line; everything else is left to the YAML reader. */
function documentsOf(content: string): readonly { readonly text: string; readonly firstLine: number }[] {
  if (!/^\s*\{.*\}\s*\n\s*\{/.test(content)) return [{ text: content, firstLine: 1 }];
  return content
    .split('\n')
    .map((text, at) => ({ text, firstLine: at + 1 }))
    .filter(({ text }) => text.trim() !== '');
}

function valueOf(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.find((entry) => entry.key === key)?.value;
}

function textOf(node: YamlNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}

function eventNodes(document: YamlNode): readonly YamlNode[] {
  if (document.kind === 'sequence') return document.items;
  if (document.kind !== 'map') return [document];
  const list = valueOf(document, 'tests') ?? (isAuditList(document) ? valueOf(document, 'items') : undefined);
  return list?.kind === 'sequence' ? list.items : [document];
}

function isAuditList(map: YamlMap): boolean {
  return textOf(valueOf(map, 'kind')) === 'EventList';
}

function isAuditEvent(map: YamlMap): boolean {
  return textOf(valueOf(map, 'kind')) === 'Event' || valueOf(map, 'auditID') !== undefined;
}

function readOne(node: YamlNode): { readonly name: string; readonly read: ReadEvent } {
  if (node.kind !== 'map') throw new SpecFailure('expected the description of an event', node.at.line);
  if (isAuditEvent(node) && valueOf(node, 'audit') === undefined) {
    const document = readAuditDocument(node);
    return {
      name: '',
      read: { make: () => auditTestEvent(document), users: {} },
    };
  }
  const event = valueOf(node, 'event');
  return { name: textOf(valueOf(node, 'name')), read: readEventSpec(event ?? node) };
}
