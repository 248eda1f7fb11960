// Reads lock files of Python tools: poetry, uv, pdm, Pipenv and the common pylock.toml.
import { parse } from 'smol-toml';
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { entriesOf, listOf, needMember, property, textOf } from '../untyped.ts';
import { normalizedName } from './name.ts';

/** Decodes TOML; throws `TomlError` for what is none. Nesting is bounded. */
function toml(text: string): unknown {
  return parse(text, { maxDepth: 100, integersAsBigInt: 'asNeeded' });
}

function listed(
  entry: unknown,
  flags: { readonly dev?: boolean; readonly direct?: boolean },
): ListedPackage[] {
  const name = normalizedName(textOf(property(entry, 'name')));
  const version = textOf(property(entry, 'version'));
  if (!isPlausible(name, version)) return [];
  return [
    {
      name,
      version,
      ...(flags.dev === true ? { dev: true } : {}),
      ...(flags.direct === true ? { direct: true } : {}),
    },
  ];
}

/** Groups of poetry and pdm that are not for development. */
const RUNTIME_GROUPS: ReadonlySet<string> = new Set(['main', 'default']);

function onlyDevGroups(entry: unknown): boolean {
  const groups = listOf(property(entry, 'groups')).map(textOf);
  if (groups.length > 0) return !groups.some((group) => RUNTIME_GROUPS.has(group));
  return textOf(property(entry, 'category')) === 'dev';
}

/** poetry.lock (all versions) and pdm.lock: `[[package]]` with `groups` or the older `category`. */
export function parsePoetryOrPdmLock(text: string): ListedPackage[] {
  return listOf(property(toml(text), 'package')).flatMap((entry) => {
    const ownFolder = textOf(property(property(entry, 'source'), 'type')) === 'directory';
    return ownFolder || property(entry, 'path') !== undefined
      ? []
      : listed(entry, { dev: onlyDevGroups(entry) });
  });
}

function dependencyNames(value: unknown): string[] {
  return listOf(value).map((entry) => textOf(property(entry, 'name')));
}

/** uv.lock: projects have a source of their own folder; what none of their runtime dependencies leads to is `dev`. */
export function parseUvLock(text: string): ListedPackage[] {
  const entries = listOf(property(toml(text), 'package'));
  const own = (entry: unknown): boolean =>
    ['editable', 'virtual', 'directory', 'workspace'].some(
      (kind) => property(property(entry, 'source'), kind) !== undefined,
    );
  const next = (entry: unknown): string[] => [
    ...dependencyNames(property(entry, 'dependencies')),
    ...entriesOf(property(entry, 'optional-dependencies')).flatMap(([, list]) => dependencyNames(list)),
  ];
  const byName = new Map<string, unknown[]>();
  for (const entry of entries) {
    const name = textOf(property(entry, 'name'));
    const versions = byName.get(name);
    if (versions === undefined) byName.set(name, [entry]);
    else versions.push(entry);
  }
  const projects = entries.filter(own);
  const direct = new Set(
    projects.flatMap((entry) => [
      ...next(entry),
      ...entriesOf(property(entry, 'dev-dependencies')).flatMap(([, list]) => dependencyNames(list)),
    ]),
  );
  const used = new Set<string>();
  const pending = projects.flatMap(next);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    for (const entry of byName.get(name) ?? []) pending.push(...next(entry));
  }
  return entries.flatMap((entry) => {
    const name = textOf(property(entry, 'name'));
    if (own(entry)) return [];
    return listed(entry, { dev: projects.length > 0 && !used.has(name), direct: direct.has(name) });
  });
}

/** pylock.toml (PEP 751): `[[packages]]`; folders of the project have no version there. */
export function parsePylock(text: string): ListedPackage[] {
  return listOf(property(toml(text), 'packages')).flatMap((entry) =>
    property(entry, 'directory') === undefined ? listed(entry, {}) : [],
  );
}

/** Pipfile.lock: JSON with `default` and `develop`. @throws Error for a document of another kind */
export function parsePipfileLock(text: string): ListedPackage[] {
  const document: unknown = JSON.parse(text);
  needMember(document, ['_meta', 'default', 'develop']);
  return ['default', 'develop'].flatMap((group) =>
    entriesOf(property(document, group)).flatMap(([name, entry]) => {
      const version = textOf(property(entry, 'version')).replace(/^===?/, '');
      const direct = property(entry, 'index') !== undefined;
      return listed({ name, version }, { dev: group === 'develop', direct });
    }),
  );
}
