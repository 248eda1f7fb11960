// OpenVEX 0.2 (and 0.0.x, where vulnerabilities and products are plain texts). https://github.com/openvex/spec
import { listOf, OPENVEX_JUSTIFICATIONS, objectOf, textOf, textsOf, type Untyped } from '@guardcell/core';
import { DRAFT_MARK } from './draft.ts';
import type { VexProduct, VexReading, VexStatement, VexStatus } from './statement.ts';

const STATUSES: readonly VexStatus[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];

export function isOpenVex(document: unknown): boolean {
  return textOf(objectOf(document)['@context']).startsWith('https://openvex.dev/ns');
}

export function readOpenVex(document: unknown, name: string): VexReading {
  const root = objectOf(document);
  const problems: string[] = [];
  const statements = listOf(root['statements']).flatMap((raw, index): VexStatement[] => {
    const statement = objectOf(raw);
    const ids = vulnerabilityIds(statement['vulnerability']);
    const status = STATUSES.find((one) => one === statement['status']);
    const products = listOf(statement['products'] ?? root['products']).flatMap(product);
    if (ids.length === 0 || status === undefined || products.length === 0) {
      problems.push(`statements[${index}] names no vulnerability, known status or product`);
      return [];
    }
    if (textOf(statement['status_notes']).startsWith(DRAFT_MARK)) {
      problems.push(`statements[${index}] is a draft that nobody approved`);
      return [];
    }
    if (status === 'not_affected' && !hasReason(statement)) {
      problems.push(
        `statements[${index}] says not_affected without a known justification or an impact_statement`,
      );
      return [];
    }
    return [
      {
        document: name,
        ids,
        products,
        status,
        justification: textOf(statement['justification']),
        detail: textOf(statement['impact_statement']) || textOf(statement['status_notes']),
        timestamp:
          textOf(statement['timestamp']) || textOf(root['last_updated']) || textOf(root['timestamp']),
      },
    ];
  });
  return { statements, problems };
}

/** The specification wants one of them of whoever says that a product is not affected. */
function hasReason(statement: Untyped): boolean {
  const justification = textOf(statement['justification']);
  if (OPENVEX_JUSTIFICATIONS.some((one) => one === justification)) return true;
  return textOf(statement['impact_statement']).trim() !== '';
}

function vulnerabilityIds(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  const { name, aliases, '@id': id } = objectOf(value);
  return [...new Set([textOf(name) || lastSegment(textOf(id)), ...textsOf(aliases)])].filter(
    (one) => one !== '',
  );
}

/** Ids may be addresses that end with the vulnerability. */
function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function product(value: unknown): VexProduct[] {
  const id = identifier(value);
  const parts = listOf(objectOf(value)['subcomponents']).map(identifier);
  return id === '' ? [] : [{ id, parts: parts.filter((part) => part !== '') }];
}

function identifier(value: unknown): string {
  if (typeof value === 'string') return value;
  const entry = objectOf(value);
  return textOf(objectOf(entry['identifiers'])['purl']) || textOf(entry['@id']);
}
