// go.mod: https://go.dev/ref/mod#go-mod-file. Since Go 1.17 it lists indirect modules too, marked as such.
import type { FoundPackage } from '../found-package.ts';

interface Requirement {
  readonly version: string;
  readonly direct: boolean;
}

interface Replacement {
  readonly path: string;
  /** Empty for folders of the project. */
  readonly version: string;
}

interface GoMod {
  readonly required: Map<string, Requirement>;
  /** By `path` or `path version`. */
  readonly replaced: Map<string, Replacement>;
}

const words = (line: string): readonly string[] =>
  line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^["`](.*)["`]$/, '$1'));

function takeLine(mod: GoMod, verb: string, code: string, comment: string): void {
  const parts = words(code);
  const [path, version] = parts;
  if (path === undefined || path === '') return;
  if (verb === 'require' && version !== undefined) {
    mod.required.set(path, { version, direct: !/^\s*indirect\b/.test(comment) });
  }
  const arrow = parts.indexOf('=>');
  const target = parts[arrow + 1];
  if (verb === 'replace' && arrow > 0 && target !== undefined) {
    mod.replaced.set(parts.slice(0, arrow).join(' '), { path: target, version: parts[arrow + 2] ?? '' });
  }
}

function readLines(text: string): GoMod {
  const mod: GoMod = { required: new Map(), replaced: new Map() };
  let block = '';
  for (const line of text.split('\n')) {
    const cut = line.indexOf('//');
    const code = (cut < 0 ? line : line.slice(0, cut)).trim();
    const comment = cut < 0 ? '' : line.slice(cut + 2);
    const opening = /^(require|replace|exclude|retract|tool|godebug|ignore)\s*\($/.exec(code)?.[1];
    if (opening !== undefined) block = opening;
    else if (code === ')') block = '';
    else if (block !== '') takeLine(mod, block, code, comment);
    else {
      const verb = /^(require|replace)\s/.exec(code)?.[1];
      if (verb !== undefined) takeLine(mod, verb, code.slice(verb.length), comment);
    }
  }
  return mod;
}

/** Required modules after replacements; modules replaced by a folder are the project's own code. */
export function parseGoMod(text: string): readonly FoundPackage[] {
  const { required, replaced } = readLines(text);
  return [...required].flatMap(([path, { version, direct }]) => {
    const other = replaced.get(`${path} ${version}`) ?? replaced.get(path);
    if (other === undefined) return [{ name: path, version, direct }];
    return other.version === '' ? [] : [{ name: other.path, version: other.version, direct }];
  });
}
