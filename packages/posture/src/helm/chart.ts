// A chart: its description, its default values and its templates, rendered with those values.
import { parse } from 'yaml';
import { isMap, merge, type Value } from './functions.ts';
import { parseTemplate } from './parse-template.ts';
import { RENDER_BUDGET, type RenderedTemplate, renderTemplate, UNKNOWN } from './render.ts';
import { type ParsedTemplate, type TemplateNode, TemplateProblem } from './syntax.ts';

/** A file of a chart that is needed to render it. */
export type ChartFileKind = 'description' | 'values' | 'template' | 'helper';

export interface ChartFile {
  readonly path: string;
  readonly text: string;
}

export interface ChartRendering {
  readonly path: string;
  /** Undefined with a `problem`. */
  readonly rendered: RenderedTemplate | undefined;
  readonly problem: { readonly line: number; readonly message: string } | undefined;
}

const TEMPLATE = /^(.*)\/templates\/(?:.+\/)?[^/]+$/;

/** What a file is to a chart; undefined when it is none of one. */
export function chartFileKind(path: string, text: string): ChartFileKind | undefined {
  if (/(?:^|\/)Chart\.ya?ml$/.test(path)) return 'description';
  if (/(?:^|\/)values\.ya?ml$/.test(path)) return 'values';
  if (!TEMPLATE.test(path)) return undefined;
  if (path.endsWith('.tpl')) return 'helper';
  return /\.ya?ml$/.test(path) && text.includes('{{') ? 'template' : undefined;
}

/** The folder of the chart that a template belongs to: the deepest with a description. */
function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  for (let at = path.lastIndexOf('/templates/'); at >= 0; at = path.lastIndexOf('/templates/', at - 1)) {
    if (charts.has(path.slice(0, at))) return path.slice(0, at);
    if (at === 0) break;
  }
  return undefined;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function yamlOf(text: string | undefined): Readonly<Record<string, Value>> {
  try {
    const value: unknown = text === undefined ? {} : parse(text, { maxAliasCount: 100 });
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

/** Members of the description under the names that templates use: `name` is `.Chart.Name`. */
function described(text: string | undefined): Readonly<Record<string, Value>> {
  const entries = Object.entries(yamlOf(text)).map(([key, value]) => [
    `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`,
    value,
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, Value>>;
}

/** Charts within charts. */
const MAX_NESTED = 8;

/** A chart's default values, under what the chart that brings it along says about it. */
function valuesOf(
  chart: string,
  values: ReadonlyMap<string, string>,
  depth = 0,
): Readonly<Record<string, Value>> {
  const own = { global: {}, ...yamlOf(values.get(chart)) };
  const [, parent, name = ''] = /^(.*)\/charts\/([^/]+)$/.exec(chart) ?? [];
  if (parent === undefined || depth > MAX_NESTED) return own;
  const above = valuesOf(parent, values, depth + 1);
  const given = Object.hasOwn(above, name) ? above[name] : undefined;
  return merge({ global: above['global'] }, given, own);
}

function rootOf(
  description: string | undefined,
  values: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const chart = described(description);
  return {
    Values: values,
    Chart: chart,
    Release: {
      Name: 'release',
      Namespace: 'default',
      Service: 'Helm',
      IsInstall: true,
      IsUpgrade: false,
      Revision: 1,
    },
    Template: { Name: `${String(chart['Name'] ?? 'chart')}/templates/file.yaml`, BasePath: 'templates' },
    Capabilities: {
      KubeVersion: { Version: 'v1.34.0', Major: '1', Minor: '34', GitVersion: 'v1.34.0' },
      APIVersions: UNKNOWN,
      HelmVersion: UNKNOWN,
    },
    Files: UNKNOWN,
  };
}

/** Parsed, or why not. */
function parsed(file: ChartFile): ParsedTemplate | TemplateProblem {
  try {
    return parseTemplate(file.text);
  } catch (error) {
    if (error instanceof TemplateProblem) return error;
    throw error;
  }
}

/** Renders all templates among the files, each with the default values of its chart. */
export function renderCharts(files: readonly ChartFile[]): readonly ChartRendering[] {
  const byKind = Map.groupBy(files, ({ path, text }) => chartFileKind(path, text));
  const textAt = (kind: ChartFileKind): ReadonlyMap<string, string> =>
    new Map((byKind.get(kind) ?? []).map(({ path, text }) => [folderOf(path), text]));
  const descriptions = textAt('description');
  const values = textAt('values');
  const charts = new Set(descriptions.keys());
  const templates = (byKind.get('template') ?? []).map((file) => ({ file, own: parsed(file) }));
  const helpers = (byKind.get('helper') ?? []).map((file) => ({ file, own: parsed(file) }));
  // Charts see what the charts that they bring along define, and the other way round.
  const defined = new Map<string, readonly TemplateNode[]>();
  for (const { own } of [...templates, ...helpers])
    if (!(own instanceof TemplateProblem)) for (const [name, nodes] of own.defined) defined.set(name, nodes);
  const budget = { left: RENDER_BUDGET };
  const roots = new Map<string, Readonly<Record<string, Value>>>();
  return templates.map(({ file: { path }, own }) => {
    const chart = chartOf(path, charts);
    if (chart === undefined)
      return failed(path, new TemplateProblem('a template without the chart that it belongs to', 1));
    if (own instanceof TemplateProblem) return failed(path, own);
    try {
      const root = roots.get(chart) ?? rootOf(descriptions.get(chart), valuesOf(chart, values));
      roots.set(chart, root);
      const context = { root, defined, budget };
      return { path, rendered: renderTemplate(own, context), problem: undefined, budget };
    } catch (error) {
      if (error instanceof TemplateProblem) return failed(path, error);
      throw error;
    }
  });
}

function failed(path: string, { line, message }: TemplateProblem): ChartRendering {
  return { path, rendered: undefined, problem: { line, message } };
}
