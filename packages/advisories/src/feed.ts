// The shape that every feed has: facts about it, and a pure reader from its records to ours.
import type { AffectedPackage, VulnerabilityFacts } from '@guardcell/core';

/** One judgement of a feed; an advisory that speaks of several vulnerabilities keeps them together. */
export type Judgement = Omit<AffectedPackage, 'vulnerability' | 'feed'> & {
  readonly vulnerabilities: readonly string[];
};

/** What one feed knows of one vulnerability; parts of several feeds are merged. */
export type FactsPart = Partial<Omit<VulnerabilityFacts, 'id'>> & { readonly id: string };

export interface Parsed {
  readonly affected: readonly Judgement[];
  readonly facts: readonly FactsPart[];
  /** Why nothing was made of the record, where that is not as it should be. */
  readonly skipped?: string;
}

export const NOTHING_PARSED: Parsed = { affected: [], facts: [] };

/** A record that could not be read; it is counted and the feed goes on. */
export function skip(reason: string): Parsed {
  return { affected: [], facts: [], skipped: reason };
}

/** Reads the records of one file in order; `end` gives what could only be said after the last one. */
export interface FeedReader {
  record(value: unknown, path: string): Parsed;
  end?(): Parsed;
}

/** How bytes become records. Archives (zip, tar) and compression are recognised by themselves. */
export type Decoding =
  | { readonly as: 'json' }
  | { readonly as: 'lines' }
  /** Elements with these names, each as a small tree. */
  | { readonly as: 'xml'; readonly elements: readonly string[] };

export interface FeedSpec {
  /** `debian`, `osv-go` …; also the first part of the names of its files. */
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  /** Where the data comes from, for people. */
  readonly home: string;
  /** May go into the snapshot that ships with the project. */
  readonly ships: boolean;
  /** Only advisories with such ids may, where publishers are mixed. */
  readonly shipsOnly?: RegExp;
  /** Public addresses, fetched by `db update --from-feeds`; none for feeds that are read from files only. */
  readonly urls: readonly string[];
  readonly decoding: Decoding;
  /** Which of several sources of a CVSS vector is believed first; lower is better. */
  readonly rank: number;
  reader(): FeedReader;
}

/** A reader without memory of the records before. */
export function eachRecord(record: (value: unknown, path: string) => Parsed): () => FeedReader {
  return () => ({ record });
}
