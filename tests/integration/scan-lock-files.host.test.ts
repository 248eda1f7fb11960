// Lock files as the package managers themselves write them, all nine for one project: each gives the packages that npm
// resolves, and the advisories on them.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { command } from '../support/run-command.ts';
import { scanReport } from '../support/scan-cli.ts';
import { testCache } from '../support/test-cache.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-lock-files-'));
const CREATE_TIMEOUT_MS = 180_000;
after(() => rmSync(FOLDER, { recursive: true, force: true }));

const MANIFEST = JSON.stringify({
  name: 'shop',
  version: '1.0.0',
  private: true,
  dependencies: { express: '4.15.2', lodash: '4.17.4', minimist: '0.0.8' },
  devDependencies: { growl: '1.9.2' },
});

interface Manager {
  readonly file: string;
  readonly program: readonly string[];
  /** Direct and development packages are in its lock. */
  readonly tells: boolean;
}

const npm = (version: number): Manager => ({
  file: 'package-lock.json',
  program: [
    'npm',
    'install',
    '--package-lock-only',
    '--ignore-scripts',
    '--lockfile-version',
    String(version),
  ],
  tells: version > 1,
});
const pnpm = (version: string): Manager => ({
  file: 'pnpm-lock.yaml',
  program: ['npx', '-y', `pnpm@${version}`, 'install', '--lockfile-only'],
  tells: true,
});

const MANAGERS: Readonly<Record<string, Manager>> = {
  'npm, lock 1': npm(1),
  'npm, lock 2': npm(2),
  'npm, lock 3': npm(3),
  'yarn 1': {
    file: 'yarn.lock',
    program: ['npx', '-y', 'yarn@1.22.22', 'install', '--ignore-scripts', '--non-interactive'],
    tells: false,
  },
  'yarn 4': {
    file: 'yarn.lock',
    program: ['npx', '-y', '-p', '@yarnpkg/cli-dist@4.5.3', 'yarn', 'install', '--mode=update-lockfile'],
    tells: false,
  },
  'pnpm 7': pnpm('7.33.7'),
  'pnpm 8': pnpm('8.15.9'),
  'pnpm 9': pnpm('9.15.4'),
  bun: {
    file: 'bun.lock',
    program: ['npx', '-y', 'bun@1.2.4', 'install', '--lockfile-only', '--save-text-lockfile'],
    tells: false,
  },
};

/** The lock that a manager writes for the manifest; kept between runs, for its inputs never change. */
async function lockOf(name: string, { file, program }: Manager): Promise<string> {
  const kept = join(testCache('locks'), `${name.replaceAll(/[^a-z0-9]/g, '')}-${file}`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const folder = mkdtempSync(join(FOLDER, 'made-'));
  writeFileSync(join(folder, 'package.json'), MANIFEST);
  // Yarn 4 takes the folder for a project of its own only when it has a lock.
  if (name === 'yarn 4') writeFileSync(join(folder, file), '');
  const registry = (await command('npm', ['config', 'get', 'registry'])).trim();
  const settings = [
    `npm_config_registry=${registry}`,
    `YARN_NPM_REGISTRY_SERVER=${registry}`,
    'YARN_ENABLE_IMMUTABLE_INSTALLS=0',
    'YARN_ENABLE_TELEMETRY=0',
    'YARN_UNSAFE_HTTP_WHITELIST=*',
  ];
  await command('env', [...settings, ...program], { cwd: folder, timeoutMs: CREATE_TIMEOUT_MS });
  const text = readFileSync(join(folder, file), 'utf8');
  writeFileSync(kept, text);
  return text;
}

/** What npm makes of its own lock, `name version`. */
async function resolved(): Promise<readonly string[]> {
  const folder = join(FOLDER, 'resolved');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), MANIFEST);
  writeFileSync(join(folder, 'package-lock.json'), await lockOf('npm, lock 3', npm(3)));
  const listing = ['ls', '--package-lock-only', '--all', '--parseable', '--long'];
  const lines = (await command('npm', listing, { cwd: folder })).split('\n');
  return lines
    .flatMap((line) => /:(?!shop@)(@?[^@:]+)@([^:]+)/.exec(line)?.slice(1, 3).join(' ') ?? [])
    .sort();
}

test('locks of npm, yarn, pnpm and bun give the packages that npm resolves', async (t) => {
  const expected = await resolved();
  assert.ok(expected.length > 40);
  for (const [name, manager] of Object.entries(MANAGERS)) {
    await t.test(name, async () => {
      const project = mkdtempSync(join(FOLDER, 'project-'));
      writeFileSync(join(project, 'package.json'), MANIFEST);
      writeFileSync(join(project, manager.file), await lockOf(name, manager));
      const report = await scanReport(['fs', project, '--only', 'packages,vulnerabilities']);
      const labels = report.packages.map((one) => `${one.name} ${one.version}`).sort();
      assert.deepEqual(labels, expected);
      if (manager.tells) {
        const dev = report.packages.filter((one) => one.dev === true).map((one) => one.name);
        const direct = report.packages.filter((one) => one.direct === true).map((one) => one.name);
        assert.deepEqual(dev, ['growl']);
        assert.deepEqual(direct.sort(), ['express', 'growl', 'lodash', 'minimist']);
      }
      const ids = report.vulnerabilities.filter(({ packageName }) => packageName === 'lodash');
      assert.ok(ids.some(({ id }) => id === 'CVE-2019-10744'));
    });
  }
});
