// Reads the gemspec that RubyGems writes for an installed gem: generated Ruby of a fixed shape, never run.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { withoutPlatform } from './gemfile-lock.ts';

const NAME = /^[ \t]*s\.name[ \t]*=[ \t]*["']([^"']+)["'](?:\.freeze)?/m;
const VERSION = /^[ \t]*s\.version[ \t]*=[ \t]*["']([^"']+)["']/m;
const LICENSES = /^[ \t]*s\.licenses?[ \t]*=[ \t]*\[?([^\]\n]*)/m;

/** Name and version as far as the file says, else from its name: `rack-2.2.3.gemspec`. */
export function parseGemspec(text: string, path: string): ListedPackage | undefined {
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.gemspec'.length);
  const fromName = /^(.+?)-(\d[0-9A-Za-z.]*)(?:-.+)?$/.exec(stem);
  const name = NAME.exec(text)?.[1] ?? fromName?.[1] ?? '';
  const version = withoutPlatform(VERSION.exec(text)?.[1] ?? fromName?.[2] ?? '');
  if (!isPlausible(name, version)) return undefined;
  const declared = LICENSES.exec(text)?.[1] ?? '';
  const licenses = [...declared.matchAll(/["']([^"']{1,100})["']/g)].flatMap((match) => match[1] ?? []);
  return { name, version, licenses };
}
