// NuGet: packages.lock.json, *.deps.json of published programs, packages.config and Directory.Packages.props.
import { childrenOf, readXml, textAt } from '@guardcell/core';
import type { FoundPackage } from '../found-package.ts';
import { entriesOf, property, textOf } from '../untyped.ts';

/** A version, not a range (`[1.0,2.0)`, `1.*`) and not a property (`$(Version)`). */
const VERSION = /^\d[\w.+-]{0,99}$/;

const MANIFEST = { lenient: true, mostElements: 500_000 };

/** Lock file: frameworks, then packages. Projects of the same solution are no packages. */
export function parsePackagesLock(text: string): readonly FoundPackage[] {
  const json: unknown = JSON.parse(text);
  return entriesOf(property(json, 'dependencies')).flatMap(([, framework]) =>
    entriesOf(framework).flatMap(([name, entry]) => {
      const version = textOf(property(entry, 'resolved'));
      const type = textOf(property(entry, 'type'));
      if (!VERSION.test(version) || type === 'Project') return [];
      return [{ name, version, direct: type === 'Direct' }];
    }),
  );
}

/**
 * What a published program brings along: libraries of type `package`. Those without files at run time in any target
 * are not part of it. The runtime of a self-contained program is a package too.
 */
export function parseDepsJson(text: string): readonly FoundPackage[] {
  const json: unknown = JSON.parse(text);
  const targets = entriesOf(property(json, 'targets')).map(([, target]) => target);
  return entriesOf(property(json, 'libraries')).flatMap(([key, library]) => {
    const cut = key.lastIndexOf('/');
    const type = textOf(property(library, 'type'));
    if (cut <= 0 || (type !== 'package' && type !== 'runtimepack')) return [];
    const used = targets.some((target) =>
      ['runtime', 'runtimeTargets', 'native', 'resources'].some(
        (files) => entriesOf(property(property(target, key), files)).length > 0,
      ),
    );
    const version = key.slice(cut + 1);
    if (!VERSION.test(version) || (targets.length > 0 && !used)) return [];
    return [{ name: key.slice(0, cut).replace(/^runtimepack\./, ''), version }];
  });
}

/** `<package id="…" version="…" developmentDependency="true"/>`. */
export function parsePackagesConfig(text: string): readonly FoundPackage[] {
  return childrenOf(readXml(text, MANIFEST), 'package').flatMap(({ attributes }) => {
    const name = attributes.get('id') ?? '';
    const version = attributes.get('version') ?? '';
    if (name === '' || !VERSION.test(version)) return [];
    const dev = attributes.get('developmentDependency') === 'true';
    return [{ name, version, direct: true, ...(dev ? { dev: true } : {}) }];
  });
}

/** Central versions: `<PackageVersion Include="…" Version="…"/>`; `$(Name)` from the file's own properties. */
export function parsePackagesProps(text: string): readonly FoundPackage[] {
  const root = readXml(text, MANIFEST);
  const properties = new Map<string, string>();
  for (const group of childrenOf(root, 'PropertyGroup')) {
    for (const { name, text: value } of group.children) properties.set(name, value.trim());
  }
  return childrenOf(root, 'ItemGroup').flatMap((group) =>
    group.children.flatMap((item) => {
      const { name: kind, attributes } = item;
      if (!/^(?:PackageVersion|PackageReference|GlobalPackageReference)$/.test(kind)) return [];
      const name = attributes.get('Include') ?? attributes.get('Update') ?? '';
      const written = attributes.get('Version') ?? textAt(item, 'Version');
      const version = written.replace(
        /^\$\(([\w.]{1,100})\)$/,
        (whole, key: string) => properties.get(key) ?? whole,
      );
      return name === '' || !VERSION.test(version) ? [] : [{ name, version, direct: true }];
    }),
  );
}
