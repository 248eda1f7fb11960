// Conan: conan.lock of version 2 (lists of references), of version 1 (a graph), and conanfile.txt with exact versions.
import type { FoundPackage } from '../found-package.ts';
import { entriesOf, listOf, property, textOf } from '../untyped.ts';

/** `name/version@user/channel#revision%time`; ranges in brackets are no version. */
const REFERENCE = /^([\w.+-]{1,100})\/([\w.+~-]{1,100})(?:@|#|%|$)/;

function fromReference(reference: string, flags: Partial<FoundPackage>): FoundPackage[] {
  const match = REFERENCE.exec(reference);
  return match?.[1] && match[2] ? [{ name: match[1], version: match[2], ...flags }] : [];
}

/** Build requirements are tools of the build, hence development packages. */
export function parseConanLock(text: string): readonly FoundPackage[] {
  const json: unknown = JSON.parse(text);
  const nodes = entriesOf(property(property(json, 'graph_lock'), 'nodes'));
  const tools = new Set(nodes.flatMap(([, node]) => listOf(property(node, 'build_requires'))));
  // Node 0 is the project itself.
  const wanted = new Set(listOf(property(nodes.find(([id]) => id === '0')?.[1], 'requires')));
  const listed = (key: string, flags: Partial<FoundPackage>): FoundPackage[] =>
    listOf(property(json, key)).flatMap((item) => fromReference(textOf(item), flags));
  const inGraph = nodes
    .filter(([id]) => id !== '0')
    .flatMap(([id, node]) =>
      fromReference(textOf(property(node, 'ref')), {
        direct: wanted.has(id),
        ...(tools.has(id) ? { dev: true } : {}),
      }),
    );
  return [...listed('requires', {}), ...listed('build_requires', { dev: true }), ...inGraph];
}

/** `[requires]` and `[tool_requires]`/`[build_requires]`; lines with version ranges are left out. */
export function parseConanfile(text: string): readonly FoundPackage[] {
  const found: FoundPackage[] = [];
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const heading = /^\[([\w-]+)\]$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    else if (section === 'requires') found.push(...fromReference(line, { direct: true }));
    else if (section === 'tool_requires' || section === 'build_requires') {
      found.push(...fromReference(line, { direct: true, dev: true }));
    }
  }
  return found;
}
