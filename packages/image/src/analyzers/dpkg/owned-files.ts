// Which files a Debian package brought: `info/*.list`, `info/*.md5sums`, and the md5sums of distroless images.

/** Folders whose files nobody runs or loads: naming their owners would only fill memory. */
const IDLE_FOLDERS =
  /^\/usr\/share\/(?:doc|doc-base|man|info|locale|lintian|bug|icons|help|fonts|zoneinfo)\//;

/** Folders that merged systems keep below /usr while packages still name them at the top. */
const MERGED = /^\/(?:bin|sbin|lib|lib32|lib64|libx32)\//;

/** The package that a file of dpkg's info folder or of `status.d` is about: `libc6:i386` where it names the architecture. */
export function packageOfInfoFile(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.slice(0, file.lastIndexOf('.'));
}

/** Absolute paths of a `.list` file, without folders and without what is never run. */
export function parseFileList(text: string): string[] {
  const lines = text.split('\n');
  const files: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('/') || line === '/.' || IDLE_FOLDERS.test(line)) continue;
    // A folder is listed right before what is in it.
    if (lines[index + 1]?.startsWith(`${line}/`) === true) continue;
    files.push(line);
  }
  return files;
}

/** Absolute paths of a `.md5sums` file: `hash  usr/bin/x`. */
export function parseMd5sums(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const path = /^[0-9a-f]{32}\s+(\S.*)$/.exec(line)?.[1];
    if (path === undefined) return [];
    const absolute = `/${path.replace(/^\.?\//, '')}`;
    return IDLE_FOLDERS.test(absolute) ? [] : [absolute];
  });
}

/** The path itself and, for `/bin`, `/lib` …, where a system with merged folders really has it. */
export function placesOf(path: string): string[] {
  return MERGED.test(path) ? [path, `/usr${path}`] : [path];
}
