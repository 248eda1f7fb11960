// Layout of the vulnerability database file, and what is known of each feed in it.

/** Grows when a program that reads older files could misread this one. */
export const SCHEMA_VERSION = 1;

export const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE feeds (name TEXT PRIMARY KEY, number INTEGER NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE ecosystems (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE affected (ecosystem INTEGER NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (ecosystem, name)) WITHOUT ROWID;
  CREATE TABLE facts (id TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE aliases (alias TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
`;

/** Rows as they come from the feeds; merged into the tables above and dropped. */
export const STAGING = `
  CREATE TABLE staged.affected (feed INTEGER NOT NULL, ecosystem INTEGER NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL);
  CREATE TABLE staged.facts (feed INTEGER NOT NULL, id TEXT NOT NULL, rank INTEGER NOT NULL, data TEXT NOT NULL);
  CREATE TABLE staged.aliases (feed INTEGER NOT NULL, alias TEXT NOT NULL, id TEXT NOT NULL);
  CREATE TABLE staged.referenced (id TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** What `db status` shows of a feed. */
export interface FeedState {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  readonly home: string;
  /** When the data was published or fetched, ISO 8601; empty when unknown. */
  readonly date: string;
  readonly records: number;
  /** Judgements on packages. */
  readonly affected: number;
  readonly facts: number;
  /** Records that could not be used, and why. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Of the files that it was read from. */
  readonly sha256: string;
  /** The newest files could not be read; those before were. */
  readonly usedOlder?: true;
  /** Set when the newest data could not be used and older data is in place, or none. */
  readonly problem?: { readonly code: string; readonly message: string; readonly at: string };
}

export interface DatabaseInfo {
  readonly path: string;
  readonly schemaVersion: number;
  readonly revision: string;
  readonly builtAt: string;
  readonly bytes: number;
  readonly packages: number;
  readonly vulnerabilities: number;
  readonly ecosystems: readonly string[];
  readonly feeds: readonly FeedState[];
  /** `snapshot` when it is the data that ships with the project. */
  readonly origin: 'built' | 'snapshot';
}
