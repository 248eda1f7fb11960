// Names within layers: made absolute without a way out of the artifact, and the marks that take files of lower layers away.

/** Longest path that is looked at, in characters: Linux opens nothing with more than 4096 bytes. */
export const MAX_PATH = 4096;

/**
 * Absolute path within the artifact: `./a//b/../c` becomes `/a/c`. `..` stops at the root, so that no name leads out.
 * Everything after a NUL is dropped.
 */
export function normalisePath(name: string): string {
  const end = name.indexOf('\0');
  const text = end === -1 ? name : name.slice(0, end);
  if (!needsWork(text)) return text.startsWith('/') ? text : `/${text}`;
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function needsWork(text: string): boolean {
  return (
    text === '' ||
    text.startsWith('.') ||
    text.endsWith('/') ||
    text.endsWith('/.') ||
    text.endsWith('/..') ||
    text.includes('//') ||
    text.includes('/./') ||
    text.includes('/../')
  );
}

export type Whiteout =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'opaque'; readonly directory: string };

/** What a whiteout entry takes away (OCI image specification, "Representing Changes"); undefined for all other names. */
export function whiteoutOf(path: string): Whiteout | undefined {
  const slash = path.lastIndexOf('/');
  const base = path.slice(slash + 1);
  if (!base.startsWith('.wh.')) return undefined;
  const directory = slash <= 0 ? '/' : path.slice(0, slash);
  if (base === '.wh..wh..opq') return { kind: 'opaque', directory };
  // Other names with two marks belong to aufs itself: no file of the image.
  if (base.startsWith('.wh..wh.')) return { kind: 'file', path: '' };
  return { kind: 'file', path: directory === '/' ? `/${base.slice(4)}` : `${directory}/${base.slice(4)}` };
}
