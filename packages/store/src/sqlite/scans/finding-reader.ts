// Whole findings of rows of the index: shared facts and details are unpacked for the page that is shown, and the parts
// that were unpacked last are kept, since the next page is mostly in the same.
import type { VulnerabilityFinding } from '@guardcell/core';
import { IN_USE, SEVERITIES, VULNERABILITY_STATUSES } from '@guardcell/core';
import { inUseIn, severityIn, statusIn } from './finding-columns.ts';
import { type FindingDetail, joinFinding, type SharedFacts } from './finding-parts.ts';
import type { FindingRow } from './index/occurrences.ts';
import type { ScanIndex } from './index/scan-index.ts';
import { unpackJson } from './packed-json.ts';
import type { Sql } from './scan-file.ts';
import { PART } from './scan-schema.ts';
import { PART_ROWS, partOf } from './stored-findings.ts';

export interface FindingReader {
  detail(sql: Sql, row: FindingRow): FindingDetail;
  rest(sql: Sql, fact: number): SharedFacts['rest'];
  /** As it was matched; what an acceptance silences is not marked. */
  finding(sql: Sql, index: ScanIndex, row: FindingRow): VulnerabilityFinding;
}

const MOST_PARTS = 32;
const MOST_FACTS = 2000;
const NO_DETAIL: FindingDetail = ['', '', '', 0, [], ['', '', '', '', '', ''], 0];

/** What was used last is kept; `name` must change when the content does. */
function createMemory<Value>(most: number): (name: string, make: () => Value) => Value {
  const kept = new Map<string, Value>();
  return (name, make) => {
    const value = kept.get(name) ?? make();
    kept.delete(name);
    kept.set(name, value);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return value;
  };
}

export function createFindingReader(): FindingReader {
  const parts = createMemory<readonly FindingDetail[]>(MOST_PARTS);
  const rests = createMemory<SharedFacts['rest']>(MOST_FACTS);

  function detail(sql: Sql, { entry, row }: FindingRow): FindingDetail {
    const number = Math.floor(row / PART_ROWS);
    const part = parts(
      `${entry.key} ${entry.change} ${number}`,
      () => partOf<readonly FindingDetail[]>(sql, entry.key, PART.details, number) ?? [],
    );
    return part[row % PART_ROWS] ?? NO_DETAIL;
  }

  function rest(sql: Sql, fact: number): SharedFacts['rest'] {
    const epoch = sql.get("SELECT value FROM counter WHERE name = 'epoch'")?.['value'];
    return rests(`${epoch} ${fact}`, () => {
      const row = sql.get('SELECT rest FROM fact WHERE key = ?', fact);
      return row === undefined
        ? { summary: '', references: [], factors: [] }
        : unpackJson<SharedFacts['rest']>(row['rest']);
    });
  }

  return {
    detail,
    rest,
    finding(sql, index, row) {
      const { columns } = row.entry;
      const fact = columns.fact[row.row] ?? 0;
      const traits = columns.traits[row.row] ?? 0;
      const pkg = index.packages[columns.package[row.row] ?? 0];
      const known = index.facts[fact];
      const shared = {
        id: index.vulnerabilities.text(known?.vulnerability ?? 0),
        aliases: known?.aliases ?? [],
        cvss: known?.cvss ?? 0,
        rest: rest(sql, fact),
      };
      return joinFinding(shared, detail(sql, row), {
        packageName: pkg?.name ?? '',
        installed: pkg?.version ?? '',
        fixed: index.fixed[columns.fixed[row.row] ?? 0] ?? '',
        severity: SEVERITIES[severityIn(traits)] ?? 'info',
        status: VULNERABILITY_STATUSES[statusIn(traits)] ?? 'affected',
        inUse: IN_USE[inUseIn(traits)] ?? 'unknown',
      });
    },
  };
}
