// Reads a report that `-o json` wrote, for `--only-new` and comparisons.
import type { ScanReport } from '@guardcell/core';

/** Made when the first report is read: most callers only write reports, and loading the compiler takes longer than that. */
async function compile() {
  const [{ Compile }, { ScanReportSchema }] = await Promise.all([
    import('typebox/compile'),
    import('@guardcell/contract'),
  ]);
  return Compile(ScanReportSchema);
}

let compiled: ReturnType<typeof compile> | undefined;

export type ReadReport = { readonly report: ScanReport } | { readonly problem: string };

/** The report, or why the text is none; never throws. */
export async function readReport(text: string): Promise<ReadReport> {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    return { problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  compiled ??= compile();
  const schema = await compiled;
  if (!schema.Check(value)) {
    const [first] = schema.Errors(value);
    const version = schemaVersionOf(value);
    if (version !== undefined && version !== 1) {
      return { problem: `report of schema version ${version}; this program reads version 1` };
    }
    return {
      problem: `not a scan report: ${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}`,
    };
  }
  const packages = value.packages.map(({ source, ...item }) =>
    source === null ? item : { ...item, source },
  );
  // The schema mirrors ScanReport, but for sources that are null: the contract's mirror.test.ts does not compile when they part.
  return { report: { ...value, packages } as ScanReport };
}

function schemaVersionOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return undefined;
  return typeof value.schemaVersion === 'number' ? value.schemaVersion : undefined;
}
