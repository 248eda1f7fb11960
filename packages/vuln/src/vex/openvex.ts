// OpenVEX 0.2 (and 0.0.x, where vulnerabilities and products are plain texts). https://github.com/openvex/spec
import { list, object, word, words } from './loose.ts';
import type { VexProduct, VexReading, VexStatement, VexStatus } from './statement.ts';

const STATUSES: readonly VexStatus[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];

export function isOpenVex(document: unknown): boolean {
  return word(object(document)['@context']).startsWith('https://openvex.dev/ns');
}

export function readOpenVex(document: unknown, name: string): VexReading {
  const root = object(document);
  const problems: string[] = [];
  const statements = list(root['statements']).flatMap((raw, index): VexStatement[] => {
    const statement = object(raw);
    const ids = vulnerabilityIds(statement['vulnerability']);
    const status = STATUSES.find((one) => one === statement['status']);
    const products = list(statement['products'] ?? root['products']).flatMap(product);
    if (ids.length === 0 || status === undefined || products.length === 0) {
      problems.push(`statements[${index}] names no vulnerability, known status or product`);
      return [];
    }
    return [
      {
        document: name,
        ids,
        products,
        status,
        justification: word(statement['justification']),
        detail: word(statement['impact_statement']) || word(statement['status_notes']),
        timestamp: word(statement['timestamp']) || word(root['last_updated']) || word(root['timestamp']),
      },
    ];
  });
  return { statements, problems };
}

function vulnerabilityIds(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  const { name, aliases, '@id': id } = object(value);
  return [...new Set([word(name) || lastSegment(word(id)), ...words(aliases)])].filter((one) => one !== '');
}

/** Ids may be addresses that end with the vulnerability. */
function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function product(value: unknown): VexProduct[] {
  const id = identifier(value);
  const parts = list(object(value)['subcomponents']).map(identifier);
  return id === '' ? [] : [{ id, parts: parts.filter((part) => part !== '') }];
}

function identifier(value: unknown): string {
  if (typeof value === 'string') return value;
  const entry = object(value);
  return word(object(entry['identifiers'])['purl']) || word(entry['@id']);
}
