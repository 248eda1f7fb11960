// Which vulnerability database is in force, and when it becomes another one: whoever replaces the file, this server's own
// update or `guardcell db update`, is noticed within seconds.
import { stat } from 'node:fs/promises';
import { databasePath } from '@guardcell/advisories/open';
import { errorFacts, type Logger } from '@guardcell/kit';
import type { Helper } from './helper/helper-process.ts';
import type { DatabaseFacts, DatabasePlaces } from './helper/work-types.ts';

export interface DatabaseWatch {
  readonly places: DatabasePlaces;
  /** Facts of the database in force, read again only when the file changed; undefined when there is none. */
  facts(): Promise<DatabaseFacts | undefined>;
  /** As last read, without waiting. */
  lastFacts(): DatabaseFacts | undefined;
  /** Why there are no facts; empty when there are. */
  problem(): string;
  stop(): void;
}

const LOOK_EVERY_MS = 2000;

export interface DatabaseWatchDeps {
  readonly places: DatabasePlaces;
  readonly helper: Helper;
  readonly logger: Logger;
  /** The file is another one. */
  readonly onChange: () => void;
}

export function watchDatabase(deps: DatabaseWatchDeps): DatabaseWatch {
  const { places, helper, logger, onChange } = deps;
  const path = databasePath(places.dataDir);
  let key: string | undefined;
  let known: { readonly key: string; readonly facts: DatabaseFacts | undefined } | undefined;
  let asking: Promise<DatabaseFacts | undefined> | undefined;
  let problem = '';

  async function keyNow(): Promise<string> {
    const file = await stat(path).catch(() => undefined);
    return file === undefined ? '' : `${file.ino} ${file.mtimeMs} ${file.size}`;
  }

  async function ask(now: string): Promise<DatabaseFacts | undefined> {
    try {
      const facts = await helper.call('databaseFacts', places);
      problem = '';
      known = { key: now, facts };
      return facts;
    } catch (thrown) {
      const { code, message } = errorFacts(thrown);
      if (problem === '') logger.warn('the vulnerability database cannot be read', { code, error: message });
      problem = `${code} ${message}`;
      // An answer all the same, so that nothing asks again and again; a new file is a new question.
      if (code.startsWith('GC_DB_')) known = { key: now, facts: undefined };
      return undefined;
    }
  }

  async function look(): Promise<void> {
    const now = await keyNow();
    const isOther = key !== undefined && key !== now;
    key = now;
    if (isOther) onChange();
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  void look();

  return {
    places,
    async facts() {
      const now = await keyNow();
      if (known?.key === now) return known.facts;
      asking ??= ask(now).finally(() => {
        asking = undefined;
      });
      return asking;
    },
    lastFacts: () => known?.facts,
    problem: () => problem,
    stop: () => clearInterval(timer),
  };
}
