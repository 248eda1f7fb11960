// Data of the shape and size of Debian's security tracker, made up: the real one may not be at hand where this runs.
import { writeFileSync } from 'node:fs';

const OF_INSTALLED = 40;
const OTHER_SOURCES = 4000;
const OF_OTHERS = 15;

function entry(source: string, at: number): object {
  const open = at % 5 === 0;
  const release = open
    ? { status: 'open', urgency: at % 2 === 0 ? 'medium' : 'unimportant' }
    : {
        status: 'resolved',
        fixed_version: `${at % 3 === 0 ? '9' : '0'}.${at}-1`,
        urgency: 'not yet assigned',
      };
  const repositories = { bookworm: '1.0-1', 'bookworm-security': '1.0-1' };
  return {
    description: `made up for ${source}`,
    scope: 'local',
    releases: { bookworm: { ...release, repositories }, sid: { ...release, repositories: { sid: '1.0-1' } } },
  };
}

/** Writes `debian.json`; returns how many entries it has. */
export function writeDebianFeed(file: string, installed: readonly string[]): number {
  let entries = 0;
  const others = Array.from({ length: OTHER_SOURCES }, (_, i) => `made-up-source-${i}`);
  const document = Object.fromEntries(
    [...installed, ...others].map((source, i) => {
      const count = i < installed.length ? OF_INSTALLED : OF_OTHERS;
      entries += count;
      const rows = Array.from({ length: count }, (_, at) => [
        `CVE-2098-${10_000 + i * 40 + at}`,
        entry(source, at),
      ]);
      return [source, Object.fromEntries(rows) as object];
    }),
  );
  writeFileSync(file, JSON.stringify(document));
  return entries;
}
