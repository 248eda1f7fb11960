// Real repositories of git for tests, made with the git of this machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSecretSettings, type SecretSettings } from '@guardcell/secrets';

export const SKIP_WITHOUT_GIT = spawnSync('git', ['--version']).status === 0 ? false : 'git is not installed';

/** A rule of a user: tests need no secret that looks like one of a service. */
export const SETTINGS: SecretSettings = readSecretSettings(
  '.guardcell.yaml',
  `secrets:
  rules:
    - { id: acme-token, severity: high, keywords: [acme_], pattern: 'acme_([0-9a-f]{32})' }
`,
).settings;

/** A line with a secret of its own. */
export function secretLine(name: string): string {
  return `TOKEN=acme_${createHash('md5').update(name).digest('hex')}\n`;
}

export interface RealRepository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  write(path: string, content: string | Uint8Array): void;
  /** Commits everything and returns its id. */
  commit(message: string): string;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** Makes a repository, runs the test, removes it. */
export async function withRepository(
  use: (repository: RealRepository) => Promise<void> | void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-history-'));
  let day = 1;
  const git = (...args: readonly string[]): string => {
    const date = `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;
    const env = { ...process.env, ...IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  };
  try {
    git('init', '-q', '-b', 'main', '.');
    await use({
      folder,
      git,
      write(path, content) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      },
      commit(message) {
        git('add', '-A');
        git('commit', '-q', '--allow-empty', '-m', message);
        day += 1;
        return git('rev-parse', 'HEAD').trim();
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
