// Checks what comes from outside against the contract's schemas, and says what is wrong in words people can use.
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ApiError } from '../errors.ts';

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly default?: unknown;
  readonly patternProperties?: unknown;
}

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

/** The same schema, refusing unknown members: a mistyped filter must not silently match everything. */
function closed(schema: JsonSchema): JsonSchema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(items !== undefined && { items: closed(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, closed(each)])),
      additionalProperties: false,
    }),
  };
}

function words(fault: Fault): string {
  const { allowedValues } = fault.params as { readonly allowedValues?: readonly unknown[] };
  if (fault.keyword === 'enum' && allowedValues !== undefined) {
    return `must be one of ${allowedValues.map(String).join(', ')}`;
  }
  // An unknown member is refused by the schema `false`.
  return fault.keyword === 'boolean' ? 'is not known here' : fault.message;
}

const TYPE_WORDS = /^must be (string|number|boolean|null|integer|array|object)$/;

/** One entry for each place: the branches of a union that did not fit become "must be string or null". */
function readableFaults(faults: readonly Fault[]): { pointer: string; message: string }[] {
  const byPlace = new Map<string, Fault[]>();
  for (const fault of faults) {
    // Said once more about the object that has the unknown member.
    if (fault.keyword === 'additionalProperties') continue;
    const known = byPlace.get(fault.instancePath) ?? [];
    byPlace.set(fault.instancePath, [...known, fault]);
  }
  return [...byPlace].slice(0, 20).map(([pointer, group]) => {
    const branches = group.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf');
    const types = branches
      .map((each) => TYPE_WORDS.exec(each.message)?.[1])
      .filter((each) => each !== undefined);
    const isUnion = branches.length < group.length && types.length === branches.length && types.length > 0;
    const message = isUnion
      ? `must be ${types.join(' or ')}`
      : (branches.length > 0 ? branches : group).map(words).join('; ');
    return { pointer, message };
  });
}

function fail(what: 'body' | 'query', faults: readonly Fault[]): never {
  const errors = readableFaults(faults);
  const [first] = errors;
  const where = first === undefined || first.pointer === '' ? `the ${what}` : first.pointer;
  throw new ApiError('GC_INVALID_REQUEST', `${where} ${first?.message ?? 'is not valid'}`, { errors });
}

/** Returns a check that hands the body on when it is valid. @throws ApiError GC_INVALID_REQUEST. */
export function bodyCheck(schema: TSchema): (body: unknown) => unknown {
  const check = Compile(closed(schema as JsonSchema) as TSchema);
  return (body) => (check.Check(body) ? body : fail('body', check.Errors(body)));
}

function coerce(text: unknown, schema: JsonSchema): unknown {
  if (schema.type === 'array') {
    const values = Array.isArray(text) ? text : [text];
    return values.map((each) => coerce(each, schema.items ?? {}));
  }
  if (typeof text !== 'string') return text;
  if (schema.type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** Like `bodyCheck` for a query: text becomes numbers, booleans, and lists (one value or many); defaults are filled in. */
export function queryCheck(
  schema: TSchema | undefined,
): (query: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> {
  const wanted = closed((schema ?? { type: 'object', properties: {} }) as JsonSchema);
  const properties = wanted.properties ?? {};
  const check = Compile(wanted as TSchema);
  return (query) => {
    const values: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(properties))
      if (each.default !== undefined) values[key] = each.default;
    for (const [key, text] of Object.entries(query)) {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      Object.defineProperty(values, key, {
        value: property === undefined ? text : coerce(text, property),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return check.Check(values) ? values : fail('query', check.Errors(values));
  };
}
