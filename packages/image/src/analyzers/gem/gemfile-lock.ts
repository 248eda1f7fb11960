// Reads Gemfile.lock (and gems.locked): sections of indented lines.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { needSign } from '../untyped.ts';

const SOURCES: ReadonlySet<string> = new Set(['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE']);

/** `1.15.4-x86_64-linux` → the version alone; gems for a platform have the version of the gem. */
export function withoutPlatform(version: string): string {
  const cut = version.indexOf('-');
  return cut < 0 ? version : version.slice(0, cut);
}

/**
 * Gems below `specs:` of every source but the project's own folder (`PATH`), with those under `DEPENDENCIES` as
 * direct. Lines not known are passed over; takes time linear in the text.
 * @throws Error for a text of another kind
 */
export function parseGemfileLock(text: string): ListedPackage[] {
  needSign(text, /^(?:GEM|GIT|PATH|PLUGIN SOURCE|PLATFORMS|DEPENDENCIES)\s*$/m);
  const gems: { readonly name: string; readonly version: string }[] = [];
  const direct = new Set<string>();
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    if (line === '') continue;
    if (!line.startsWith(' ')) {
      section = line;
      continue;
    }
    if (section === 'DEPENDENCIES') {
      const name = /^ {2}([^\s!(]+)/.exec(line)?.[1];
      if (name !== undefined) direct.add(name);
      continue;
    }
    if (!SOURCES.has(section) || section === 'PATH') continue;
    // Four spaces: a gem with its version. Six: what it depends on.
    const gem = /^ {4}(\S+) \(([^()\s]+)\)$/.exec(line);
    const name = gem?.[1] ?? '';
    const version = withoutPlatform(gem?.[2] ?? '');
    if (isPlausible(name, version)) gems.push({ name, version });
  }
  return gems.map((gem) => (direct.has(gem.name) ? { ...gem, direct: true } : gem));
}
