// A file of a feed → its records: archives, compression, JSON, JSON lines, YAML, CSV lines and XML.
import { basename } from 'node:path';
import { CodedError } from '@guardcell/kit';
import { parse as parseYaml } from 'yaml';
import type { Decoding } from '../feed.ts';
import { firstBytes, packingOf, readUnpacked } from './decompress.ts';
import { looksLikeTar, tarEntries } from './tar.ts';
import { xmlElements } from './xml.ts';
import { zipEntries } from './zip.ts';

export interface FeedRecord {
  readonly value: unknown;
  /** Path within the archive, or name of the file with the line number. */
  readonly path: string;
  /** Set in place of a value when the record cannot be read; the rest of the file still can. */
  readonly unreadable?: string;
}

/** The largest document that is one JSON value; Debian's is 70 MB. */
const MAX_DOCUMENT = 400 * 2 ** 20;
const MAX_ENTRY = 64 * 2 ** 20;
const MAX_LINE = 64 * 2 ** 20;
const DATA_FILE = /\.(?:json|ya?ml)$/i;

function value(text: string, path: string): FeedRecord {
  try {
    const parsed: unknown = /\.ya?ml$/i.test(path)
      ? parseYaml(text, { maxAliasCount: 100, schema: 'failsafe', logLevel: 'silent' })
      : JSON.parse(text);
    return { value: parsed, path };
  } catch {
    return { value: undefined, path, unreadable: 'not well-formed' };
  }
}

async function* lines(bytes: AsyncIterable<Uint8Array>, at: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > MAX_LINE) {
      throw new CodedError('GC_FEED_SYNTAX', `a line is longer than ${MAX_LINE} bytes`, { at });
    }
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

async function* jsonLines(bytes: AsyncIterable<Uint8Array>, at: string): AsyncGenerator<FeedRecord> {
  let line = 0;
  for await (const text of lines(bytes, at)) {
    line += 1;
    if (text.trim() !== '') yield value(text, `${at}:${line}`);
  }
}

async function* textLines(bytes: AsyncIterable<Uint8Array>, at: string): AsyncGenerator<FeedRecord> {
  let line = 0;
  for await (const text of lines(bytes, at)) yield { value: text, path: `${at}:${(line += 1)}` };
}

/** A whole document; the items of an array are records of their own. */
async function* jsonDocument(bytes: AsyncIterable<Uint8Array>, at: string): AsyncGenerator<FeedRecord> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > MAX_DOCUMENT) {
      throw new CodedError('GC_FEED_SYNTAX', `the document is larger than ${MAX_DOCUMENT} bytes`, { at });
    }
  }
  const record = value(Buffer.concat(chunks).toString('utf8'), at);
  if (record.unreadable !== undefined) {
    throw new CodedError('GC_FEED_SYNTAX', 'the document is not well-formed', {
      at,
      hint: 'Fetch the file again.',
    });
  }
  if (Array.isArray(record.value))
    for (const item of record.value) yield { value: item as unknown, path: at };
  else yield record;
}

async function* chained(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/**
 * The records of one file.
 * @throws CodedError GC_FEED_… when the file as a whole cannot be read.
 */
export async function* feedRecords(file: string, decoding: Decoding): AsyncGenerator<FeedRecord> {
  const name = basename(file);
  const wanted = (path: string): boolean => DATA_FILE.test(path);
  const head = await firstBytes(file, 8);
  if (packingOf(head) === 'none' && head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    for (const entry of zipEntries(file, wanted, MAX_ENTRY))
      yield value(entry.content.toString('utf8'), entry.path);
    return;
  }
  const source = readUnpacked(file);
  const first = await source.next();
  if (first.done === true) throw new CodedError('GC_FEED_SYNTAX', 'the file is empty', { at: file });
  const bytes = chained(first.value, source);
  if (looksLikeTar(first.value)) {
    for await (const entry of tarEntries(bytes, wanted, MAX_ENTRY, file)) {
      yield value(entry.content.toString('utf8'), entry.path);
    }
  } else if (/\.(?:ndjson|jsonl)(?:\.|$)/.test(name)) yield* jsonLines(bytes, name);
  else if (decoding.as === 'xml') {
    for await (const element of xmlElements(bytes, new Set(decoding.elements), name))
      yield { value: element, path: name };
  } else if (decoding.as === 'lines') yield* textLines(bytes, name);
  else yield* jsonDocument(bytes, name);
}
