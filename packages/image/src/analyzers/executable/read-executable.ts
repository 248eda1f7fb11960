// Which files are taken for programs, and their images whatever the format.
// Memory: headers are read, sections only where somebody looks at them; large files stay on disk.
import type { FileEntry } from '../../analyzer.ts';
import type { FileContent } from '../../content/file-content.ts';
import type { ExecutableImage } from './executable-image.ts';
import { readElf } from './read-elf.ts';
import { readMachO } from './read-mach-o.ts';
import { readPe } from './read-pe.ts';

/** Larger programs are reported as not looked at. */
export const MAX_EXECUTABLE_BYTES: number = 2 ** 30;

/** Below this there is no room for a program of Go, Rust or C with a version in it. */
const MIN_EXECUTABLE_BYTES = 4096;

/** Scripts, libraries of other languages and data that archives mark as executable by mistake. */
const NEVER =
  /^\/(?:proc|sys|dev)\/|\.(?:sh|bash|py|pyc|pl|pm|rb|js|mjs|cjs|ts|json|ya?ml|xml|html?|css|md|txt|jar|war|class|gz|xz|zst|bz2|zip|tar|png|jpe?g|svg|gif|ttf|woff2?|h|c|o|a|la|ko)$/i;

/** By mode, size and name alone: executable for somebody, or a Windows program. */
export function wantsExecutable(entry: FileEntry): boolean {
  if (entry.link !== undefined || entry.size < MIN_EXECUTABLE_BYTES || NEVER.test(entry.path)) return false;
  return (entry.mode & 0o111) !== 0 || entry.path.endsWith('.exe');
}

/** Undefined for everything that is no program. */
export function readExecutable(content: FileContent): ExecutableImage | undefined {
  if (content.size < 32) return undefined;
  return readElf(content) ?? readPe(content) ?? readMachO(content);
}
