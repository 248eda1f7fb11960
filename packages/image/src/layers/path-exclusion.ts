// Paths that whoever scans does not want looked at. Trees are not walked there; of layers it is taken away after reading, so
// that what is kept of a layer is always the whole.

export interface PathExclusion {
  /** Whether this entry is left out, and with a folder all beneath it; not asked of what lies in a folder that is. */
  isExcluded(path: string, isDirectory: boolean): boolean;
  /** Told of what is left out: entries of trees; of layers, files in which something was found, maybe more than once. */
  onExcluded?(path: string, isDirectory: boolean): void;
}

/** The same that tells nobody. */
export function unheard(exclusion: PathExclusion): PathExclusion {
  return { isExcluded: (path, isDirectory) => exclusion.isExcluded(path, isDirectory) };
}

const MAX_KNOWN_FOLDERS = 50_000;

/** Answers for files whose folders were not asked about before. */
export function fileExclusion(exclusion: PathExclusion): (path: string) => boolean {
  const known = new Map<string, boolean>();
  function isFolderExcluded(folder: string): boolean {
    if (folder === '') return false;
    const answer = known.get(folder);
    if (answer !== undefined) return answer;
    const fresh = isFolderExcluded(folderOf(folder)) || exclusion.isExcluded(folder, true);
    if (known.size >= MAX_KNOWN_FOLDERS) known.clear();
    known.set(folder, fresh);
    return fresh;
  }
  return (path) => isFolderExcluded(folderOf(path)) || exclusion.isExcluded(path, false);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
