// Keeps the content of source paths current: file system notifications, with a periodic look as the fallback.
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { errorFacts, type Logger } from '@guardcell/kit';
import { readSources, type SourceRoot, type Sources } from './source-files.ts';

export interface WatchedSources {
  current(): Sources;
  /** Looks now; resolves when what is current has been handed on. */
  refresh(): Promise<void>;
  close(): void;
}

/** Some file systems send no notifications (network shares, some mounts). */
const RESCAN_MS = 5000;

export interface WatchOptions {
  readonly roots: readonly SourceRoot[];
  /** Called after the first read and after every change of content or problems. */
  readonly onChange: (sources: Sources) => void;
  readonly logger: Logger;
  /** Wait for the writer to finish. */
  readonly debounceMs?: number;
}

function digest({ files, problems }: Sources): string {
  return createHash('sha256')
    .update(JSON.stringify([files, problems]))
    .digest('hex');
}

/** Resolves after the first read. */
export async function watchSources(options: WatchOptions): Promise<WatchedSources> {
  const { roots, onChange, logger, debounceMs = 100 } = options;
  const watchers = new Map<string, FSWatcher>();
  let current: Sources = { files: [], problems: [], folders: [] };
  let known = '';
  let debounce: NodeJS.Timeout | undefined;
  let scanning: Promise<void> | undefined;
  let again = false;
  let closed = false;

  function follow(folders: readonly string[]): void {
    for (const [folder, watcher] of watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, soon);
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(folder);
        });
        watchers.set(folder, watcher);
      } catch (thrown) {
        // Out of watches, or the folder is gone: the periodic look still sees changes.
        logger.debug('a folder cannot be watched', { folder, ...errorFacts(thrown) });
      }
    }
  }

  async function scan(): Promise<void> {
    do {
      again = false;
      const next = await readSources(roots);
      if (closed) return;
      current = next;
      follow([...new Set([...next.folders, ...roots.map((root) => dirname(root.path))])]);
      const now = digest(next);
      if (now === known) continue;
      known = now;
      onChange(next);
    } while (again);
  }

  function refresh(): Promise<void> {
    again = true;
    scanning ??= scan().finally(() => {
      scanning = undefined;
    });
    return scanning;
  }

  function soon(): void {
    clearTimeout(debounce);
    debounce = setTimeout(look, debounceMs);
    debounce.unref();
  }

  // What is in force stays in force when looking fails; the next look is a few seconds away.
  function look(): void {
    refresh().catch((thrown: unknown) => {
      known = '';
      logger.error('changed files could not be taken over', { ...errorFacts(thrown) });
    });
  }

  await refresh();
  const timer = setInterval(look, RESCAN_MS);
  timer.unref();
  return {
    current: () => current,
    refresh,
    close() {
      closed = true;
      clearTimeout(debounce);
      clearInterval(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
