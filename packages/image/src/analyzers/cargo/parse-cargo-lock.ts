// Cargo.lock, formats 1 to 4: a TOML file that only Cargo writes, so that lines are enough.
import type { FoundPackage } from '../found-package.ts';

const FIELD = /^([a-z_]+) *= *"([^"]*)"/;

/**
 * Packages with a `source`, which come from a registry or git. Those without are the project's own members: their
 * names may be those of strangers in the registry.
 */
export function parseCargoLock(text: string): readonly FoundPackage[] {
  const found: FoundPackage[] = [];
  let current: Map<string, string> | undefined;
  const finish = (): void => {
    const name = current?.get('name');
    const version = current?.get('version');
    if (name && version && current?.has('source')) found.push({ name, version });
    current = undefined;
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) {
      finish();
      // Format 1 calls the crate that the file belongs to `[root]`.
      if (/^\[\[package\]\]|^\[root\]/.test(line)) current = new Map();
      continue;
    }
    const field = current === undefined ? null : FIELD.exec(line);
    if (field?.[1] !== undefined && field[2] !== undefined) current?.set(field[1], field[2]);
  }
  finish();
  return found;
}
