// Path arithmetic without touching the file system: relative to absolute, "." and ".." removed.

/**
 * Joins `path` to the absolute directory `base` and normalises it lexically, as the kernel would without symbolic
 * links. An absolute `path` ignores `base`. Without both the path stays relative.
 */
export function resolvePath(base: string, path: string): string {
  if (path === '') return base;
  const whole = path.startsWith('/') ? path : base === '' ? path : `${base}/${path}`;
  if (isNormal(whole)) return whole;
  const isAbsolute = whole.startsWith('/');
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push('..');
  }
  return (isAbsolute ? '/' : '') + parts.join('/');
}

function isNormal(path: string): boolean {
  return (
    !path.includes('//') &&
    !path.includes('/.') &&
    !path.startsWith('.') &&
    (path.length === 1 || !path.endsWith('/'))
  );
}
