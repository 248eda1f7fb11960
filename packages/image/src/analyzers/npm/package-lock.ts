// Reads package-lock.json and npm-shrinkwrap.json, lock versions 1 to 3.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { asRecord, entriesOf, needMember, property, textOf } from '../untyped.ts';

/** Trees of version 1 nest; real ones stay far below. */
const MAX_DEPTH = 200;

function isRegistryVersion(version: string): boolean {
  return /^\d+\.\d+\.\d+/.test(version);
}

/** `npm:other@1.2.3` names what an alias stands for. */
function unaliased(name: string, version: string): { readonly name: string; readonly version: string } {
  if (!version.startsWith('npm:')) return { name, version };
  const spec = version.slice(4);
  const cut = spec.lastIndexOf('@');
  return cut > 0 ? { name: spec.slice(0, cut), version: spec.slice(cut + 1) } : { name, version };
}

function declaredNames(root: unknown): ReadonlySet<string> {
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  return new Set(fields.flatMap((field) => entriesOf(property(root, field)).map(([name]) => name)));
}

function licensesOf(entry: unknown): readonly string[] {
  const license = textOf(property(entry, 'license'));
  return license === '' ? [] : [license];
}

/** Keys of versions 2 and 3 are paths: `node_modules/a/node_modules/@s/b`. */
function fromPaths(packages: unknown): ListedPackage[] {
  const listed: ListedPackage[] = [];
  const folders = entriesOf(packages);
  // Workspaces declare as the root does; their keys are the folders outside of node_modules.
  const direct = new Set(
    folders.flatMap(([path, entry]) => (path.includes('node_modules/') ? [] : [...declaredNames(entry)])),
  );
  for (const [path, entry] of folders) {
    const cut = path.lastIndexOf('node_modules/');
    if (cut < 0 || property(entry, 'link') === true) continue;
    const placed = path.slice(cut + 'node_modules/'.length);
    // An alias keeps the name of the real package in `name`.
    const name = textOf(property(entry, 'name')) || placed;
    const version = textOf(property(entry, 'version'));
    if (!isPlausible(name, version)) continue;
    const dev = property(entry, 'dev') === true;
    listed.push({
      name,
      version,
      licenses: licensesOf(entry),
      ...(dev ? { dev: true } : {}),
      ...(path === `node_modules/${placed}` && direct.has(placed) ? { direct: true } : {}),
    });
  }
  return listed;
}

function fromTree(root: unknown): ListedPackage[] {
  const listed: ListedPackage[] = [];
  const pending: { readonly tree: unknown; readonly depth: number }[] = [{ tree: root, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [key, entry] of entriesOf(next.tree)) {
      const { name, version } = unaliased(key, textOf(property(entry, 'version')));
      // Files, links and git addresses have no version that a registry knows.
      if (isPlausible(name, version) && isRegistryVersion(version)) {
        listed.push({ name, version, ...(property(entry, 'dev') === true ? { dev: true } : {}) });
      }
      const inner = property(entry, 'dependencies');
      if (asRecord(inner) !== undefined && next.depth < MAX_DEPTH) {
        pending.push({ tree: inner, depth: next.depth + 1 });
      }
    }
  }
  return listed;
}

/** Packages of a decoded lock file; entries without version (links, workspaces) are passed over. @throws Error for a document of another kind */
export function parsePackageLock(document: unknown): ListedPackage[] {
  needMember(document, ['packages', 'dependencies', 'lockfileVersion']);
  const packages = property(document, 'packages');
  return asRecord(packages) === undefined
    ? fromTree(property(document, 'dependencies'))
    : fromPaths(packages);
}
