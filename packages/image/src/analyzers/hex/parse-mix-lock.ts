// mix.lock: one Elixir map, an entry a line, as Mix writes it.
import type { FoundPackage } from '../found-package.ts';

const ENTRY = /^\s*"([^"]{1,200})": *\{:hex, *:([^,\s]{1,200}), *"([^"]{1,100})"/;

/** Packages from Hex; git and path dependencies have no version. */
export function parseMixLock(text: string): readonly FoundPackage[] {
  const found: FoundPackage[] = [];
  for (const line of text.split('\n')) {
    const entry = ENTRY.exec(line);
    // The second name is the one on Hex; the first is the application's, which may differ.
    const name = entry?.[2]?.replace(/^"|"$/g, '');
    if (name && entry?.[3]) found.push({ name, version: entry[3] });
  }
  return found;
}
