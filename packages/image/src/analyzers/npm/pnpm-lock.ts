// Reads pnpm-lock.yaml, lock versions 5 to 9.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { asRecord, entriesOf, property, textOf } from '../untyped.ts';

interface NameAndVersion {
  readonly name: string;
  readonly version: string;
}

/**
 * Keys of `packages`: `/@s/n/1.0.0_peer@2.0.0` (5), `/@s/n@1.0.0(peer@2.0.0)` (6), `@s/n@1.0.0` (9); a registry
 * host may come first in 5.
 */
export function splitKey(key: string, major: number): NameAndVersion | undefined {
  const open = key.indexOf('(');
  const bare = open < 0 ? key : key.slice(0, open);
  const path = bare.startsWith('/') ? bare.slice(1) : bare;
  if (major >= 6) {
    const cut = path.indexOf('@', 1);
    return cut < 0 ? undefined : { name: path.slice(0, cut), version: path.slice(cut + 1) };
  }
  const parts = path.split('/');
  const at = parts.findIndex((part) => /^\d+\.\d+\.\d+/.test(part));
  if (at < 1) return undefined;
  const before = parts[at - 2];
  const name = `${before?.startsWith('@') === true ? `${before}/` : ''}${parts[at - 1] ?? ''}`;
  return { name, version: (parts[at] ?? '').split('_', 1)[0] ?? '' };
}

const GROUPS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;

/** `name@version` of what projects declare: a string up to 5, `{specifier, version}` from 6 on. */
function declared(document: unknown): {
  readonly all: ReadonlySet<string>;
  readonly runtime: ReadonlySet<string>;
} {
  const all = new Set<string>();
  const runtime = new Set<string>();
  const importers = [document, ...entriesOf(property(document, 'importers')).map(([, entry]) => entry)];
  for (const importer of importers) {
    for (const group of GROUPS) {
      for (const [name, value] of entriesOf(property(importer, group))) {
        const version = textOf(value) || textOf(property(value, 'version'));
        const key = `${name}@${version.split(/[(_]/, 1)[0] ?? ''}`;
        all.add(key);
        if (group !== 'devDependencies') runtime.add(key);
      }
    }
  }
  return { all, runtime };
}

/** Version 9 has no `dev` mark: everything that no runtime dependency leads to is for development. */
function reachable(document: unknown, roots: ReadonlySet<string>): ReadonlySet<string> {
  const snapshots = asRecord(property(document, 'snapshots')) ?? {};
  const byBare = new Map<string, string[]>();
  for (const key of Object.keys(snapshots)) {
    const bare = key.split('(', 1)[0] ?? key;
    byBare.set(bare, [...(byBare.get(bare) ?? []), key]);
  }
  const seen = new Set<string>();
  const pending = [...roots];
  for (let bare = pending.pop(); bare !== undefined; bare = pending.pop()) {
    if (seen.has(bare)) continue;
    seen.add(bare);
    for (const key of byBare.get(bare) ?? []) {
      for (const group of ['dependencies', 'optionalDependencies']) {
        for (const [name, value] of entriesOf(property(snapshots[key], group))) {
          const version = textOf(value).split('(', 1)[0] ?? '';
          // An alias is written with the full name of what it stands for.
          pending.push(version.includes('@', 1) ? version : `${name}@${version}`);
        }
      }
    }
  }
  return seen;
}

function majorOf(document: unknown): number {
  const version = property(document, 'lockfileVersion');
  return Math.trunc(Number.parseFloat(typeof version === 'number' ? String(version) : textOf(version))) || 5;
}

/** Packages of a lock file whose scalars are all strings; folders and links of the project are passed over. */
export function parsePnpmLock(document: unknown): ListedPackage[] {
  const major = majorOf(document);
  const { all, runtime } = declared(document);
  const used = major >= 9 ? reachable(document, runtime) : undefined;
  return entriesOf(property(document, 'packages')).flatMap(([key, entry]): ListedPackage[] => {
    const split = splitKey(key, major);
    const name = textOf(property(entry, 'name')) || (split?.name ?? '');
    const version = textOf(property(entry, 'version')) || (split?.version ?? '');
    if (!isPlausible(name, version) || !/^\d/.test(version)) return [];
    const id = `${name}@${version}`;
    const dev = used === undefined ? textOf(property(entry, 'dev')) === 'true' : !used.has(id);
    return [{ name, version, ...(dev ? { dev: true } : {}), ...(all.has(id) ? { direct: true } : {}) }];
  });
}
