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
/** Products that one problem names. */
const MAX_NAMED = 5;

export function isCsaf(document: unknown): boolean {
  const header = objectOf(objectOf(document)['document']);
  return textOf(header['csaf_version']).startsWith('2.') || textOf(header['category']).startsWith('csaf_');
}

export function readCsaf(document: unknown, name: string): VexReading {
  const root = objectOf(document);
  const tree = readTree(objectOf(root['product_tree']));
  const header = objectOf(root['document']);
  const tracking = objectOf(header['tracking']);
  // Advisories of other profiles need not say why.
  const needsReason = textOf(header['category']) === 'csaf_vex';
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
    const {
      statements: found,
      undefinedIds,
      withoutReason,
    } = statementsOf(vulnerability, known, tree, needsReason);
    if (undefinedIds.length > 0)
      problems.push(
        `vulnerabilities[${index}] names products that the product tree does not have: ${few(undefinedIds)}`,
      );
    if (withoutReason.length > 0)
      problems.push(
        `vulnerabilities[${index}] says known_not_affected without a flag or a threat of category impact: ${few(withoutReason)}`,
      );
    return found.map((one) => ({ ...one, document: name, timestamp }));
  });
  return { statements, problems };
}

function few(ids: readonly string[]): string {
  return ids.length > MAX_NAMED ? `${ids.slice(0, MAX_NAMED).join(', ')} …` : ids.join(', ');
}

interface ProductTree {
  /** Those that are named by purl. */
  readonly products: ReadonlyMap<string, VexProduct>;
  /** All that are defined. */
  readonly defined: ReadonlySet<string>;
  /** Members of product groups, by id of the group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

interface StatementsAndGaps {
  readonly statements: readonly Omit<VexStatement, 'document' | 'timestamp'>[];
  readonly undefinedIds: readonly string[];
  readonly withoutReason: readonly string[];
}

/**
 * Products that are not named by purl cannot be told from others and are left out. In VEX documents, who is not affected
 * needs a reason: a flag, or a threat that tells of the impact.
 */
function statementsOf(
  vulnerability: Untyped,
  ids: readonly string[],
  { products, defined, groups }: ProductTree,
  needsReason: boolean,
): StatementsAndGaps {
  const byStatus = objectOf(vulnerability['product_status']);
  const flags = labelled(vulnerability['flags'], 'label', groups);
  const impacts = labelled(vulnerability['threats'], 'details', groups);
  const undefinedIds = new Set<string>();
  const withoutReason = new Set<string>();
  const statements = STATUSES.flatMap(([key, status]) =>
    textsOf(byStatus[key]).flatMap((productId) => {
      const product = products.get(productId);
      if (product === undefined) {
        if (!defined.has(productId)) undefinedIds.add(productId);
        return [];
      }
      const justification = flags(productId);
      const detail = impacts(productId);
      if (needsReason && status === 'not_affected' && justification === '' && detail === '') {
        withoutReason.add(productId);
        return [];
      }
      return [{ ids, products: [product], status, justification, detail }];
    }),
  );
  return { statements, undefinedIds: [...undefinedIds], withoutReason: [...withoutReason] };
}

/**
 * Text of the first flag or threat about a product, named by itself or by a group; of threats, those about impact alone.
 * One that names no product is about all.
 */
function labelled(
  entries: unknown,
  member: string,
  groups: ReadonlyMap<string, readonly string[]>,
): (productId: string) => string {
  const byProduct = new Map<string, string>();
  let ofAll = '';
  for (const entry of listOf(entries).map(objectOf)) {
    const text = textOf(entry[member]);
    if (text === '' || (entry['category'] !== undefined && entry['category'] !== 'impact')) continue;
    const groupIds = textsOf(entry['group_ids']);
    const about = [...textsOf(entry['product_ids']), ...groupIds.flatMap((id) => groups.get(id) ?? [])];
    if (about.length === 0 && groupIds.length === 0) ofAll ||= text;
    for (const id of about) if (!byProduct.has(id)) byProduct.set(id, text);
  }
  return (productId) => byProduct.get(productId) ?? ofAll;
}

function readTree(tree: Untyped): ProductTree {
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
  const defined = new Set(purls.keys());
  for (const raw of listOf(tree['relationships'])) {
    const relation = objectOf(raw);
    const id = textOf(objectOf(relation['full_product_name'])['product_id']);
    const part = purls.get(textOf(relation['product_reference'])) ?? '';
    const whole = purls.get(textOf(relation['relates_to_product_reference'])) ?? '';
    if (id !== '') defined.add(id);
    // A platform without purl (only CPE) does not narrow: the component's purl says where it belongs.
    if (id !== '' && part !== '')
      products.set(id, whole === '' ? { id: part, parts: [] } : { id: whole, parts: [part] });
  }
  const groups = listOf(tree['product_groups'])
    .map(objectOf)
    .map((group) => [textOf(group['group_id']), textsOf(group['product_ids'])] as const);
  return { products, defined, groups: new Map(groups) };
}
