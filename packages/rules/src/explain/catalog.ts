// What the language has, as people look it up: which operators a field takes, which parameters an event has.
import { EVENT_TYPES, eventSchema } from '../events/event-table.ts';
import type { FieldDefinition } from '../fields/field.ts';
import { OPERATORS } from '../operators/registry.ts';

export interface EventParameter {
  readonly name: string;
  /** Names that its value is printed as; empty for other values. */
  readonly values: readonly string[];
}

export interface EventTypeView {
  readonly name: string;
  readonly parameters: readonly EventParameter[];
}

/** Fields that are lists take only these. */
const LIST_OPERATORS: ReadonlySet<string> = new Set(['in', 'intersects', 'exists']);

/** Names of the operators that apply to the field, in the order of the reference. */
export function operatorsOf(field: FieldDefinition): readonly string[] {
  return OPERATORS.filter(
    ({ name, types }) =>
      types.includes(field.type) && (field.multiplicity !== 'list' || LIST_OPERATORS.has(name)),
  ).map(({ name }) => name);
}

/** Every event type with its parameters; generic system calls have none of their own. */
export function eventTypeViews(): readonly EventTypeView[] {
  return [...EVENT_TYPES].sort().map((name) => ({
    name,
    parameters: (eventSchema(name)?.params ?? []).map((param) => ({
      name: param.name,
      values: param.flags.map(([flag]) => flag),
    })),
  }));
}
