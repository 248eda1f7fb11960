// CSAF 2.0 VEX documents: a tree of products, relations between them, and statuses by product id.
// https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html
import { listOf, objectOf, textOf, textsOf, type Untyped } from '@guardcell/core';
import type { VexProduct, VexReading, VexStatement, VexStatus } from './statement.ts';

const STATUSES: readonly (readonly [string, VexStatus])[] = [
  ['known_not_affected', 'not_affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
  ['under_investigation', 'under_investigation'],
];
/** Branches nest vendor, product, version, architecture; more than this is no product tree. */
const MAX_DEPTH = 32;

export function isCsaf(document: unknown): boolean {
  const header = objectOf(objectOf(document)['document']);
  return textOf(header['csaf_version']).startsWith('2.') || textOf(header['category']).startsWith('csaf_');
}

export function readCsaf(document: unknown, name: string): VexReading {
  const root = objectOf(document);
  const products = productsById(objectOf(root['product_tree']));
  const tracking = objectOf(objectOf(root['document'])['tracking']);
  const timestamp = textOf(tracking['current_release_date']);
  const problems: string[] = [];
  const statements = listOf(root['vulnerabilities']).flatMap((raw, index) => {
    const vulnerability = objectOf(raw);
    const ids = [
      textOf(vulnerability['cve']),
      ...listOf(vulnerability['ids']).map((id) => textOf(objectOf(id)['text'])),
    ];
    const known = ids.filter((id) => id !== '');
    if (known.length === 0) {
      problems.push(`vulnerabilities[${index}] has no id`);
      return [];
    }
    return statementsOf(vulnerability, known, products).map((one) => ({ ...one, document: name, timestamp }));
  });
  return { statements, problems };
}

/** Products that are not named by purl cannot be told from others and are left out. */
function statementsOf(
  vulnerability: Untyped,
  ids: readonly string[],
  products: ReadonlyMap<string, VexProduct>,
): Omit<VexStatement, 'document' | 'timestamp'>[] {
  const byStatus = objectOf(vulnerability['product_status']);
  return STATUSES.flatMap(([key, status]) =>
    textsOf(byStatus[key]).flatMap((productId) => {
      const product = products.get(productId);
      if (product === undefined) return [];
      return [
        {
          ids,
          products: [product],
          status,
          justification: textOf(labelled(vulnerability['flags'], productId)['label']),
          detail: textOf(labelled(vulnerability['threats'], productId)['details']),
        },
      ];
    }),
  );
}

/** The flag or threat that is about a product; those of threats only when they are about impact. */
function labelled(entries: unknown, productId: string): Untyped {
  const found = listOf(entries)
    .map(objectOf)
    .find(
      (entry) =>
        textsOf(entry['product_ids']).includes(productId) &&
        (entry['category'] === undefined || entry['category'] === 'impact'),
    );
  return found ?? {};
}

function productsById(tree: Untyped): ReadonlyMap<string, VexProduct> {
  const purls = new Map<string, string>();
  const add = (raw: unknown): void => {
    const product = objectOf(raw);
    const id = textOf(product['product_id']);
    if (id !== '') purls.set(id, textOf(objectOf(product['product_identification_helper'])['purl']));
  };
  const walk = (branches: unknown, depth: number): void => {
    for (const raw of depth > MAX_DEPTH ? [] : listOf(branches)) {
      const branch = objectOf(raw);
      if (branch['product'] !== undefined) add(branch['product']);
      walk(branch['branches'], depth + 1);
    }
  };
  listOf(tree['full_product_names']).forEach(add);
  walk(tree['branches'], 0);
  const products = new Map<string, VexProduct>();
  for (const [id, purl] of purls) if (purl !== '') products.set(id, { id: purl, parts: [] });
  for (const raw of listOf(tree['relationships'])) {
    const relation = objectOf(raw);
    const id = textOf(objectOf(relation['full_product_name'])['product_id']);
    const part = purls.get(textOf(relation['product_reference'])) ?? '';
    const whole = purls.get(textOf(relation['relates_to_product_reference'])) ?? '';
    // A platform without purl (only CPE) does not narrow: the component's purl says where it belongs.
    if (id !== '' && part !== '')
      products.set(id, whole === '' ? { id: part, parts: [] } : { id: whole, parts: [part] });
  }
  return products;
}
