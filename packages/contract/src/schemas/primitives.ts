// Small schemas that the others are built from.
import { PRIORITIES, SEVERITIES } from '@guardcell/core';
import { type TSchema, Type } from 'typebox';

/** One of a fixed list of strings, as JSON Schema `enum`. */
export function OneOf<const Values extends readonly string[]>(
  values: Values,
  description = '',
): Type.TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({
    type: 'string',
    enum: [...values],
    ...(description && { description }),
  });
}

export const SeveritySchema = OneOf(SEVERITIES, 'How much it matters.');
export const PrioritySchema = OneOf(PRIORITIES, 'Priority of the rule, as in the Falco rule language.');

/** RFC 3339 time; empty where the meaning allows "not yet" or "unknown". */
export const TimeSchema = Type.String({ description: 'RFC 3339 time, UTC.' });

export function Page<Item extends TSchema>(
  item: Item,
): Type.TObject<{
  items: Type.TArray<Item>;
  nextCursor: Type.TUnion<[Type.TString, Type.TNull]>;
}> {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Pass as `cursor` to get the next page; null on the last.',
    }),
  });
}

/** RFC 9457 problem details with our code. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.String(),
  code: Type.String({ description: 'Stable error code, GC_…' }),
  requestId: Type.String(),
  hint: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() }))),
});
export type Problem = Type.Static<typeof ProblemSchema>;
