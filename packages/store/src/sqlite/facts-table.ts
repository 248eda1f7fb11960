// Facts of alerts as rows of a day file: digest to find them, row to write, row to read.
import { createHash } from 'node:crypto';
import { type AlertDimension, type Severity, SHORT_ID_LENGTH } from '@guardcell/core';
import type { AlertFacts } from '../facts.ts';

export const INSERT_FACTS = `INSERT INTO facts (digest, severity, rule, container, container_short, container_name,
  image, namespace, process, host, tags, mitre) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Columns that facts are read from. */
export type FactsColumn =
  | 'severity'
  | 'rule'
  | 'container'
  | 'container_name'
  | 'image'
  | 'namespace'
  | 'process'
  | 'host'
  | 'tags'
  | 'mitre';

/** Columns that hold what a dimension counts. */
export const DIMENSION_COLUMNS: Readonly<Record<AlertDimension, readonly FactsColumn[]>> = {
  severity: ['severity'],
  rule: ['rule'],
  container: ['container', 'container_name'],
  image: ['image'],
  namespace: ['namespace'],
  tag: ['tags'],
  mitre: ['mitre'],
  process: ['process'],
  host: ['host'],
};

/** Equal facts, equal text. */
export function factsKey(facts: AlertFacts): string {
  return JSON.stringify(facts);
}

export function factsDigest(key: string): Uint8Array {
  return createHash('sha256').update(key).digest().subarray(0, 16);
}

/** Parameters of `INSERT_FACTS`. */
export function factsRow(digest: Uint8Array, facts: AlertFacts): (string | Uint8Array)[] {
  const { severity, rule, container, containerName, image, namespace, process, host, tags, mitre } = facts;
  const short = container.slice(0, SHORT_ID_LENGTH);
  const lists = [JSON.stringify(tags), JSON.stringify(mitre)];
  return [digest, severity, rule, container, short, containerName, image, namespace, process, host, ...lists];
}

/** Reads the columns that a row has, others are empty; our own writing is trusted. */
export function readFacts(row: Readonly<Record<string, unknown>>): AlertFacts {
  const text = (name: FactsColumn): string => String(row[name] ?? '');
  const list = (name: FactsColumn): string[] =>
    row[name] === undefined ? [] : (JSON.parse(text(name)) as string[]);
  return {
    severity: (row['severity'] ?? 'info') as Severity,
    rule: text('rule'),
    container: text('container'),
    containerName: text('container_name'),
    image: text('image'),
    namespace: text('namespace'),
    process: text('process'),
    host: text('host'),
    tags: list('tags'),
    mitre: list('mitre'),
  };
}
