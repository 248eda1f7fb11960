// Reads yarn.lock, the classic format and that of berry; both are blocks of indented lines.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { needSign } from '../untyped.ts';

function unquoted(text: string): string {
  const value = text.trim();
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

/** `@scope/name@^1.0.0` → name and what it was asked for by. */
function splitSpec(spec: string): { readonly name: string; readonly range: string } {
  const cut = spec.indexOf('@', 1);
  return cut < 0 ? { name: spec, range: '' } : { name: spec.slice(0, cut), range: spec.slice(cut + 1) };
}

/** The package a block is about: its first spec, or what the alias stands for. */
function nameOfBlock(header: string, resolution: string): string {
  if (resolution !== '') return splitSpec(resolution).name;
  const first = unquoted(unquoted(header.replace(/:\s*$/, '')).split(',', 1)[0] ?? '').replaceAll('"', '');
  const { name, range } = splitSpec(first);
  return range.startsWith('npm:') && range.includes('@', 5) ? splitSpec(range.slice(4)).name : name;
}

interface Block {
  readonly header: string;
  version: string;
  resolution: string;
}

function finish(block: Block | undefined): ListedPackage[] {
  if (block === undefined || block.header.startsWith('__metadata')) return [];
  // Workspaces, links and portals are the project's own folders.
  if (/@(?:workspace|link|portal|file):/.test(block.resolution) || block.version === '0.0.0-use.local')
    return [];
  const name = nameOfBlock(block.header, block.resolution);
  return isPlausible(name, block.version) ? [{ name, version: block.version }] : [];
}

/**
 * Packages of either format, told apart by their lines: `version "1.2.3"` is classic, `version: 1.2.3` berry.
 * Lines of a shape not known are passed over; takes time linear in the text. @throws Error for a text of another kind
 */
export function parseYarnLock(text: string): ListedPackage[] {
  needSign(text, /^(?:# yarn lockfile|__metadata:|[^\s#].*:\r?$)/m);
  const listed: ListedPackage[] = [];
  let block: Block | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) {
      listed.push(...finish(block));
      block =
        line.endsWith(':') && line.length < 65_536
          ? { header: line, version: '', resolution: '' }
          : undefined;
      continue;
    }
    // Only the two spaces of the block itself: deeper lines are dependencies.
    const field = /^ {2}(version|resolution):? (.+)$/.exec(line);
    if (block === undefined || field === null) continue;
    if (field[1] === 'version') block.version = unquoted(field[2] ?? '');
    else block.resolution = unquoted(field[2] ?? '');
  }
  listed.push(...finish(block));
  return listed;
}
