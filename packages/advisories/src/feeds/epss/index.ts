// EPSS: the probability of exploitation within 30 days, for every CVE, as lines of a CSV file.
import type { Parsed } from '../../feed.ts';
import { NOTHING_PARSED, skip } from '../../feed.ts';

const ROW = /^(CVE-\d{4}-\d{4,}),([0-9.eE+-]+),([0-9.eE+-]+)\s*$/;

/** One line; comments and the header hold nothing. */
export function parseEpssLine(value: unknown): Parsed {
  const line = typeof value === 'string' ? value : '';
  const row = ROW.exec(line);
  if (row === null) return /^(?:#|cve,|\s*$)/i.test(line) ? NOTHING_PARSED : skip('no CSV row');
  const probability = Number(row[2]);
  const percentile = Number(row[3]);
  if (!(probability >= 0 && probability <= 1 && percentile >= 0 && percentile <= 1)) {
    return skip('a number outside 0…1');
  }
  return { affected: [], facts: [{ id: row[1] ?? '', epss: { probability, percentile } }] };
}
