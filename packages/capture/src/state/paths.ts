// Absolute paths: joined and normalised lexically, remembered because captures name the same files again and again.

const MAX_REMEMBERED = 65_536;
/** Longer paths are made each time. */
const MAX_REMEMBERED_LENGTH = 512;

/** Without a slash at its end, except for `/`. */
export function trimDirectory(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.replace(/\/+$/, '') || '/' : path;
}

/** Joins `path` to the directory `base` and removes `.`, `..` and double slashes, without looking at any file. */
export function joinPath(base: string, path: string): string {
  const parts: string[] = [];
  const whole = path.startsWith('/') ? path : `${base}/${path}`;
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return (whole.startsWith('/') ? '/' : '') + parts.join('/');
}

export class PathCache {
  readonly #absolute = new Map<string, string>();
  readonly #relative = new Map<string, Map<string, string>>();
  #remembered = 0;

  /** `path` made absolute; one that is relative to an unknown directory starts with `<UNKNOWN>`. */
  resolve(base: string | undefined, path: string): string {
    if (path.charCodeAt(0) === 47) {
      const known = this.#absolute.get(path);
      if (known !== undefined) return known;
      const made = joinPath('', path);
      this.#remember(this.#absolute, path, made);
      return made;
    }
    if (path === '') return base ?? '';
    if (base === undefined || base === '') return `<UNKNOWN>/${path}`;
    let known = this.#relative.get(base);
    if (known === undefined) {
      known = new Map();
      this.#relative.set(base, known);
    }
    const found = known.get(path);
    if (found !== undefined) return found;
    const made = joinPath(base, path);
    this.#remember(known, path, made);
    return made;
  }

  #remember(map: Map<string, string>, path: string, made: string): void {
    if (made.length > MAX_REMEMBERED_LENGTH || path.length > MAX_REMEMBERED_LENGTH) return;
    this.#remembered += 1;
    if (this.#remembered > MAX_REMEMBERED) {
      this.#absolute.clear();
      this.#relative.clear();
      this.#remembered = 0;
    }
    map.set(path, made);
  }
}
