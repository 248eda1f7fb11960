// What the generators of pages share: writing them, or with `--check` comparing with what is there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** `file` is below the root of the repository; `generator` is named to whoever has to run it. Sets the exit code. */
export function writePages(
  generator: string,
  pages: readonly { readonly file: string; readonly wanted: string }[],
): void {
  for (const { file, wanted } of pages) {
    const path = join(ROOT, file);
    if (!process.argv.includes('--check')) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, wanted);
      console.log(`${file}: written`);
    } else if (existsSync(path) && readFileSync(path, 'utf8') === wanted) {
      console.log(`${file}: up to date`);
    } else {
      console.error(`${file} is out of date; run \`node tools/${generator}\``);
      process.exitCode = 1;
    }
  }
}
