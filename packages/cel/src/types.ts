// Static types that variables, functions and expressions can have, as far as the checker follows them.

const CEL_TYPE_NAMES = [
  'dyn',
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'null',
  'list',
  'map',
  'timestamp',
  'duration',
  'type',
] as const;
export type CelTypeName = (typeof CEL_TYPE_NAMES)[number];

/**
 * Type of a variable. `dyn` is not checked at all; `{ object }` names the members that exist, so that a misspelt one
 * is found when the expression is compiled; `{ map }` is a map with text keys and values of one type.
 */
export type CelType =
  | CelTypeName
  | { readonly list: CelType }
  | { readonly map: CelType }
  | { readonly object: Readonly<Record<string, CelType>> };

/** The name of a type without its parameters. */
export function baseType(type: CelType): CelTypeName {
  if (typeof type === 'string') return type;
  return 'list' in type ? 'list' : 'map';
}

/** A type as messages show it: `list(string)`. */
export function typeText(type: CelType): string {
  if (typeof type === 'string') return type === 'null' ? 'null_type' : type;
  if ('list' in type) return `list(${typeText(type.list)})`;
  return 'map' in type ? `map(string, ${typeText(type.map)})` : 'map';
}
