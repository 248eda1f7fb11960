// pubspec.lock: YAML that only pub writes: `packages:`, names indented by two, fields by four.
import type { FoundPackage } from '../found-package.ts';

const unquote = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

interface Entry {
  readonly name: string;
  readonly fields: Map<string, string>;
}

function toFound({ name, fields }: Entry): FoundPackage[] {
  const version = fields.get('version') ?? '';
  // Packages of the SDK carry 0.0.0 and are not on pub.dev; path packages are the project's own.
  const source = fields.get('source') ?? 'hosted';
  if (version === '' || source === 'sdk' || source === 'path') return [];
  const dependency = fields.get('dependency') ?? '';
  return [
    {
      name,
      version,
      direct: dependency.startsWith('direct'),
      ...(dependency === 'direct dev' ? { dev: true } : {}),
    },
  ];
}

/** Hosted and git packages with their dependency kind. */
export function parsePubspecLock(text: string): readonly FoundPackage[] {
  const entries: Entry[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) inside = line.startsWith('packages:');
    if (!inside) continue;
    const name = /^ {2}([^\s:#]+|"[^"]+"):\s*$/.exec(line)?.[1];
    if (name !== undefined) {
      entries.push({ name: unquote(name), fields: new Map() });
      continue;
    }
    const field = /^ {4}([a-z]+): *(\S.*)$/.exec(line);
    if (field?.[1] !== undefined && field[2] !== undefined) {
      entries.at(-1)?.fields.set(field[1], unquote(field[2]));
    }
  }
  return entries.flatMap(toFound);
}
