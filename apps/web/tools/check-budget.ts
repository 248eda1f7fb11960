// Prints the compressed sizes of the built console and fails when it is heavier than promised.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = resolve(import.meta.dirname, '../dist');
/** What the first screen must load, and what any other screen may add; bytes after gzip. */
export const INITIAL_JS_MAX: number = 180 * 1024;
export const CHUNK_JS_MAX: number = 60 * 1024;

export interface ChunkSize {
  readonly name: string;
  readonly bytes: number;
  readonly gzBytes: number;
  /** Loaded by index.html itself, or by what that loads without asking. */
  readonly initial: boolean;
}

export interface BudgetReport {
  readonly chunks: readonly ChunkSize[];
  readonly initialJsGz: number;
  readonly initialCssGz: number;
  /** One sentence for each promise that is broken. */
  readonly problems: readonly string[];
}

/** Files that are loaded with certainty: named in index.html, and imported statically by those. */
function initialFiles(dist: string): Set<string> {
  const found = new Set<string>();
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const waiting = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, file = '']) => file);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file) || !existsSync(join(dist, file))) continue;
    found.add(file);
    if (!file.endsWith('.js')) continue;
    const code = readFileSync(join(dist, file), 'utf8');
    // Static imports only: `import{a}from"./x.js"`, `import"./x.js"`, `export…from"./x.js"`; never `import("./x.js")`.
    for (const [, name = ''] of code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g)) {
      waiting.push(`assets/${name}`);
    }
  }
  return found;
}

/** Measures a built console. @throws Error when there is none in `dist`. */
export function measureConsole(dist: string = DIST): BudgetReport {
  if (!existsSync(join(dist, 'index.html'))) throw new Error(`there is no built console in ${dist}`);
  const initial = initialFiles(dist);
  const chunks = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => {
      const content = readFileSync(join(dist, name));
      const gzBytes = gzipSync(content, { level: 9 }).length;
      return { name, bytes: content.length, gzBytes, initial: initial.has(name) };
    })
    .sort((a, b) => Number(b.initial) - Number(a.initial) || b.gzBytes - a.gzBytes);
  const sum = (suffix: string): number =>
    chunks
      .filter(({ name, initial: first }) => first && name.endsWith(suffix))
      .reduce((all, { gzBytes }) => all + gzBytes, 0);
  const initialJsGz = sum('.js');
  const heavy = chunks.filter(
    ({ name, initial: first, gzBytes }) => !first && name.endsWith('.js') && gzBytes > CHUNK_JS_MAX,
  );
  return {
    chunks,
    initialJsGz,
    initialCssGz: sum('.css'),
    problems: [
      ...(initialJsGz > INITIAL_JS_MAX
        ? [`initial JavaScript is ${kb(initialJsGz)}, more than ${kb(INITIAL_JS_MAX)}`]
        : []),
      ...heavy.map(({ name, gzBytes }) => `${name} is ${kb(gzBytes)}, more than ${kb(CHUNK_JS_MAX)}`),
    ],
  };
}

function kb(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`;
}

if (import.meta.main) {
  const report = measureConsole();
  for (const { name, gzBytes, initial } of report.chunks) {
    console.log(`${kb(gzBytes).padStart(10)}  ${initial ? 'initial' : 'lazy   '}  ${name}`);
  }
  console.log(`initial: ${kb(report.initialJsGz)} JavaScript, ${kb(report.initialCssGz)} CSS (gzip)`);
  for (const problem of report.problems) console.error(`budget: ${problem}`);
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}
