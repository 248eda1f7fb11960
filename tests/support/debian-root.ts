// Real Debian root file systems, made by mmdebstrap from the mirror that this machine uses, and kept between runs.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptProblem } from './apt-packages.ts';
import { tryCommand } from './run-command.ts';
import { testCache } from './test-cache.ts';

export const DEBIAN_RELEASES = ['bullseye', 'bookworm', 'trixie'] as const;
export type DebianRelease = (typeof DEBIAN_RELEASES)[number];

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const BUILD_TIMEOUT_MS = 15 * 60_000;

/** Why Debian's releases cannot be built here at all; empty when they can. */
export async function debianProblem(): Promise<string> {
  if (process.getuid?.() !== 0) return 'building a Debian root file system needs root';
  if (!existsSync('/usr/bin/apt-get')) return 'this machine has no apt';
  return aptProblem({ mmdebstrap: '/usr/bin/mmdebstrap', 'debian-archive-keyring': KEYRING });
}

/** Addresses of repositories in the machine's own configuration, one-line and deb822 style. */
function configuredMirrors(): readonly string[] {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return ['/etc/apt/sources.list', ...files]
    .filter((file) => existsSync(file) && /\.(?:list|sources)$/.test(file))
    .flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/^(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(\S+)/gm),
    ])
    .map((match) => (match[1] ?? '').replace(/\/+$/, ''));
}

/** The archive and its security updates, as `deb` lines for a release. */
export function debianSources(release: DebianRelease): readonly string[] {
  const mirrors = configuredMirrors();
  const archive = mirrors.find((address) => address.endsWith('/debian'));
  if (archive === undefined)
    throw new Error('no mirror of Debian in /etc/apt/sources.list or sources.list.d');
  const security = mirrors.find((address) => address.endsWith('/debian-security')) ?? `${archive}-security`;
  return [`deb ${archive} ${release} main`, `deb ${security} ${release}-security main`];
}

/**
 * The root file system of a release as a tar: minimal, with apt and dpkg.
 * @param include more packages; they are part of the name that the result is kept under.
 * @throws Error when the mirror does not give it.
 */
export async function debianRoot(release: DebianRelease, include: readonly string[] = []): Promise<string> {
  const name = [release, 'minbase', ...include].join('-').slice(0, 120);
  const kept = join(testCache('debian'), `${name}.tar`);
  if (existsSync(kept)) return kept;
  const fresh = `${kept}.${process.pid}`;
  const options = ['--mode=root', '--variant=minbase', '--format=tar', `--keyring=${KEYRING}`];
  const more = include.length === 0 ? [] : [`--include=${include.join(',')}`];
  const build = [...options, ...more, release, fresh, ...debianSources(release)];
  const result = await tryCommand('/usr/bin/mmdebstrap', build, { timeoutMs: BUILD_TIMEOUT_MS });
  if (result.code !== 0) {
    rmSync(fresh, { force: true });
    throw new Error(`mmdebstrap could not make ${release} (${result.code}): ${result.stderr.slice(-2000)}`);
  }
  renameSync(fresh, kept);
  return kept;
}
