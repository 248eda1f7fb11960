// Which files belong to which package: file lists of system packages, records of installers, and folders by convention.
import type { SoftwarePackage } from '@guardcell/core';

/** A file or a whole folder, absolute within the artifact, and the package that brought it. */
export interface OwnedPath {
  readonly path: string;
  readonly isFolder: boolean;
  readonly purl: string;
}

export interface PackageFiles {
  readonly owned: readonly OwnedPath[];
  /** purl → purl of the system package whose files are also its own. */
  readonly aliases: ReadonlyMap<string, string>;
  /** purls of packages of which nobody knows the files: only named by a lock file, or of an ecosystem without records. */
  readonly unknown: readonly string[];
}

export interface PackageFilesInput {
  readonly packages: readonly SoftwarePackage[];
  /** Path → purl of the system package that owns the file. */
  readonly owners: ReadonlyMap<string, string>;
  /** purls of system packages whose list of files is missing, among others that have one. */
  readonly unlisted?: ReadonlySet<string>;
  /** Files by the metadata file or folder that lists them, absolute: `/x/site-packages/a-1.dist-info` → … */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** Later ones are left out, and their packages are then known in part only. */
const OWNED_MAX = 500_000;
const SYSTEM_TYPES: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm']);

type Place = Omit<OwnedPath, 'purl'>;
type PlacesOf = (item: SoftwarePackage, path: string, input: PackageFilesInput) => readonly Place[];

const file = (path: string): Place => ({ path, isFolder: false });
const folder = (path: string): Place => ({ path, isFolder: true });
const parent = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The program or archive itself; nested archives are in use when the outermost is. */
const itself: PlacesOf = (_, path) => [file(path.split('!/', 1)[0] ?? path)];

const npm: PlacesOf = (_, path) =>
  /\/(?:node_modules|nodejs)\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path) ? [folder(parent(path))] : [];

const composer: PlacesOf = (item, path) =>
  path.endsWith('/composer/installed.json') ? [folder(`${parent(parent(path))}/${item.name}`)] : [];

const pypi: PlacesOf = (item, path, { lists }) => {
  const metadata = /\.(?:dist|egg)-info\/[^/]+$/.test(path) ? parent(path) : path;
  const listed = lists.get(metadata);
  if (listed !== undefined) return listed.map(place);
  if (path.endsWith('/EGG-INFO/PKG-INFO')) return [folder(parent(parent(path)))];
  if (!metadata.endsWith('-info')) return [];
  // Without a record: the module that is named as the package is.
  const module = `${parent(metadata)}/${item.name.replaceAll('-', '_')}`;
  return [folder(module), file(`${module}.py`)];
};

/** Lists name folders with a slash at the end. */
function place(path: string): Place {
  return path.endsWith('/') ? folder(path.slice(0, -1)) : file(path);
}

const gem: PlacesOf = (item, path) => {
  const installed = /^(.*)\/specifications\/(default\/)?[^/]+\.gemspec$/.exec(path);
  if (installed === null) return [];
  const [, base = '', isDefault] = installed;
  if (isDefault === undefined) return [folder(`${base}/gems/${item.name}-${item.version}`)];
  // Gems that come with Ruby lie in its own library: `…/ruby/gems/3.1.0` → `…/ruby/3.1.0`.
  const library = base.replace(/\/gems\/([^/]+)$/, '/$1');
  const module = `${library}/${item.name.replaceAll('-', '/')}`;
  return [folder(module), file(`${module}.rb`)];
};

const nuget: PlacesOf = (item, path) =>
  path.endsWith('.deps.json') ? [file(`${parent(path)}/${item.name}.dll`)] : [];

const conda: PlacesOf = (_, path, { lists }) => (lists.get(path) ?? []).map(place);

const PLACES: Readonly<Partial<Record<string, PlacesOf>>> = {
  npm,
  composer,
  pypi,
  gem,
  nuget,
  conda,
  maven: (item, path, input) => (/\.[jwe]ar(?:!|$)/.test(path) ? itself(item, path, input) : []),
  golang: (item, path, input) => (/\/go\.(?:mod|sum)$/.test(path) ? [] : itself(item, path, input)),
  cargo: (item, path, input) => (/\/Cargo\.(?:lock|toml)$/.test(path) ? [] : itself(item, path, input)),
  binary: itself,
};

/** Files of all packages that were found in an artifact, as far as they are known. */
export function packageFiles(input: PackageFilesInput): PackageFiles {
  const owned: OwnedPath[] = [];
  const aliases = new Map<string, string>();
  const unknown: string[] = [];
  const withFiles = new Set<string>();

  function add(purl: string, { path, isFolder }: Place): void {
    // The root itself belongs to nobody.
    if (owned.length >= OWNED_MAX || path.length < 2) return;
    owned.push({ path, isFolder, purl });
    withFiles.add(purl);
  }

  for (const [path, purl] of input.owners) add(purl, file(path));
  for (const item of input.packages) {
    for (const { path } of item.locations) {
      for (const found of PLACES[item.type]?.(item, path, input) ?? []) add(item.purl, found);
    }
  }
  for (const { purl, type, ownedBy } of input.packages) {
    if (withFiles.has(purl)) continue;
    if (ownedBy !== undefined) aliases.set(purl, ownedBy);
    // A system package of documents alone has no files that matter, if its list is there.
    else if (!SYSTEM_TYPES.has(type) || input.owners.size === 0 || input.unlisted?.has(purl) === true)
      unknown.push(purl);
  }
  return { owned, aliases, unknown: [...new Set(unknown)] };
}
