// Single packages of a Debian release, downloaded but not installed: real software to put into test images.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianRelease, debianSources } from './debian-root.ts';
import { command } from './run-command.ts';
import { testCache } from './test-cache.ts';

const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;

/**
 * Files of the packages, kept between runs.
 * @throws Error when the mirror does not have one.
 */
export async function debianArchives(
  release: DebianRelease,
  names: readonly string[],
): Promise<readonly string[]> {
  const folder = testCache(`archives-${release}`);
  const kept = (): ReadonlyMap<string, string> =>
    new Map(
      readdirSync(folder)
        .filter((file) => file.endsWith('.deb'))
        .map((file) => [file.split('_', 1)[0] ?? '', join(folder, file)]),
    );
  const missing = names.filter((name) => !kept().has(name));
  if (missing.length > 0) await download(release, missing, folder);
  const files = kept();
  return names.map((name) => files.get(name) ?? '');
}

async function download(release: DebianRelease, names: readonly string[], folder: string): Promise<void> {
  const own = join(folder, `apt-${process.pid}`);
  try {
    for (const part of ['lists/partial', 'cache/archives/partial', 'files']) {
      mkdirSync(join(own, part), { recursive: true });
    }
    writeFileSync(join(own, 'sources.list'), `${debianSources(release)[0]}\n`);
    writeFileSync(join(own, 'status'), '');
    // An apt of its own: the machine's configuration and lists stay as they are.
    const options = [
      `Dir::Etc::SourceList=${own}/sources.list`,
      'Dir::Etc::SourceParts=/nonexistent',
      `Dir::State::Lists=${own}/lists`,
      `Dir::State::status=${own}/status`,
      `Dir::Cache=${own}/cache`,
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    const run = { timeoutMs: DOWNLOAD_TIMEOUT_MS, cwd: join(own, 'files') };
    await command('apt-get', [...options, '-q', 'update'], run);
    await command('apt-get', [...options, '-q', 'download', ...names], run);
    for (const file of readdirSync(join(own, 'files'))) {
      if (existsSync(join(own, 'files', file))) renameSync(join(own, 'files', file), join(folder, file));
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
