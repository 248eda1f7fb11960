// What every kind of requirement is made into: alternatives, each a list of bounds that must all hold.
import type { VersionScheme } from '@guardcell/core';
import { compareVersions } from '../versions/registry.ts';

export type Operator = '<' | '<=' | '=' | '!=' | '>=' | '>';

export interface Bound {
  readonly operator: Operator;
  readonly version: string;
}

/** All of them must hold; none means every version. */
export type Alternative = readonly Bound[];

/** One alternative must hold; undefined for texts that are no requirement. */
export type Requirement = readonly Alternative[] | undefined;

/** Undefined when a version cannot be compared. */
export function holds(
  scheme: VersionScheme,
  alternatives: readonly Alternative[],
  version: string,
): boolean | undefined {
  let readable = true;
  const any = alternatives.some((bounds) =>
    bounds.every(({ operator, version: bound }) => {
      const order = compareVersions(scheme, version, bound);
      if (order === undefined) readable = false;
      return order !== undefined && meets(order, operator);
    }),
  );
  return readable ? any : undefined;
}

function meets(order: -1 | 0 | 1, operator: Operator): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
  }
}

/** `numbers` with the one at `at` counted up and the rest cut off: where `~` and `^` end. */
export function bump(numbers: readonly string[], at: number): string {
  return numbers
    .slice(0, at + 1)
    .map((number, index) => (index === at ? String(BigInt(number) + 1n) : number))
    .join('.');
}
