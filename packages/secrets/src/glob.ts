// Path patterns of allowances: `**` any folders, `*` within a folder, `?` one character.

/** RE2 pattern of a glob; a pattern without a leading slash matches at the root and below any folder. */
export function globToPattern(glob: string): string {
  const rooted = glob.startsWith('/');
  const body = (rooted ? glob.slice(1) : glob)
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:[^/]*/)*';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replace(/[.+^$(){}|[\]\\]/g, '\\$&');
    })
    .join('');
  return `${rooted ? '^/?' : '(?:^|/)'}${body}$`;
}
