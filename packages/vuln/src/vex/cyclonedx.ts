// VEX within CycloneDX: vulnerabilities with an analysis, and references to components. https://cyclonedx.org/docs/1.6/json/
import { listOf, objectOf, textOf } from '@guardcell/core';
import type { VexProduct, VexReading, VexStatement, VexStatus } from './statement.ts';

const STATES: Readonly<Record<string, VexStatus>> = {
  not_affected: 'not_affected',
  false_positive: 'not_affected',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
};
const MAX_DEPTH = 32;

export function isCycloneDx(document: unknown): boolean {
  return objectOf(document)['bomFormat'] === 'CycloneDX';
}

/** Vulnerabilities without an analysis are findings of whoever wrote the document, not statements. */
export function readCycloneDxVex(document: unknown, name: string): VexReading {
  const root = objectOf(document);
  const metadata = objectOf(root['metadata']);
  const components = componentPurls(root);
  const problems: string[] = [];
  const statements = listOf(root['vulnerabilities']).flatMap((raw, index): VexStatement[] => {
    const vulnerability = objectOf(raw);
    const analysis = objectOf(vulnerability['analysis']);
    const state = textOf(analysis['state']);
    if (state === '') return [];
    const status = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
    const references = listOf(vulnerability['references']).map((one) => textOf(objectOf(one)['id']));
    const ids = [textOf(vulnerability['id']), ...references].filter((id) => id !== '');
    const clears = status === 'not_affected' || status === 'fixed';
    const products = listOf(vulnerability['affects']).flatMap((one) => {
      const affected = objectOf(one);
      const named = product(textOf(affected['ref']), components);
      return clears ? named.flatMap((each) => ofVersions(each, listOf(affected['versions']))) : named;
    });
    if (status === undefined || ids.length === 0 || products.length === 0) {
      problems.push(
        `vulnerabilities[${index}] names no id, known state or component with purl (and versions one by one)`,
      );
      return [];
    }
    return [
      {
        document: name,
        ids,
        products,
        status,
        justification: textOf(analysis['justification']),
        detail: textOf(analysis['detail']),
        timestamp:
          textOf(analysis['lastUpdated']) ||
          textOf(vulnerability['updated']) ||
          textOf(metadata['timestamp']),
      },
    ];
  });
  return { statements, problems };
}

/**
 * Where a component without version is named with versions, only those count that are named one by one and not called
 * affected: a range would have to be read to clear no more than it says.
 */
function ofVersions(named: VexProduct, versions: readonly unknown[]): VexProduct[] {
  const [base = '', ...rest] = named.id.split(/(?=[?#])/);
  if (versions.length === 0 || base.lastIndexOf('@') > base.lastIndexOf('/')) return [named];
  return versions.map(objectOf).flatMap((one) => {
    const version = textOf(one['version']);
    const status = textOf(one['status']) || 'unaffected';
    if (version === '' || status !== 'unaffected') return [];
    return [{ ...named, id: `${base}@${encodeURIComponent(version)}${rest.join('')}` }];
  });
}

/** A reference is a component's, a purl itself, or a link into another document that ends with either. */
function product(reference: string, components: ReadonlyMap<string, string>): VexProduct[] {
  const fragment = reference.startsWith('urn:cdx:')
    ? decoded(reference.slice(reference.indexOf('#') + 1))
    : reference;
  const purl = components.get(fragment) ?? (fragment.startsWith('pkg:') ? fragment : '');
  return purl === '' ? [] : [{ id: purl, parts: [] }];
}

function decoded(text: string): string {
  try {
    return text.startsWith('pkg:') ? text : decodeURIComponent(text);
  } catch {
    return text;
  }
}

function componentPurls(root: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const purls = new Map<string, string>();
  const walk = (components: readonly unknown[], depth: number): void => {
    for (const raw of depth > MAX_DEPTH ? [] : components) {
      const component = objectOf(raw);
      const reference = textOf(component['bom-ref']);
      if (reference !== '') purls.set(reference, textOf(component['purl']));
      walk(listOf(component['components']), depth + 1);
    }
  };
  walk([objectOf(root['metadata'])['component'], ...listOf(root['components'])], 0);
  return purls;
}
