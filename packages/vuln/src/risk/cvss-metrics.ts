// Reading a CVSS vector into its metrics, common to all versions.

export type Metrics = ReadonlyMap<string, string>;

/** `AV:N/AC:L` → metrics; undefined when a part is no metric or one is given twice. */
export function readMetrics(text: string): Metrics | undefined {
  const metrics = new Map<string, string>();
  for (const part of text.split('/')) {
    const [, name, value] = /^([A-Za-z]{1,3}):([A-Za-z]{1,8})$/.exec(part) ?? [];
    if (name === undefined || value === undefined || metrics.has(name)) return undefined;
    metrics.set(name, value);
  }
  return metrics;
}

/** The weight of each metric named in the table; undefined when one is missing or has another value. */
export function weights<Name extends string>(
  metrics: Metrics,
  table: Readonly<Record<Name, Readonly<Record<string, number>>>>,
): Readonly<Record<Name, number>> | undefined {
  const found: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(table) as Name[]) {
    const weight = table[name][metrics.get(name) ?? ''];
    if (weight === undefined) return undefined;
    found[name] = weight;
  }
  return found as Record<Name, number>;
}
