import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithinInstalled } from './installed-tree.ts';
import { ANALYZERS } from './registry.ts';

const FOLDERS = [
  '/srv/app/node_modules/left',
  '/usr/lib/ruby/gems/3.1.0/gems/typeprof-0.21.2/vscode',
  '/usr/lib/python3/dist-packages/tool',
  '/opt/venv/lib/python3.12/site-packages/tool',
  '/root/go/pkg/mod/example.com/tool@v1.2.3',
  '/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/tool-1.2.3',
  '/usr/share/nodejs/tool',
] as const;

const AUTHORS_FILES = [
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'Gemfile.lock',
  'poetry.lock',
  'uv.lock',
  'requirements.txt',
  'composer.lock',
  'Cargo.lock',
  'go.mod',
  'pom.xml',
  'gradle.lockfile',
  'packages.lock.json',
  'mix.lock',
  'pubspec.lock',
  'Podfile.lock',
  'Package.resolved',
  'conan.lock',
  '.github/workflows/ci.yml',
] as const;

function wanted(path: string): readonly string[] {
  return ANALYZERS.filter((one) => one.wants({ path, size: 10, mode: 0o644, uid: 0, gid: 0 })).map(
    ({ id }) => id,
  );
}

test('what authors put into their packages for themselves is not read, a project of the same name is', () => {
  for (const file of AUTHORS_FILES) {
    assert.notDeepEqual(wanted(`/srv/project/${file}`), [], file);
    for (const folder of FOLDERS) assert.deepEqual(wanted(`${folder}/${file}`), [], `${folder}/${file}`);
  }
});

test('what is installed there is read', () => {
  for (const path of [
    '/srv/app/node_modules/left/package.json',
    '/srv/app/node_modules/left/lib/tool.jar',
    '/usr/lib/python3/dist-packages/tool-1.0.dist-info/METADATA',
    '/usr/lib/python3/dist-packages/bridge/runtime/app.deps.json',
    '/usr/lib/ruby/gems/3.1.0/specifications/tool-1.0.gemspec',
  ])
    assert.notDeepEqual(wanted(path), [], path);
});

test('folders that only look alike are projects', () => {
  for (const path of [
    '/srv/gems/Gemfile.lock',
    '/srv/registry/src/Cargo.lock',
    '/srv/nodejs/package-lock.json',
  ])
    assert.equal(isWithinInstalled(path), false, path);
});
