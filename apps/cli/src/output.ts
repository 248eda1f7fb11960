// Ways to print data: tables for people, JSON, JSON lines and YAML for programs.
import { CodedError } from '@guardcell/kit';
import { displayWidth, padded } from '@guardcell/report/display-width';
import { stringify } from 'yaml';
import { type CommandContext, type OptionSpec, text } from './command.ts';
import { oneLine, safeJson } from './terminal.ts';

export const OUTPUT_OPTION: Readonly<Record<string, OptionSpec>> = {
  output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default), json, jsonl or yaml' },
};

export interface Column<Row> {
  readonly title: string;
  value(row: Row): string;
  /** Cells longer than this are shortened on a terminal. */
  readonly max?: number;
}

function fit(cell: string, max: number | undefined): string {
  return max !== undefined && cell.length > max ? `${cell.slice(0, max - 1)}…` : cell;
}

export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => fit(oneLine(column.value(row)), column.max)));
  const widths = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...cells.map((line) => displayWidth(line[i] ?? ''))),
  );
  const render = (line: readonly string[]): string =>
    line
      .map((cell, i) => (i === line.length - 1 ? cell : padded(cell, widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${[columns.map((column) => column.title), ...cells].map(render).join('\n')}\n`;
}

export type Format = 'table' | 'json' | 'jsonl' | 'yaml' | 'falco' | 'falco-text';

type PlainFormat = Exclude<Format, 'falco' | 'falco-text'>;

/** @throws CodedError GC_USAGE for an unknown format. */
export function outputFormat(context: CommandContext): PlainFormat;
export function outputFormat<Allowed extends Format>(
  context: CommandContext,
  allowed: readonly Allowed[],
): Allowed;
export function outputFormat(
  context: CommandContext,
  allowed: readonly Format[] = ['table', 'json', 'jsonl', 'yaml'],
): Format {
  const wanted = text(context.options, 'output') ?? 'table';
  const found = allowed.find((format) => format === wanted);
  if (found === undefined) {
    throw new CodedError('GC_USAGE', `unknown output format '${wanted}'`, {
      hint: `Use one of: ${allowed.join(', ')}.`,
    });
  }
  return found;
}

/** Prints `whole` as JSON or YAML, or its rows as a table or JSON lines. */
export function print<Row>(
  context: CommandContext,
  whole: unknown,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): void {
  switch (outputFormat(context)) {
    case 'json':
      context.out(`${safeJson(JSON.stringify(whole, null, 2))}\n`);
      return;
    case 'jsonl':
      for (const row of rows) context.out(`${safeJson(JSON.stringify(row))}\n`);
      return;
    case 'yaml':
      context.out(stringify(whole));
      return;
    case 'table':
      context.out(rows.length === 0 ? '' : table(rows, columns));
      if (rows.length === 0) context.err('nothing to show\n');
      return;
  }
}

/** Prints one value as JSON, as one line of JSON or as YAML. */
export function printValue(context: CommandContext, value: unknown): void {
  const format = outputFormat(context);
  if (format === 'yaml') context.out(stringify(value, { aliasDuplicateObjects: false }));
  else context.out(`${safeJson(JSON.stringify(value, null, format === 'jsonl' ? 0 : 2))}\n`);
}
