// An exception as tuning handles it: plain data that becomes an item of a rule's `exceptions`.
import { exceptionsText } from '../loader/exceptions.ts';
import type { ExceptionItem, ExceptionValue } from '../loader/items.ts';

export interface RuleException {
  readonly name: string;
  readonly fields: readonly string[];
  /** As many as fields. */
  readonly comps: readonly string[];
  /** Each as long as `fields`; an event is silenced when it agrees with one of them in every field. */
  readonly values: readonly (readonly ExceptionValue[])[];
}

const WHERE_NOWHERE = { file: '', line: 0, column: 0, offset: 0 };

interface Reading {
  /** The fields were given as one text: values are then one flat list. */
  readonly scalarField?: boolean;
  /** The values come from a file, where what needs quotes has them. */
  readonly asWritten?: boolean;
}

function asItem(exception: RuleException, reading: Reading): ExceptionItem {
  return {
    name: exception.name,
    place: WHERE_NOWHERE,
    fields: exception.fields,
    scalarField: reading.scalarField === true,
    comps: exception.comps,
    values:
      reading.asWritten === true
        ? exception.values
        : exception.values.map((tuple) => tuple.map(literalValue)),
  };
}

function literalValue(value: ExceptionValue): ExceptionValue {
  return typeof value === 'string' ? exceptionLiteral(value) : value.map((each) => exceptionLiteral(each));
}

/**
 * The text that stands for exactly this value in an exception. The loader itself quotes what has blanks or commas;
 * what it would read as something else (a quoted word, a parenthesis, the name of a list) is quoted here.
 */
export function exceptionLiteral(value: string, listNames: ReadonlySet<string> = new Set()): string {
  const misread =
    /^["'(]|[^\P{C}\t\n\r]/u.test(value) || value === '' || value.includes('\\') || listNames.has(value);
  return misread ? `"${value.replace(/["\\\b\f\n\r\t]/g, (one) => ESCAPES[one] ?? one)}"` : value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** The condition that an exception adds to its rule, without the leading `and not`; empty when it has no values. */
export function exceptionCondition(exception: RuleException, reading: Reading = {}): string {
  return exceptionsText([asItem(exception, reading)]).replace(/^ and not /, '');
}
