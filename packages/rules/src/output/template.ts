// Output templates: `text %field %10field`. Compiled once, filled in when a rule matches.
import type { OutputValue, RuntimeEvent } from '@guardcell/core';
import { bindOperand } from '../engine/operand.ts';
import type { BoundField, Extractor, FieldEnvironment, FieldValue } from '../fields/field.ts';
import { findField } from '../fields/registry.ts';
import { parseOperandPrefix } from '../language/operand-parser.ts';
import type { ExtraField } from './append-output.ts';
import { outputValue, valueText } from './value-text.ts';

interface FieldPart {
  /** As the template writes it: the key in output_fields. */
  readonly field: string;
  /** 0: as long as it is. */
  readonly width: number;
  readonly extract: Extractor;
  /** The value for output_fields, where that is not the one that is printed. */
  readonly json: Extractor;
}

export interface OutputTemplate {
  readonly parts: readonly (string | FieldPart)[];
  /** Deprecated fields in it. */
  readonly deprecated: readonly string[];
  /** What else is in output_fields. */
  readonly extra: readonly ExtraField[];
}

export type TemplateResult =
  | { readonly template: OutputTemplate }
  | { readonly problem: string; readonly hint: string; readonly offset: number; readonly unknown: boolean };

const MAX_WIDTH = 4096;
const LONGEST_FIELD = 512;

/** Never throws. A leading `*` (tolerate missing values) is accepted and means nothing: they are always tolerated. */
export function compileTemplate(text: string, source = 'syscall'): TemplateResult {
  const parts: (string | FieldPart)[] = [];
  const deprecated: string[] = [];
  let literal = '';
  let at = text.startsWith('*') ? 1 : 0;
  while (at < text.length) {
    const percent = text.indexOf('%', at);
    if (percent < 0) break;
    literal += text.slice(at, percent);
    if (text[percent + 1] === '%') {
      literal += '%';
      at = percent + 2;
      continue;
    }
    if (text.startsWith('container.info', percent + 1)) {
      deprecated.push('container.info');
      at = percent + 1 + 'container.info'.length;
      continue;
    }
    const digits = /^\d{1,4}/.exec(text.slice(percent + 1, percent + 5))?.[0] ?? '';
    const start = percent + 1 + digits.length;
    const field = longestField(text.slice(start, start + LONGEST_FIELD), source);
    if ('problem' in field) return { ...field, offset: percent };
    if (literal !== '') parts.push(literal);
    literal = '';
    const { bound, length } = field;
    const extract = bound.print ?? bound.extract;
    const written = text.slice(start, start + length);
    parts.push({
      field: written,
      width: Math.min(Number(digits), MAX_WIDTH),
      extract,
      json: bound.json ?? extract,
    });
    if (findField(written)?.field.deprecated === true) deprecated.push(written);
    at = start + length;
  }
  literal += text.slice(at);
  if (literal !== '') parts.push(literal);
  return { template: { parts, deprecated, extra: [] } };
}

type FieldMatch =
  | { readonly bound: BoundField; readonly length: number }
  | { readonly problem: string; readonly hint: string; readonly unknown: boolean };

/** The longest start of the text that is a field: `proc.name.` ends before the last dot. */
function longestField(text: string, source: string): FieldMatch {
  const first = parseOperandPrefix(text);
  const token = /^[\w.[\]]*/.exec(text)?.[0] ?? '';
  if (first === undefined) {
    return {
      problem: `invalid formatting token '%${token}'`,
      hint: 'write %% for a percent sign',
      unknown: false,
    };
  }
  const whole = bindOperand(first.operand, 'output', source);
  if (!('problem' in whole)) {
    return { bound: whole, length: first.length };
  }
  const length = first.operand.kind === 'field' ? first.operand.name.length : 0;
  for (let end = length - 1; end > 0; end -= 1) {
    const shorter = parseOperandPrefix(text.slice(0, end));
    if (shorter === undefined || shorter.length !== end) continue;
    const bound = bindOperand(shorter.operand, 'output', source);
    if ('problem' in bound) continue;
    return { bound, length: end };
  }
  return {
    problem: `invalid formatting token '%${token}': ${whole.problem}`,
    hint: whole.hint,
    unknown: whole.unknown,
  };
}

export const MISSING = '<NA>';

/** The message, with `<NA>` for missing values. */
export function fillTemplate(template: OutputTemplate, event: RuntimeEvent, env: FieldEnvironment): string {
  let out = '';
  for (const part of template.parts) {
    if (typeof part === 'string') {
      out += part;
      continue;
    }
    const value = part.extract(event, env);
    const text = value === undefined ? MISSING : valueText(value);
    out += part.width === 0 ? text : text.slice(0, part.width).padEnd(part.width, ' ');
  }
  return out;
}

/** Typed values of all fields in the template and of what was added to it; null for missing ones. */
export function templateValues(
  template: OutputTemplate,
  event: RuntimeEvent,
  env: FieldEnvironment,
): Record<string, OutputValue> {
  const values: Record<string, OutputValue> = {};
  for (const part of template.parts) {
    if (typeof part === 'string') continue;
    const value: FieldValue | undefined = part.json(event, env);
    values[part.field] = value === undefined ? null : outputValue(value);
  }
  for (const { key, template: format, raw } of template.extra) {
    const [only] = Object.values(raw ? templateValues(format, event, env) : {});
    values[key] = raw ? (only ?? null) : fillTemplate(format, event, env);
  }
  return values;
}
