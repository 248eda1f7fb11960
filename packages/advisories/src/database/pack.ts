// Judgements as compact rows: arrays in a fixed order with empty ends cut off, compressed when that pays.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  type AffectedPackage,
  SEVERITIES,
  VERSION_SCHEMES,
  type VersionRange,
  VULNERABILITY_STATUSES,
} from '@guardcell/core';
import type { Judgement } from '../feed.ts';

/** [feed, vulnerabilities, advisory, scheme, ranges, versions, status, note, severity + 1, symbols, modules] */
export type Row = readonly [
  feed: number,
  vulnerabilities: readonly string[],
  /** Empty when it is the vulnerability itself. */
  advisory: string,
  scheme: number,
  ranges: readonly (readonly string[])[],
  versions?: readonly string[],
  status?: number,
  note?: string,
  severity?: number,
  symbols?: readonly string[],
  /** Streams separated by spaces, `-` for outside of modules, empty where that is not said. */
  modules?: string,
];

const OUTSIDE_OF_MODULES = '-';

/** Below this, compression costs more time than it saves space. */
const COMPRESS_FROM = 3000;
const MAX_GROUP = 256 * 2 ** 20;
const JSON_START = 0x5b;

function trimmed<Item>(items: readonly Item[], isEmpty: (item: Item) => boolean): readonly Item[] {
  let end = items.length;
  while (end > 0 && isEmpty(items[end - 1] as Item)) end -= 1;
  return items.slice(0, end);
}

/** The row of a judgement; `feed` is its number in the table of feeds. */
export function packJudgement(judgement: Judgement, feed: number): string {
  const [first = ''] = judgement.vulnerabilities;
  const row: Row = [
    feed,
    judgement.vulnerabilities,
    judgement.advisory === first ? '' : judgement.advisory,
    VERSION_SCHEMES.indexOf(judgement.scheme),
    judgement.ranges.map((range) =>
      trimmed(
        [range.introduced === '0' ? '' : range.introduced, range.fixed, range.lastAffected],
        (v) => v === '',
      ),
    ),
    judgement.versions,
    VULNERABILITY_STATUSES.indexOf(judgement.status),
    judgement.statusNote,
    judgement.severity === undefined ? 0 : SEVERITIES.indexOf(judgement.severity) + 1,
    judgement.symbols ?? [],
    judgement.modules === undefined ? '' : judgement.modules.join(' ') || OUTSIDE_OF_MODULES,
  ];
  return JSON.stringify(
    trimmed(
      row,
      (item) => item === undefined || item === '' || item === 0 || (Array.isArray(item) && item.length === 0),
    ),
  );
}

/** Rows of one package as one value. */
export function packGroup(rows: readonly string[]): Buffer {
  const text = Buffer.from(`[${rows.join(',')}]`);
  return text.length < COMPRESS_FROM ? text : zstdCompressSync(text);
}

function unpackText(blob: Uint8Array): string {
  const bytes =
    blob[0] === JSON_START || blob[0] === 0x7b
      ? blob
      : zstdDecompressSync(blob, { maxOutputLength: MAX_GROUP });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function unpackRange(range: readonly string[]): VersionRange {
  return { introduced: range[0] || '0', fixed: range[1] ?? '', lastAffected: range[2] ?? '' };
}

/** One entry for each vulnerability that a row speaks of. */
function unpackRow(row: Row, ecosystem: string, name: string, feeds: readonly string[]): AffectedPackage[] {
  const [
    feed,
    vulnerabilities,
    advisory,
    scheme = 0,
    ranges = [],
    versions = [],
    status = 0,
    note = '',
    severity = 0,
    symbols,
    modules = '',
  ] = row;
  const rank = SEVERITIES[severity - 1];
  const shared = {
    feed: feeds[feed] ?? '',
    ecosystem,
    name,
    scheme: VERSION_SCHEMES[scheme] ?? 'generic',
    ranges: ranges.map(unpackRange),
    versions,
    status: VULNERABILITY_STATUSES[status] ?? 'affected',
    statusNote: note,
    ...(rank === undefined ? {} : { severity: rank }),
    ...(symbols === undefined || symbols.length === 0 ? {} : { symbols }),
    ...(modules === '' ? {} : { modules: modules === OUTSIDE_OF_MODULES ? [] : modules.split(' ') }),
  };
  return vulnerabilities.map((vulnerability) => ({
    vulnerability,
    advisory: advisory === '' || advisory === undefined ? (vulnerabilities[0] ?? vulnerability) : advisory,
    ...shared,
  }));
}

/** @throws Error when the value is damaged. */
export function unpackRows(blob: Uint8Array): readonly Row[] {
  return JSON.parse(unpackText(blob)) as readonly Row[];
}

/** Everything that is said of one package. */
export function unpackGroup(
  blob: Uint8Array,
  ecosystem: string,
  name: string,
  feeds: readonly string[],
): readonly AffectedPackage[] {
  return unpackRows(blob).flatMap((row) => unpackRow(row, ecosystem, name, feeds));
}

/** An object as JSON, compressed when that pays. */
export function packObject(value: object): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  return text.length < COMPRESS_FROM ? text : zstdCompressSync(text);
}

export function unpackObject(blob: Uint8Array): unknown {
  return JSON.parse(unpackText(blob));
}
