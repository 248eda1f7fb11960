// Tables of the store of scans. What is asked often is in columns, what is shown once is in compressed parts.

/** Parts of an artifact that are kept as compressed JSON. */
export const PART = { packages: 0, details: 1, others: 2, warnings: 3 } as const;
export type PartKind = (typeof PART)[keyof typeof PART];

/**
 * `finding` holds one blob for each artifact with the columns of its findings (see finding-columns.ts); they name rows
 * of `fact`, `package` and `fixed`, which are shared over artifacts. `change` counts commits, so that a reader loads
 * only what changed since it last looked; `gone` tells it what was removed.
 */
export const SCAN_SCHEMA = `
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES ('change', 1), ('epoch', 1), ('running', 1), ('acceptances', 1), ('swept', 0);
CREATE TABLE artifact (key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  name TEXT NOT NULL, manifest TEXT NOT NULL, image TEXT NOT NULL, platform TEXT NOT NULL, os TEXT NOT NULL,
  size INTEGER NOT NULL, packages INTEGER NOT NULL, types TEXT NOT NULL, layers TEXT NOT NULL,
  secrets INTEGER NOT NULL, misconfigurations INTEGER NOT NULL, malware INTEGER NOT NULL, errors INTEGER NOT NULL,
  schema_version INTEGER NOT NULL, created_at TEXT NOT NULL, scan TEXT NOT NULL, scanned_ms INTEGER NOT NULL,
  matched_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, revision INTEGER NOT NULL, matched INTEGER NOT NULL,
  database TEXT NOT NULL, change INTEGER NOT NULL, match_errors INTEGER NOT NULL,
  exposure TEXT NOT NULL DEFAULT '');
CREATE INDEX artifact_change ON artifact (change);
CREATE INDEX artifact_database ON artifact (database);
CREATE TABLE gone (artifact INTEGER PRIMARY KEY, change INTEGER NOT NULL);
CREATE INDEX gone_change ON gone (change);
CREATE TABLE alias (digest TEXT PRIMARY KEY, artifact INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX alias_artifact ON alias (artifact);
CREATE TABLE reference (artifact INTEGER NOT NULL, name TEXT NOT NULL, seen_ms INTEGER NOT NULL,
  PRIMARY KEY (artifact, name)) WITHOUT ROWID;
CREATE INDEX reference_name ON reference (name);
CREATE TABLE registry (artifact INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (artifact, name)) WITHOUT ROWID;
CREATE TABLE part (artifact INTEGER NOT NULL, kind INTEGER NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (artifact, kind, number));
CREATE TABLE finding (artifact INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL, change INTEGER NOT NULL);
CREATE INDEX finding_change ON finding (change);
CREATE TABLE fact (key INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, id TEXT NOT NULL, aliases TEXT NOT NULL,
  cvss REAL NOT NULL, epss REAL NOT NULL, flags INTEGER NOT NULL, rest BLOB NOT NULL);
CREATE TABLE package (key INTEGER PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
  source TEXT NOT NULL, purl TEXT NOT NULL, UNIQUE (name, version, type, source));
CREATE TABLE fixed (key INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE);
CREATE TABLE usage (subject TEXT PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, lost INTEGER NOT NULL,
  data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE usage_container (subject TEXT NOT NULL, sensor TEXT NOT NULL, container TEXT NOT NULL,
  PRIMARY KEY (subject, sensor, container)) WITHOUT ROWID;
CREATE TABLE running (sensor TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, hostname TEXT NOT NULL,
  namespace TEXT NOT NULL, pod TEXT NOT NULL, image TEXT NOT NULL, manifest TEXT NOT NULL, image_id TEXT NOT NULL,
  exposure TEXT NOT NULL DEFAULT '', PRIMARY KEY (sensor, id)) WITHOUT ROWID;
CREATE INDEX running_manifest ON running (manifest);
CREATE INDEX running_image ON running (image_id);
CREATE TABLE acceptance (id TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID
`;

/** Columns that files of an earlier version do not have. */
export const ADDED_COLUMNS = [
  { table: 'artifact', column: 'exposure', definition: "TEXT NOT NULL DEFAULT ''" },
  { table: 'running', column: 'exposure', definition: "TEXT NOT NULL DEFAULT ''" },
] as const;
