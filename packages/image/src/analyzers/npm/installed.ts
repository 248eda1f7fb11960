// Reads the package.json of an installed package.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { listOf, property, textOf } from '../untyped.ts';

/** Folders in which distributions keep packages of Node without a node_modules above. */
const SYSTEM_FOLDERS = /^\/usr\/(?:share|lib)\/nodejs\/(?:@[^/]+\/)?[^/]+\/package\.json$/;
const ROOT_OF_PACKAGE = /\/node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/;

/** True for the package.json at the root of an installed package, not for those deeper within it. */
export function isInstalledManifest(path: string): boolean {
  return path.endsWith('/package.json') && (ROOT_OF_PACKAGE.test(path) || SYSTEM_FOLDERS.test(path));
}

function licensesOf(manifest: unknown): string[] {
  const names = [property(manifest, 'license'), ...listOf(property(manifest, 'licenses'))].map(
    (value) => textOf(value) || textOf(property(value, 'type')),
  );
  return names.filter((name) => name !== '' && name.length <= 200);
}

/** The package that a manifest names; undefined without name or version, as in manifests that only set `type`. */
export function parseManifest(manifest: unknown): ListedPackage | undefined {
  const name = textOf(property(manifest, 'name'));
  const version = textOf(property(manifest, 'version'))
    .trim()
    .replace(/^[v=]+/, '');
  if (!isPlausible(name, version)) return undefined;
  return { name, version, licenses: licensesOf(manifest) };
}
