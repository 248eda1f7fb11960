// The conformance cases of the CEL specification (npm package @bufbuild/cel-spec, Apache-2.0), as far as they are
// about what this package implements: no protocol-buffer messages, no optionals, no extensions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tests as SUITES } from '@bufbuild/cel-spec/testdata/conformance.js';
import { equal } from './compare.ts';
import { compile } from './compile.ts';
import { mapOf } from './native.ts';
import { parseDuration, parseTimestamp } from './time.ts';
import { CelMap, CelTypeValue, CelUint, type CelValue } from './values.ts';

/** A value as protocol-buffer JSON. */
interface JsonCelValue {
  readonly int64Value?: string;
  readonly uint64Value?: string;
  readonly doubleValue?: number | string;
  readonly stringValue?: string;
  readonly bytesValue?: string;
  readonly boolValue?: boolean;
  readonly nullValue?: null;
  readonly typeValue?: string;
  readonly listValue?: { readonly values?: readonly JsonCelValue[] };
  readonly mapValue?: {
    readonly entries?: readonly { readonly key: JsonCelValue; readonly value: JsonCelValue }[];
  };
  readonly objectValue?: { readonly '@type': string; readonly value?: unknown };
}

interface JsonCase {
  readonly name?: string;
  readonly expr: string;
  readonly container?: string;
  readonly disableCheck?: boolean;
  readonly typeEnv?: readonly { readonly name: string }[];
  readonly bindings?: Readonly<Record<string, { readonly value: JsonCelValue }>>;
  readonly value?: JsonCelValue;
  readonly evalError?: unknown;
  readonly typedResult?: { readonly result?: JsonCelValue };
}

interface JsonSuite {
  readonly name: string;
  readonly suites?: readonly JsonSuite[];
  readonly tests?: readonly { readonly original: JsonCase }[];
}

const IN_SCOPE =
  'basic comparisons conversions fields fp_math integer_math lists logic macros parse plumbing string timestamps'.split(
    ' ',
  );

/** Thrown for what has no counterpart here: messages, wrappers, enums. */
class OutOfScope extends Error {}

function objectValue({ '@type': type, value }: NonNullable<JsonCelValue['objectValue']>): CelValue {
  if (type.endsWith('google.protobuf.Timestamp')) return parseTimestamp(String(value));
  if (type.endsWith('google.protobuf.Duration')) return parseDuration(String(value));
  throw new OutOfScope(type);
}

function valueOf(json: JsonCelValue): CelValue {
  if (json.int64Value !== undefined) return BigInt(json.int64Value);
  if (json.uint64Value !== undefined) return new CelUint(BigInt(json.uint64Value));
  if (json.doubleValue !== undefined) return Number(json.doubleValue);
  if (json.stringValue !== undefined) return json.stringValue;
  if (json.bytesValue !== undefined) return new Uint8Array(Buffer.from(json.bytesValue, 'base64'));
  if (json.boolValue !== undefined) return json.boolValue;
  if (json.typeValue !== undefined) return new CelTypeValue(json.typeValue);
  if (json.listValue !== undefined) return (json.listValue.values ?? []).map(valueOf);
  if (json.mapValue !== undefined) {
    return mapOf((json.mapValue.entries ?? []).map(({ key, value }) => [valueOf(key), valueOf(value)]));
  }
  if (json.objectValue !== undefined) return objectValue(json.objectValue);
  if ('nullValue' in json) return null;
  throw new OutOfScope(JSON.stringify(json));
}

const UNLIMITED = { limits: { maxCost: 1e9, maxStringLength: 1e9, maxListSize: 1e9 }, cost: 0 };

function same(a: CelValue, b: CelValue): boolean {
  if (typeof a === 'number' && Number.isNaN(a)) return Number.isNaN(b);
  const sameKind = typeof a === typeof b && a instanceof CelUint === b instanceof CelUint;
  return sameKind && a instanceof CelMap === b instanceof CelMap && equal(a, b, UNLIMITED);
}

const MESSAGES = /TestAllTypes|google\.protobuf\.(?!Timestamp\b(?!\{)|Duration\b(?!\{))|proto\.|optional\./;

/** `passed`, `out of scope`, or what went wrong. */
function verdict(original: JsonCase): string {
  if ((original.container ?? '') !== '' || MESSAGES.test(original.expr)) return 'out of scope';
  const wanted =
    original.evalError === undefined
      ? valueOf(original.value ?? original.typedResult?.result ?? { boolValue: true })
      : undefined;
  const bindings = Object.fromEntries(
    Object.entries(original.bindings ?? {}).map(([name, { value }]) => [name, valueOf(value)]),
  );
  // A whole number given to `evaluate` is an int; and names with dots are not variables here.
  if (Object.values(bindings).some(Number.isInteger)) return 'out of scope';
  const names = [...Object.keys(bindings), ...(original.typeEnv ?? []).map(({ name }) => name)];
  if (names.some((name) => name.includes('.'))) return 'out of scope';
  const compiled = compile(original.expr, {
    variables: Object.fromEntries(names.map((name) => [name, 'dyn'])),
  });
  if (!compiled.ok) {
    // Here nothing runs unchecked; what the checker refuses is an error.
    if (wanted === undefined) return 'passed';
    return original.disableCheck === true ? 'out of scope' : `refused: ${compiled.problems[0]?.message}`;
  }
  const result = compiled.program.evaluate(bindings);
  if (wanted === undefined) return result.ok ? 'no error' : 'passed';
  if (!result.ok) return `error: ${result.error.message}`;
  return same(result.value, wanted) ? 'passed' : 'another value';
}

function* casesOf(suite: JsonSuite): Generator<JsonCase> {
  for (const { original } of suite.tests ?? []) yield original;
  for (const inner of suite.suites ?? []) yield* casesOf(inner);
}

let passed = 0;

for (const suite of (SUITES as JsonSuite).suites ?? []) {
  if (!IN_SCOPE.includes(suite.name)) continue;
  test(`the specification's cases about ${suite.name} hold`, () => {
    const failures: string[] = [];
    for (const original of casesOf(suite)) {
      let outcome: string;
      try {
        outcome = verdict(original);
      } catch (thrown) {
        if (!(thrown instanceof OutOfScope)) throw thrown;
        outcome = 'out of scope';
      }
      if (outcome === 'passed') passed += 1;
      else if (outcome !== 'out of scope') failures.push(`${original.name}: ${original.expr}: ${outcome}`);
    }
    assert.deepEqual(failures, []);
  });
}

test('the specification has about a thousand cases that apply', () => {
  assert.ok(passed >= 950, `${passed} passed`);
});
