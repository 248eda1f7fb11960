// A small template language for reports in shapes of one's own, written as in Mustache (https://mustache.github.io):
// {{name}}, {{{name}}}, {{#list}}…{{/list}}, {{^list}}…{{/list}}, {{! remark}}, and `{{name | json}}` to escape for JSON.
// Nothing in a template runs code or reads files; only members of the report itself can be reached.
import type { ScanReport } from '@guardcell/core';
import { inTexts } from '../../finding-catalogue.ts';
import {
  documentTime,
  type ReportFormat,
  ReportFormatError,
  TOOL_NAME,
  type WriteOptions,
} from '../../report-format.ts';
import { orderedReport } from '../../report-order.ts';
import { summarize } from '../../summarize.ts';
import { escapeXml } from '../../xml-text.ts';

type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: readonly string[]; readonly filter: TemplateFilter }
  | {
      readonly kind: 'section';
      readonly path: readonly string[];
      readonly inverted: boolean;
      readonly children: readonly TemplateNode[];
    };

const FILTERS = {
  /** For HTML and XML; the default. */
  html: (text: string) => escapeXml(text),
  raw: (text: string) => text,
  /** Within the quotes of a JSON string. */
  json: (text: string) => JSON.stringify(text).slice(1, -1),
  csv: (text: string) => `"${text.replaceAll('"', '""')}"`,
  upper: (text: string) => text.toUpperCase(),
} as const satisfies Readonly<Record<string, (text: string) => string>>;
type TemplateFilter = keyof typeof FILTERS;

const MAX_TEMPLATE = 1_000_000;
const MAX_DEPTH = 50;
const TAG = /\{\{(\{?)([^{}]*)\}\}(\}?)/g;

function fail(source: string, position: number, message: string): never {
  const line = source.slice(0, position).split('\n').length;
  throw new ReportFormatError('GC_REPORT_TEMPLATE', `template line ${line}: ${message}`, {
    at: `line ${line}`,
    hint: 'docs/reference/report-formats.md describes the template language.',
  });
}

function isFilter(name: string): name is TemplateFilter {
  return Object.hasOwn(FILTERS, name);
}

function pathOf(text: string): readonly string[] {
  return text === '.' ? [] : text.split('.');
}

/** The line that a tag stands alone in: it is left out with the tag, as the specification of Mustache says. */
function lineOf(
  source: string,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } | undefined {
  let [start, end] = [from, to];
  while (' \t'.includes(source[start - 1] ?? '\n')) start -= 1;
  while (' \t\r'.includes(source[end] ?? '\n')) end += 1;
  const isAlone = (source[start - 1] ?? '\n') === '\n' && (source[end] ?? '\n') === '\n';
  return isAlone ? { start, end: Math.min(end + 1, source.length) } : undefined;
}

/** The parts of a template; throws `GC_REPORT_TEMPLATE` with the line of what is wrong. */
function parseTemplate(source: string): readonly TemplateNode[] {
  if (source.length > MAX_TEMPLATE) fail(source, 0, `longer than ${MAX_TEMPLATE} characters`);
  const root: TemplateNode[] = [];
  const open: { readonly name: string; readonly children: TemplateNode[]; readonly at: number }[] = [];
  const current = (): TemplateNode[] => open.at(-1)?.children ?? root;
  let position = 0;
  for (const match of source.matchAll(TAG)) {
    const [whole, triple = '', inner = '', closing = ''] = match;
    const trimmed = inner.trim();
    const sigil = /^[#^/!&]/.exec(trimmed)?.[0] ?? '';
    const body = trimmed.slice(sigil.length);
    const end = match.index + whole.length - (triple === '' && closing !== '' ? 1 : 0);
    const line = '#^/!'.includes(sigil || ' ') ? lineOf(source, match.index, end) : undefined;
    const text = source.slice(position, line?.start ?? match.index);
    if (text !== '') current().push({ kind: 'text', text });
    position = line?.end ?? end;
    if (triple !== '' && closing === '') fail(source, match.index, '{{{ without }}}');
    if (sigil === '!') continue;
    const [name = '', filter, ...more] = body.split('|').map((part) => part.trim());
    if (name === '' || /\s/.test(name) || more.length > 0)
      fail(source, match.index, `not a name: ${body.slice(0, 40)}`);
    if (sigil === '#' || sigil === '^') {
      if (open.length >= MAX_DEPTH) fail(source, match.index, `nested deeper than ${MAX_DEPTH}`);
      const children: TemplateNode[] = [];
      current().push({ kind: 'section', path: pathOf(name), inverted: sigil === '^', children });
      open.push({ name, children, at: match.index });
    } else if (sigil === '/') {
      if (open.pop()?.name !== name) fail(source, match.index, `{{/${name}}} closes nothing that is open`);
    } else {
      const chosen = filter ?? (triple !== '' || sigil === '&' ? 'raw' : 'html');
      if (!isFilter(chosen)) fail(source, match.index, `unknown filter: ${chosen.slice(0, 40)}`);
      current().push({ kind: 'value', path: pathOf(name), filter: chosen });
    }
  }
  const left = open.at(-1);
  if (left !== undefined) fail(source, left.at, `{{#${left.name}}} is not closed`);
  if (position < source.length) root.push({ kind: 'text', text: source.slice(position) });
  return root;
}

/** An own member of plain data, never one of a prototype. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** The innermost value that has the first name, then down its members. */
function lookUp(path: readonly string[], scopes: readonly unknown[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return scopes.at(-1);
  const scope = scopes.findLast((candidate) => member(candidate, first) !== undefined);
  return rest.reduce(member, member(scope, first));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Lists are walked, objects entered, other values count as true or false; an empty text, list or 0 is false. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === false || value === '' || value === 0
    ? []
    : [value];
}

function* render(nodes: readonly TemplateNode[], scopes: readonly unknown[]): Iterable<string> {
  for (const node of nodes) {
    if (node.kind === 'text') yield node.text;
    else if (node.kind === 'value') yield FILTERS[node.filter](textOf(lookUp(node.path, scopes)));
    else {
      const items = itemsOf(lookUp(node.path, scopes));
      if (node.inverted) {
        if (items.length === 0) yield* render(node.children, scopes);
      } else for (const item of items) yield* render(node.children, [...scopes, item]);
    }
  }
}

function nodesOf({ template }: WriteOptions): readonly TemplateNode[] {
  if (template === undefined) {
    throw new ReportFormatError('GC_REPORT_TEMPLATE', 'no template given', {
      at: 'template',
      hint: 'Name a template file.',
    });
  }
  return parseTemplate(template);
}

function* write(report: ScanReport, options: WriteOptions): Iterable<string> {
  const nodes = nodesOf(options);
  const view = {
    ...inTexts(orderedReport(report), options.catalogue),
    createdAt: documentTime(report, options),
    summary: summarize(report),
    tool: { name: TOOL_NAME, version: options.toolVersion ?? '' },
  };
  yield* render(nodes, [view]);
}

export const TEMPLATE_FORMAT: ReportFormat = {
  id: 'template',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  summary: 'a shape of your own, from a template file',
  check: (options) => void nodesOf(options),
  write,
};
