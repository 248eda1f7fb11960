// Tables of a day file. `alert` is narrow, so that scans are cheap; what many alerts share stands once in `facts`; the
// full alerts are in compressed blocks; `minute` and `hour` count alerts by facts and are written in the same transaction.

export const DAY_SCHEMA = `
CREATE TABLE IF NOT EXISTS stream (id INTEGER PRIMARY KEY, sensor TEXT NOT NULL, epoch INTEGER NOT NULL,
  UNIQUE (sensor, epoch));
CREATE TABLE IF NOT EXISTS facts (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, severity TEXT NOT NULL,
  rule TEXT NOT NULL, container TEXT NOT NULL, container_short TEXT NOT NULL, container_name TEXT NOT NULL,
  image TEXT NOT NULL, namespace TEXT NOT NULL, process TEXT NOT NULL, host TEXT NOT NULL, tags TEXT NOT NULL,
  mitre TEXT NOT NULL);
-- key: ms since midnight × 2^26 + order among alerts of the same ms, so that the table itself is in order of time.
-- body: block × 64 + place in the block.
CREATE TABLE IF NOT EXISTS alert (key INTEGER PRIMARY KEY, position INTEGER NOT NULL, stream INTEGER NOT NULL,
  seq INTEGER NOT NULL, facts INTEGER NOT NULL, body INTEGER NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS alert_position ON alert (position);
CREATE UNIQUE INDEX IF NOT EXISTS alert_identity ON alert (stream, seq);
CREATE INDEX IF NOT EXISTS alert_facts ON alert (facts);
CREATE TABLE IF NOT EXISTS block (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS minute (start INTEGER NOT NULL, facts INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (start, facts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hour (start INTEGER NOT NULL, facts INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (start, facts)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (tokens, content = '', detail = none, columnsize = 0,
  tokenize = 'ascii')
`;
