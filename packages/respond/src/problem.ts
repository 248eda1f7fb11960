// Problems of response rules: what is wrong, at which path of the document.
import type { RuleLoadProblem } from '@guardcell/core';

export type ResponseProblemCode =
  | 'GC_RESPONSE_SYNTAX'
  | 'GC_RESPONSE_KIND'
  | 'GC_RESPONSE_UNKNOWN_KEY'
  | 'GC_RESPONSE_MISSING'
  | 'GC_RESPONSE_TYPE'
  | 'GC_RESPONSE_VALUE'
  | 'GC_RESPONSE_GUARD'
  | 'GC_RESPONSE_DUPLICATE';

export type Path = readonly (string | number)[];

/** Where inside a text value a problem is; 1-based. */
export interface Inside {
  readonly line: number;
  readonly column: number;
}

export interface Finding {
  readonly code: ResponseProblemCode;
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
  /** The key is wrong, not its value. */
  readonly onKey: boolean;
  readonly inside: Inside | undefined;
}

export type Report = (
  code: ResponseProblemCode,
  path: Path,
  message: string,
  more?: { readonly hint?: string; readonly onKey?: boolean; readonly inside?: Inside },
) => void;

/** Collects findings into `into`. */
export function reporter(into: Finding[]): Report {
  return (code, path, message, { hint = '', onKey = false, inside } = {}) => {
    into.push({ code, path, message, hint, onKey, inside });
  };
}

/** `spec.actions[0].with`. */
function pathText(path: Path): string {
  let text = '';
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${part}`;
  return text;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A finding as users see it. */
export function asProblem(finding: Finding, item: string, place: Place): RuleLoadProblem {
  const { code, path, message, hint } = finding;
  const where = pathText(path);
  return {
    level: 'error',
    code,
    message: where === '' ? message : `${where}: ${message}`,
    ...place,
    item,
    hint,
  };
}
