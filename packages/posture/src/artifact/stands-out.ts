// Which files of a system stand out by their bits or their place, told from their names, modes and capabilities alone.
import type { FileFact } from './facts.ts';
import { hasCapabilities } from './file-capabilities.ts';

const SETUID_OR_SETGID = 0o6000;
const WORLD_WRITABLE = 0o002;
const STICKY = 0o1000;
/** Where programs and settings of the system lie: who writes there takes the machine over. */
const SYSTEM = /^\/(?:usr|bin|sbin|lib\w{0,4}|etc|boot|opt|root)(?:\/|$)/;
const SHARED = /^\/(?:usr|bin|sbin|lib\w{0,4}|etc|boot|opt|root|var|tmp)(?:\/|$)/;

type Bits = Pick<FileFact, 'path' | 'mode' | 'isDirectory'>;

export function isSetuid({ mode, isDirectory }: Bits): boolean {
  // On folders setgid only passes the group on. Setgid without execution is mandatory locking, not a program.
  return !isDirectory && (mode & SETUID_OR_SETGID) !== 0 && (mode & 0o111) !== 0;
}

/** A file of the system that everybody may write. */
export function isOpenFile({ path, mode, isDirectory }: Bits): boolean {
  return !isDirectory && (mode & WORLD_WRITABLE) !== 0 && SYSTEM.test(path);
}

/** A folder in which everybody may replace what others have put there. */
export function isOpenFolder({ path, mode, isDirectory }: Bits): boolean {
  return isDirectory && (mode & WORLD_WRITABLE) !== 0 && (mode & STICKY) === 0 && SHARED.test(path);
}

const CACHES: readonly (readonly [RegExp, string])[] = [
  [
    /^\/var\/lib\/apt\/lists\/[^/]{1,200}_(?:Packages|Sources|InRelease|Release)(?:\.\w{1,4})?$/,
    '/var/lib/apt/lists',
  ],
  [/^\/var\/cache\/apt\/archives\/[^/]{1,200}\.deb$/, '/var/cache/apt/archives'],
  [/^\/var\/cache\/apk\/[^/]{1,200}\.(?:tar\.gz|apk)$/, '/var/cache/apk'],
  [/^\/var\/cache\/(?:dnf|libdnf5|yum)\/[^/]{1,200}$/, '/var/cache/dnf'],
  [/^\/var\/cache\/zypp\/(?:packages|solv)\/[^/]{1,200}$/, '/var/cache/zypp'],
  [/^\/var\/cache\/pacman\/pkg\/[^/]{1,200}\.pkg\.tar\.\w{2,4}$/, '/var/cache/pacman/pkg'],
  [/^\/root\/\.cache\/(?:pip\/http(?:-v2)?|go-build|yarn|composer)$/, '/root/.cache'],
  [/^\/root\/\.npm\/_cacache$/, '/root/.npm'],
  [/^\/usr\/local\/share\/\.cache\/yarn$/, '/usr/local/share/.cache/yarn'],
];
const HISTORY =
  /^\/(?:root|home\/[^/]{1,64})\/\.(?:bash|ash|zsh|sh|python|mysql|psql|node_repl|lesshst)_?history$/;

/** The cache of a package manager that the file, or the folder, belongs to. */
export function cacheOf(path: string): string | undefined {
  // Almost all paths are done with after one look.
  if (!/^\/(?:var\/(?:lib\/apt|cache)|root\/\.|usr\/local\/share\/\.)/.test(path)) return undefined;
  return CACHES.find(([pattern]) => pattern.test(path))?.[1];
}

export function isHistory({ path, size }: Pick<FileFact, 'path' | 'size'>): boolean {
  return size > 0 && HISTORY.test(path);
}

/** Whether any check would look at it. `isImage`: caches and histories have no place in images, and do on machines. */
export function standsOut(fact: FileFact, isImage: boolean): boolean {
  if (
    (fact.mode & (SETUID_OR_SETGID | WORLD_WRITABLE)) !== 0 &&
    (isSetuid(fact) || isOpenFile(fact) || isOpenFolder(fact))
  )
    return true;
  if (fact.capabilities !== undefined && hasCapabilities(fact)) return true;
  return isImage && (cacheOf(fact.path) !== undefined || isHistory(fact));
}
