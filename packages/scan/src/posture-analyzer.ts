// Checks configuration files in the same pass that looks for packages. Charts are put together when all files were seen.
import type { MisconfigurationFinding, ScanError } from '@guardcell/core';
import type { Analyzer } from '@guardcell/image';
import {
  type ChartFile,
  chartFileKind,
  checkFile,
  detectKind,
  mayBePosture,
  renderCharts,
} from '@guardcell/posture';

const MAX_BYTES = 2 * 2 ** 20;
/** Charts are kept until all of their files are there. */
const MAX_CHART_FILE = 256 * 2 ** 10;
/** Files of other people's packages say nothing of the project. */
const INSTALLED = /\/(?:node_modules|site-packages|dist-packages|vendor|\.git)\//;
const SHOWN_PROBLEMS = 3;

type Finding = Omit<MisconfigurationFinding, 'path'>;
type Fragment =
  | { readonly findings: readonly Finding[] }
  /** Part of a chart, or a manifest that some program has to fill in first. */
  | { readonly template: string };

const POSTURE: Analyzer<Fragment> = {
  id: 'posture',
  version: 2,
  maxBytes: MAX_BYTES,
  wants: ({ path, size }) =>
    size > 0 && size <= MAX_BYTES && !INSTALLED.test(path) && (mayBePosture(path) || path.endsWith('.tpl')),
  analyze({ path, bytes }) {
    const text = new TextDecoder().decode(bytes);
    if (isOfChart(path, text)) {
      if (bytes.length <= MAX_CHART_FILE) return { value: { template: text } };
      return { problem: `part of a chart, and larger than ${MAX_CHART_FILE} bytes` };
    }
    const { findings, problems } = checkFile(path, text);
    if (findings.length === 0 && problems.length === 0) return undefined;
    const value = { findings: findings.map(({ path: _path, ...rest }) => rest) };
    if (problems.length === 0) return { value };
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ line, message }) => `line ${line}: ${message}`);
    return { value, incomplete: shown.join('; ') };
  },
  assemble: (found) => {
    const charts: ChartFile[] = [];
    const misconfigurations: MisconfigurationFinding[] = [];
    for (const { location, value } of found) {
      if ('template' in value) charts.push({ path: location.path, text: value.template });
      else misconfigurations.push(...value.findings.map((one) => ({ ...one, path: location.path })));
    }
    const rendered = chartFindings(charts);
    return {
      packages: [],
      misconfigurations: [...misconfigurations, ...rendered.findings],
      notes: rendered.notes,
    };
  },
};

function isOfChart(path: string, text: string): boolean {
  if (chartFileKind(path, text) !== undefined) return true;
  return text.includes('{{') && detectKind(path, text) === 'kubernetes';
}

interface ChartFindings {
  readonly findings: readonly MisconfigurationFinding[];
  readonly notes: readonly ScanError[];
}

/** What stands in charts with their default values; lines are those of the templates. */
function chartFindings(files: readonly ChartFile[]): ChartFindings {
  const findings: MisconfigurationFinding[] = [];
  const notes: ScanError[] = [];
  const rendered = new Set<string>();
  for (const { path, rendered: made, problem } of renderCharts(files)) {
    rendered.add(path);
    if (made === undefined) {
      notes.push(templateNote(path, `line ${problem?.line ?? 1}: ${problem?.message ?? ''}`));
      continue;
    }
    const lineOf = (line: number): number => made.lines[line] ?? 1;
    const checked = checkFile(path, made.text);
    for (const one of checked.findings) {
      const [startLine, last] = [lineOf(one.startLine), lineOf(one.endLine)];
      findings.push({ ...one, startLine, endLine: Math.max(startLine, last) });
    }
    for (const { line, message } of checked.problems.slice(0, SHOWN_PROBLEMS))
      notes.push(templateNote(path, `line ${lineOf(line)}, rendered with default values: ${message}`));
  }
  for (const { path, text } of files) {
    if (chartFileKind(path, text) === undefined && !rendered.has(path))
      notes.push(templateNote(path, 'a manifest that another program fills in'));
  }
  return { findings, notes };
}

function templateNote(path: string, message: string): ScanError {
  return {
    code: 'GC_TEMPLATE_NOT_RENDERED',
    level: 'note',
    message,
    at: path,
    hint: 'Scan what helm template prints, and see what a cluster would get.',
  };
}

/** For trees that people write: what runs in an image was configured elsewhere. */
export const POSTURE_ANALYZER: Analyzer = POSTURE as Analyzer;
