// Reads bun.lock, the text format: JSON with trailing commas.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { entriesOf, listOf, property, textOf } from '../untyped.ts';

/** Takes away commas before a closing bracket and line comments, outside of strings; linear in the text. */
export function strictJson(text: string): string {
  const parts: string[] = [];
  let start = 0;
  let comma = -1;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      comma = -1;
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    } else if (char === '/' && text[at + 1] === '/') {
      parts.push(text.slice(start, at));
      const end = text.indexOf('\n', at);
      at = (end < 0 ? text.length : end) - 1;
      start = at + 1;
    } else if (char === ',') {
      parts.push(text.slice(start, at));
      parts.push(',');
      start = at + 1;
      comma = parts.length - 1;
    } else if ((char === '}' || char === ']') && comma >= 0) {
      parts[comma] = '';
      comma = -1;
    } else if (char !== undefined && !/\s/.test(char)) comma = -1;
  }
  parts.push(text.slice(start));
  return parts.join('');
}

/** Packages of the `packages` table: `"name": ["name@1.2.3", …]`; workspaces, files and git are passed over. */
export function parseBunLock(text: string): ListedPackage[] {
  const document: unknown = JSON.parse(strictJson(text));
  const workspaces = entriesOf(property(document, 'workspaces')).map(([, entry]) => entry);
  const names = (fields: readonly string[]): Set<string> =>
    new Set(
      workspaces.flatMap((entry) =>
        fields.flatMap((field) => entriesOf(property(entry, field)).map(([name]) => name)),
      ),
    );
  const direct = names(['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']);
  return entriesOf(property(document, 'packages')).flatMap(([key, entry]): ListedPackage[] => {
    const spec = textOf(listOf(entry)[0]);
    const cut = spec.indexOf('@', 1);
    const name = spec.slice(0, cut);
    const version = spec.slice(cut + 1);
    if (cut < 0 || !isPlausible(name, version) || !/^\d/.test(version)) return [];
    return [{ name, version, ...(direct.has(key) ? { direct: true } : {}) }];
  });
}
