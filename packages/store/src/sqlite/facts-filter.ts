// The dimensions of a query as SQL over the facts of a day file.
import type { AlertDimension, EventQuery } from '@guardcell/core';

/** A subquery giving ids of facts, and its parameters. */
export interface FactsFilter {
  readonly sql: string;
  readonly values: readonly string[];
}

const IN = 'IN (SELECT value FROM json_each(?))';

// `?` stands for the wanted values as a JSON array; every `?` of a condition is the same.
const CONDITIONS: Readonly<Record<AlertDimension, string>> = {
  severity: `severity ${IN}`,
  rule: `rule ${IN}`,
  container: `(container ${IN} OR container_short ${IN} OR container_name ${IN})`,
  image: `image ${IN}`,
  namespace: `namespace ${IN}`,
  tag: `EXISTS (SELECT 1 FROM json_each(tags) AS tag WHERE tag.value ${IN})`,
  mitre: `EXISTS (SELECT 1 FROM json_each(mitre) AS technique WHERE technique.value ${IN})`,
  process: `process ${IN}`,
  host: `host ${IN}`,
};

/** Undefined when the query does not filter by any dimension. */
export function factsFilter(query: EventQuery): FactsFilter | undefined {
  const conditions: string[] = [];
  const values: string[] = [];
  for (const [dimension, condition] of Object.entries(CONDITIONS)) {
    const wanted = query.any[dimension as AlertDimension];
    if (wanted === undefined || wanted.length === 0) continue;
    conditions.push(condition);
    for (let left = condition.split('?').length - 1; left > 0; left--) values.push(JSON.stringify(wanted));
  }
  if (conditions.length === 0) return undefined;
  return { sql: `SELECT id FROM facts WHERE ${conditions.join(' AND ')}`, values };
}
