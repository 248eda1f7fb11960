// Output templates: `text %field %10field`. Compiled once, filled in when a rule matches.
import type { OutputValue, RuntimeEvent } from '@guardcell/core';
import { bindOperand } from '../engine/operand.ts';
import type { Extractor, FieldEnvironment, FieldValue } from '../fields/field.ts';
import { operandText } from '../language/ast.ts';
import { parseOperandPrefix } from '../language/operand-parser.ts';
import { outputValue, valueText } from './value-text.ts';

interface FieldPart {
  readonly field: string;
  /** 0: as long as it is. */
  readonly width: number;
  readonly extract: Extractor;
}

export interface OutputTemplate {
  readonly parts: readonly (string | FieldPart)[];
  /** Texts that stand for deprecated fields. */
  readonly deprecated: readonly string[];
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
    parts.push({ field: field.field, width: Math.min(Number(digits), MAX_WIDTH), extract: field.extract });
    at = start + field.length;
  }
  literal += text.slice(at);
  if (literal !== '') parts.push(literal);
  return { template: { parts, deprecated } };
}

type FieldMatch =
  | { readonly field: string; readonly length: number; readonly extract: Extractor }
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
    return { field: operandText(first.operand), length: first.length, extract: whole.print ?? whole.extract };
  }
  const length = first.operand.kind === 'field' ? first.operand.name.length : 0;
  for (let end = length - 1; end > 0; end -= 1) {
    const shorter = parseOperandPrefix(text.slice(0, end));
    if (shorter === undefined || shorter.length !== end) continue;
    const bound = bindOperand(shorter.operand, 'output', source);
    if ('problem' in bound) continue;
    return { field: operandText(shorter.operand), length: end, extract: bound.print ?? bound.extract };
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

/** Typed values of all fields in the template; null for missing ones. */
export function templateValues(
  template: OutputTemplate,
  event: RuntimeEvent,
  env: FieldEnvironment,
): Record<string, OutputValue> {
  const values: Record<string, OutputValue> = {};
  for (const part of template.parts) {
    if (typeof part === 'string') continue;
    const value: FieldValue | undefined = part.extract(event, env);
    values[part.field] = value === undefined ? null : outputValue(value);
  }
  return values;
}
