// Names of Python packages in the one spelling that indexes and advisories use (PEP 503).

/** Lower case, with runs of `-`, `_` and `.` as one `-`. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
