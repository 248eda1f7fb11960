// What several feeds know of one vulnerability → one set of facts.
import type { VulnerabilityFacts } from '@guardcell/core';
import type { FactsPart } from '../feed.ts';
import { isCve } from '../identifiers.ts';

const MAX_REFERENCES = 12;
const MAX_ALIASES = 60;
const MAX_SUMMARY = 200;

function distinct(values: readonly string[], max: number): readonly string[] {
  return [...new Set(values)].slice(0, max);
}

function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, MAX_SUMMARY - 1).trimEnd()}…`;
}

/** Facts without what is empty; `expandFacts` puts that back. */
export type StoredFacts = Partial<Omit<VulnerabilityFacts, 'id'>>;

/** Parts come with the most trusted first. `texts: false` leaves out what people have written. */
export function mergeFacts(id: string, parts: readonly FactsPart[], texts: boolean): StoredFacts {
  const aliases = distinct(
    // Two CVE ids are two vulnerabilities.
    parts
      .flatMap((part) => part.aliases ?? [])
      .filter((alias) => alias !== id && !(isCve(alias) && isCve(id))),
    MAX_ALIASES,
  );
  const cvss = new Map(parts.flatMap((part) => part.cvss ?? []).map((entry) => [entry.vector, entry]));
  // The first source of a vector keeps its place; later ones with the same vector may know its score.
  for (const entry of parts.flatMap((part) => part.cvss ?? []).toReversed()) {
    const known = cvss.get(entry.vector);
    cvss.set(entry.vector, entry.score > 0 || known === undefined ? entry : { ...entry, score: known.score });
  }
  const cwe = distinct(
    parts.flatMap((part) => part.cwe ?? []),
    20,
  );
  const references = distinct(
    parts.flatMap((part) => part.references ?? []),
    MAX_REFERENCES,
  );
  const summary = texts
    ? firstSentence(parts.find((part) => (part.summary ?? '') !== '')?.summary ?? '')
    : '';
  const published = parts
    .map((part) => part.published ?? '')
    .filter((date) => /^[12]\d{3}-/.test(date))
    .sort()[0];
  // Withdrawn by one publisher while another stands by it: it stands.
  const voices = parts.filter((part) => part.withdrawn !== undefined);
  const withdrawn = voices.length > 0 && voices.every((part) => part.withdrawn === true);
  const kev = parts.find((part) => part.kev !== undefined)?.kev;
  const ssvc = parts.find((part) => part.ssvc !== undefined)?.ssvc;
  const epss = parts.find((part) => part.epss !== undefined)?.epss;
  return {
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(summary === '' ? {} : { summary }),
    ...(cvss.size > 0 ? { cvss: [...cvss.values()].slice(0, 8) } : {}),
    ...(cwe.length > 0 ? { cwe } : {}),
    ...(references.length > 0 ? { references } : {}),
    ...(published === undefined ? {} : { published: published.slice(0, 10) }),
    ...(withdrawn ? { withdrawn } : {}),
    ...(kev === undefined ? {} : { kev }),
    ...(ssvc === undefined ? {} : { ssvc }),
    ...(epss === undefined ? {} : { epss }),
  };
}

export function expandFacts(id: string, stored: StoredFacts): VulnerabilityFacts {
  return {
    id,
    aliases: [],
    summary: '',
    cvss: [],
    cwe: [],
    references: [],
    published: '',
    withdrawn: false,
    ...stored,
  };
}
