// Splits paths at the last slash.

/** `/etc` for `/etc/passwd`, `/` for `/x`; undefined without a slash. */
export function directoryOf(path: string): string | undefined {
  const at = path.lastIndexOf('/');
  if (at < 0) return undefined;
  return at === 0 ? '/' : path.slice(0, at);
}

/** What stands after the last slash. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
