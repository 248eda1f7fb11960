// Builds the console when its sources changed since the last build. `guardcell up`, tests and benches call it.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runTool } from './run-tool.ts';

const ROOT = resolve(import.meta.dirname, '..');
const STAMP = join(ROOT, 'apps/web/dist/.sources');
const SOURCES = [
  'apps/web/{src,public}/**/*',
  'apps/web/{index.html,vite.config.ts,package.json}',
  'packages/{core,contract,rules}/src/**/*.ts',
  'content/mitre/*.json',
];

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()) {
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Returns whether a build was needed. @throws Error with Vite's output when the build fails. */
export async function buildConsole(): Promise<boolean> {
  const wanted = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false;
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const result = await runTool(process.execPath, [vite, 'build'], {
    cwd: join(ROOT, 'apps/web'),
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (result.code !== 0) throw new Error(`building the console failed\n${result.output}`);
  writeFileSync(STAMP, wanted);
  return true;
}

if (import.meta.main) console.log((await buildConsole()) ? 'console: built' : 'console: up to date');
