// The table of libraries that every expression has. A new library is one line here, or an option of `compile`.
import type { CelFunction, CelLibrary } from '../overload.ts';
import { CONVERSIONS } from './conversions.ts';
import { OPERATORS } from './operators.ts';
import { STRINGS_EXTENSION } from './strings-extension.ts';
import { TEXT } from './text.ts';
import { TIME_GETTERS } from './time-getters.ts';

export const STANDARD_LIBRARIES: readonly CelLibrary[] = [
  OPERATORS,
  TEXT,
  CONVERSIONS,
  TIME_GETTERS,
  STRINGS_EXTENSION,
];

/** All functions by name; overloads that several libraries add to one name are joined. */
export function functionTable(libraries: readonly CelLibrary[]): ReadonlyMap<string, CelFunction> {
  const table = new Map<string, CelFunction>();
  for (const { functions } of libraries) {
    for (const { name, overloads } of functions) {
      table.set(name, { name, overloads: [...(table.get(name)?.overloads ?? []), ...overloads] });
    }
  }
  return table;
}
