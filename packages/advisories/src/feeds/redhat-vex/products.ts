// The product tree of a CSAF document: which products are RHEL releases, which are packages.
import { listOf, objectOf, word } from '../../loose.ts';

const MAX_DEPTH = 30;

export interface RpmProduct {
  readonly name: string;
  /** Empty where the product is the package in whatever version. */
  readonly evr: string;
  /** `nodejs:18`, of modular packages. */
  readonly module: string;
}

export interface Products {
  /** Product id → `Red Hat:9`, mainline releases only. */
  readonly platforms: ReadonlyMap<string, string>;
  readonly packages: ReadonlyMap<string, RpmProduct>;
  /** Combined product id → [package, platform]. */
  readonly parts: ReadonlyMap<string, readonly [string, string]>;
}

const MAINLINE = /^cpe:\/[ao]:redhat:enterprise_linux:(\d+)(?:\.\d+)?(?:::|$)/;
const PURL = /^pkg:rpm\/redhat\/([^@?]+)(?:@([^?]+))?(?:\?(.*))?$/;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function rpmOf(purl: string): RpmProduct | undefined {
  const match = PURL.exec(purl);
  if (match === null) return undefined;
  const qualifiers = new URLSearchParams(match[3] ?? '');
  if (qualifiers.get('arch') === 'src' && match[2] !== undefined) return undefined;
  const epoch = qualifiers.get('epoch') ?? '0';
  const version = decoded(match[2] ?? '');
  return {
    name: decoded(match[1] ?? ''),
    evr: version === '' ? '' : `${epoch === '0' ? '' : `${epoch}:`}${version}`,
    module: (qualifiers.get('rpmmod') ?? '').split(':').slice(0, 2).join(':'),
  };
}

/** Walks the branches once. */
export function readProducts(tree: unknown): Products {
  const platforms = new Map<string, string>();
  const packages = new Map<string, RpmProduct>();
  const parts = new Map<string, readonly [string, string]>();
  const walk = (branches: readonly unknown[], depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const raw of branches) {
      const branch = objectOf(raw);
      const product = objectOf(branch['product']);
      const id = word(product['product_id']);
      const helper = objectOf(product['product_identification_helper']);
      const major = MAINLINE.exec(word(helper['cpe']))?.[1];
      if (major !== undefined) platforms.set(id, `Red Hat:${major}`);
      const rpm = rpmOf(word(helper['purl']));
      if (rpm !== undefined) packages.set(id, rpm);
      walk(listOf(branch['branches']), depth + 1);
    }
  };
  walk(listOf(objectOf(tree)['branches']), 0);
  for (const raw of listOf(objectOf(tree)['relationships'])) {
    const relation = objectOf(raw);
    const id = word(objectOf(relation['full_product_name'])['product_id']);
    parts.set(id, [word(relation['product_reference']), word(relation['relates_to_product_reference'])]);
  }
  return { platforms, packages, parts };
}
