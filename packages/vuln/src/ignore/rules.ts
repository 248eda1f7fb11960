// Ignore rules of `.guardcell.yaml`: which findings stay visible but no longer count, why, and until when.
import { isObject, type ScanError } from '@guardcell/core';

export interface IgnoreRule {
  /** Globs for ids of vulnerabilities, secrets' rules, checks; also tried on aliases. Empty: any. */
  readonly ids: readonly string[];
  /** Globs for package names or purls. Empty: any. */
  readonly packages: readonly string[];
  /** Globs for absolute paths. Empty: any. */
  readonly paths: readonly string[];
  readonly reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly until?: string;
  /** Where it is written: `ignore[2]`. */
  readonly at: string;
}

export interface IgnoreRules {
  readonly rules: readonly IgnoreRule[];
  /** Rules that were not taken, and why. */
  readonly problems: readonly ScanError[];
}

const KEYS: ReadonlySet<string> = new Set(['id', 'package', 'path', 'reason', 'until']);
const MAX_RULES = 10_000;

/**
 * Reads the `ignore` list of a configuration that was parsed from YAML; another list of the same shape by its `name`.
 * @example readIgnoreRules({ ignore: [{ id: 'CVE-2024-*', package: 'openssl', reason: 'not reachable', until: '2027-01-31' }] }, '.guardcell.yaml')
 */
export function readIgnoreRules(configuration: unknown, file: string, name = 'ignore'): IgnoreRules {
  const listed = isObject(configuration) ? configuration[name] : undefined;
  if (listed === undefined || listed === null) return { rules: [], problems: [] };
  if (!Array.isArray(listed) || listed.length > MAX_RULES)
    return { rules: [], problems: [problem(`'${name}' is no list of at most ${MAX_RULES} rules`, file)] };
  const rules: IgnoreRule[] = [];
  const problems: ScanError[] = [];
  for (const [index, raw] of listed.entries()) {
    const at = `${name}[${index}]`;
    const read = readRule(raw, at);
    if (typeof read === 'string') problems.push(problem(read, `${file}: ${at}`));
    else rules.push(read);
  }
  return { rules, problems };
}

function problem(message: string, at: string): ScanError {
  return {
    code: 'GC_IGNORE_RULE',
    message,
    at,
    hint: 'A rule has id, package or path (each a glob or a list), a reason, and may have until: YYYY-MM-DD.',
  };
}

function readRule(raw: unknown, at: string): IgnoreRule | string {
  if (!isObject(raw)) return 'the rule is no mapping';
  const unknown = Object.keys(raw).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `unknown key '${unknown}'`;
  const ids = globs(raw['id']);
  const packages = globs(raw['package']);
  const paths = globs(raw['path']);
  if (ids === undefined || packages === undefined || paths === undefined)
    return 'id, package and path are texts or lists of texts';
  if (ids.length + packages.length + paths.length === 0) return 'the rule would ignore everything';
  const reason = raw['reason'];
  if (typeof reason !== 'string' || reason.trim() === '') return 'the reason is missing';
  const until = day(raw['until']);
  if (until === 'invalid') return 'until is no date of the form YYYY-MM-DD';
  return { ids, packages, paths, reason: reason.trim(), at, ...(until !== undefined && { until }) };
}

function globs(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((one) => typeof one === 'string' && one !== '') as string[];
  return texts.length === list.length ? texts : undefined;
}

/** YAML readers may make dates of dates. */
function day(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text =
    value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString().slice(0, 10) : value;
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return 'invalid';
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : 'invalid';
}
