// Waits for files to change: editors write in bursts, so a change is told when a moment has passed without another.
import { existsSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';

const QUIET_MS = 150;

/** The path that changed last, after each burst of changes to YAML files, until the signal aborts. */
export async function* changes(
  paths: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  const folders = new Set(
    paths
      .filter((path) => existsSync(path))
      .map((path) => (statSync(path).isDirectory() ? path : dirname(path))),
  );
  let changed = '';
  let timer: NodeJS.Timeout | undefined;
  let wake: () => void = () => undefined;
  const watchers = [...folders].map((folder) =>
    watch(folder, { recursive: true }, (_, name) => {
      if (name === null || !/\.ya?ml$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        changed = join(folder, name);
        wake();
      }, QUIET_MS);
    }),
  );
  const stop = (): void => wake();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      if (changed === '') await new Promise<void>((done) => (wake = done));
      const path = changed;
      changed = '';
      if (path !== '' && !signal.aborted) yield path;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  }
}
