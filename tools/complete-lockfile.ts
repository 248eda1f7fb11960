// Adds to package-lock.json what npm leaves out when the registry in use lacks a package for another platform.
// `npm ci` refuses a lockfile in which an optional dependency has no entry, even one for another system.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LOCKFILE = join(resolve(import.meta.dirname, '..'), 'package-lock.json');

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  packages: Record<string, LockEntry>;
}

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'aix',
  'win32',
];
const CPUS: readonly (readonly [RegExp, string])[] = [
  [/arm64|aarch64/, 'arm64'],
  [/arm-|arm$|armhf/, 'arm'],
  [/ia32/, 'ia32'],
  [/loong64/, 'loong64'],
  [/mips64el/, 'mips64el'],
  [/ppc64/, 'ppc64'],
  [/riscv64/, 'riscv64'],
  [/s390x/, 's390x'],
  [/wasm32/, 'wasm32'],
  [/x64/, 'x64'],
];

/** What a platform package's name says of where it runs; undefined when it names no system. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const os = SYSTEMS.find((system) => name.includes(system));
  const cpu = CPUS.find(([pattern]) => pattern.test(name))?.[1];
  if (os === undefined || cpu === undefined) return undefined;
  const libc =
    os !== 'linux' ? undefined : name.includes('musl') ? 'musl' : name.includes('gnu') ? 'glibc' : undefined;
  return { cpu: [cpu], ...(libc !== undefined && { libc: [libc] }), os: [os] };
}

/** Entries for optional platform packages that have none. */
function missingEntries(lockfile: Lockfile): Record<string, LockEntry> {
  const added: Record<string, LockEntry> = {};
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      const platform = platformOf(name);
      const isKnown = key in lockfile.packages || `${path}/${key}` in lockfile.packages;
      if (isKnown || platform === undefined || !/^\d/.test(version)) continue;
      added[key] = { version, ...platform, ...(entry.dev === true && { dev: true }), optional: true };
    }
  }
  return added;
}

if (import.meta.main) {
  const lockfile = JSON.parse(readFileSync(LOCKFILE, 'utf8')) as Lockfile;
  const added = missingEntries(lockfile);
  const names = Object.keys(added);
  if (process.argv.includes('--check')) {
    for (const name of names) console.error(`package-lock.json lacks ${name}`);
    process.exitCode = names.length === 0 ? 0 : 1;
  } else if (names.length > 0) {
    const packages = Object.entries({ ...lockfile.packages, ...added });
    packages.sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(
      LOCKFILE,
      `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(packages) }, null, 2)}\n`,
    );
    console.log(`package-lock.json: ${names.length} entries added`);
  }
}
