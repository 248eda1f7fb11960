// Facts of alerts as rows of a day file: digest to find them, row to write, row to read.
import { createHash } from 'node:crypto';
import { type Severity, SHORT_ID_LENGTH } from '@guardcell/core';
import type { AlertFacts } from '../facts.ts';

export const INSERT_FACTS = `INSERT INTO facts (digest, severity, rule, container, container_short, container_name,
  image, namespace, process, host, tags, mitre) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export const FACTS_COLUMNS = `id, severity, rule, container, container_name AS containerName, image, namespace, process,
  host, tags, mitre`;

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

/** Reads what a `SELECT` of `FACTS_COLUMNS` gave; our own writing is trusted. */
export function readFacts(row: Readonly<Record<string, unknown>>): AlertFacts {
  const text = (name: string): string => String(row[name]);
  return {
    severity: text('severity') as Severity,
    rule: text('rule'),
    container: text('container'),
    containerName: text('containerName'),
    image: text('image'),
    namespace: text('namespace'),
    process: text('process'),
    host: text('host'),
    tags: JSON.parse(text('tags')) as string[],
    mitre: JSON.parse(text('mitre')) as string[],
  };
}
