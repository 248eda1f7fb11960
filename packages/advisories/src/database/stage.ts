// First half of a build: records of the feeds → rows in a staging file, in batches.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { errorFacts } from '@guardcell/kit';
import type { FeedSpec, Parsed } from '../feed.ts';
import { isCve } from '../identifiers.ts';
import { canonicalName } from '../names.ts';
import { feedRecords } from '../read/records.ts';
import { packJudgement } from './pack.ts';
import type { FeedState } from './schema.ts';

const MAX_NAME = 512;
const MAX_RECORDS = 5_000_000;
const MAX_REASONS = 20;

export interface Stage {
  /** Reads files of one feed. @throws when a file as a whole cannot be read; `forget` removes what came of it. */
  read(spec: FeedSpec, files: readonly string[], only?: RegExp): Promise<Counts>;
  forget(spec: FeedSpec): void;
}

export type Counts = Pick<FeedState, 'records' | 'affected' | 'facts' | 'skipped'>;

interface Statements {
  readonly affected: StatementSync;
  readonly facts: StatementSync;
  readonly alias: StatementSync;
  readonly referenced: StatementSync;
  readonly ecosystem: StatementSync;
}

/** `numbers` gives each feed its number in the file. */
export function createStage(database: DatabaseSync, numbers: ReadonlyMap<string, number>): Stage {
  const statements: Statements = {
    affected: database.prepare('INSERT INTO staged.affected VALUES (?, ?, ?, ?)'),
    facts: database.prepare('INSERT INTO staged.facts VALUES (?, ?, ?, ?)'),
    alias: database.prepare('INSERT INTO staged.aliases VALUES (?, ?, ?)'),
    referenced: database.prepare('INSERT OR IGNORE INTO staged.referenced VALUES (?)'),
    ecosystem: database.prepare('INSERT INTO ecosystems VALUES (?, ?)'),
  };
  const ecosystems = new Map<string, number>();
  const numberOf = (ecosystem: string): number => {
    const known = ecosystems.get(ecosystem);
    if (known !== undefined) return known;
    const next = ecosystems.size + 1;
    ecosystems.set(ecosystem, next);
    statements.ecosystem.run(next, ecosystem);
    return next;
  };
  const keep = (parsed: Parsed, spec: FeedSpec, feed: number, only: RegExp | undefined): [number, number] => {
    let judged = 0;
    for (const judgement of parsed.affected) {
      const name = canonicalName(judgement.ecosystem, judgement.name);
      if (name.length > MAX_NAME || (only !== undefined && !only.test(judgement.advisory))) continue;
      statements.affected.run(feed, numberOf(judgement.ecosystem), name, packJudgement(judgement, feed));
      for (const id of judgement.vulnerabilities) statements.referenced.run(id);
      judged += 1;
    }
    if (only !== undefined && judged === 0) return [0, 0];
    for (const facts of parsed.facts) {
      statements.facts.run(feed, facts.id, spec.rank, JSON.stringify(facts));
      for (const alias of facts.aliases ?? []) {
        // Two CVE ids are two vulnerabilities, whatever a record that speaks of both calls them.
        if (alias !== facts.id && !(isCve(alias) && isCve(facts.id)))
          statements.alias.run(feed, alias, facts.id);
      }
    }
    return [judged, parsed.facts.length];
  };
  return {
    async read(spec, files, only) {
      const feed = numbers.get(spec.name) ?? 0;
      const skipped = new Map<string, number>();
      let [records, affected, facts] = [0, 0, 0];
      const take = (parsed: Parsed): void => {
        const [judged, known] = keep(parsed, spec, feed, only);
        affected += judged;
        facts += known;
        if (parsed.skipped !== undefined) count(skipped, parsed.skipped);
      };
      for (const file of files) {
        const reader = spec.reader();
        for await (const record of feedRecords(file, spec.decoding)) {
          records += 1;
          if (records > MAX_RECORDS) break;
          if (record.unreadable !== undefined) count(skipped, record.unreadable);
          else take(guarded(() => reader.record(record.value, record.path)));
        }
        take(guarded(() => reader.end?.() ?? { affected: [], facts: [] }));
      }
      return { records, affected, facts, skipped: Object.fromEntries(skipped) };
    },
    forget(spec) {
      const feed = numbers.get(spec.name) ?? 0;
      for (const table of ['affected', 'facts', 'aliases']) {
        database.prepare(`DELETE FROM staged.${table} WHERE feed = ?`).run(feed);
      }
    },
  };
}

function count(reasons: Map<string, number>, reason: string): void {
  const key = reasons.has(reason) || reasons.size < MAX_REASONS ? reason : 'other';
  reasons.set(key, (reasons.get(key) ?? 0) + 1);
}

/** A reader that stumbles over one record must not lose the feed. */
function guarded(read: () => Parsed): Parsed {
  try {
    return read();
  } catch (error) {
    return { affected: [], facts: [], skipped: `unexpected: ${errorFacts(error).message.slice(0, 80)}` };
  }
}
