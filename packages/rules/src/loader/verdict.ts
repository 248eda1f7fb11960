// The result of loading in the shape of `falco -V … -o json_output=true`.
import type { RuleLoadProblem } from '@guardcell/core';
import type { LoadResult } from './load-rules.ts';
import type { ErrorCode, WarningCode } from './problems.ts';

export interface FalcoLocation {
  readonly item_name: string;
  readonly item_type: string;
  readonly position: {
    readonly name: string;
    readonly line: number;
    readonly column: number;
    readonly offset: number;
  };
}

export interface FalcoProblem {
  readonly code: string;
  readonly codedesc: string;
  readonly message: string;
  readonly context: { readonly locations: readonly FalcoLocation[]; readonly snippet: string };
}

export interface FalcoVerdict {
  readonly falco_load_results: readonly {
    readonly name: string;
    readonly successful: boolean;
    readonly errors: readonly FalcoProblem[];
    readonly warnings: readonly FalcoProblem[];
  }[];
}

/** What each code is about. The labels of errors are those that tools know from Falco. */
const DESCRIPTIONS: Readonly<Record<ErrorCode | WarningCode, string>> = {
  LOAD_ERR_FILE_READ: 'File read error',
  LOAD_ERR_YAML_PARSE: 'YAML parse error',
  LOAD_ERR_YAML_VALIDATE: 'Error validating internal structure of YAML file',
  LOAD_ERR_COMPILE_CONDITION: 'Error compiling condition',
  LOAD_ERR_COMPILE_OUTPUT: 'Error compiling output',
  LOAD_ERR_VALIDATE: 'Error validating rule/macro/list/exception objects',
  LOAD_ERR_EXTENSION: 'Error in extension item',
  LOAD_UNKNOWN_SOURCE: 'The rule is for events of a source that is not there, and is left out.',
  LOAD_UNSAFE_NA_CHECK: 'A comparison with <NA> never sees missing values; use exists instead.',
  LOAD_NO_EVTTYPE: 'The condition does not narrow down the event types, which costs time with every event.',
  LOAD_UNKNOWN_FILTER:
    'The rule names a field or an event type that does not exist, and asks to be left out then.',
  LOAD_UNUSED_MACRO: 'No rule and no macro uses this macro.',
  LOAD_UNUSED_LIST: 'No rule, macro or list uses this list.',
  LOAD_UNKNOWN_ITEM: 'The item is of no known kind, and is ignored.',
  LOAD_DEPRECATED_ITEM: 'Something is used that will go away.',
  LOAD_WARNING_EXTENSION: 'An extension has something to say.',
  LOAD_APPEND_NO_VALUES: 'An exception is appended to, but there are no values.',
  LOAD_EXCEPTION_NAME_NOT_UNIQUE: 'Two exceptions of one rule have the same name.',
  LOAD_INVALID_MACRO_NAME: 'Conditions cannot refer to a macro of this name.',
  LOAD_INVALID_LIST_NAME: 'Conditions cannot refer to a list of this name, or not as intended.',
  LOAD_COMPILE_CONDITION: 'The condition may not mean what it seems to mean.',
  LOAD_UNKNOWN_KEY: 'The key means nothing in this item, and is ignored.',
  LOAD_DUPLICATE_KEY: 'The key is given twice in one item.',
};

/** One entry for each file. Lines and columns count from 0 and offsets in bytes, as Falco's do. */
export function falcoVerdict(load: LoadResult): FalcoVerdict {
  return {
    falco_load_results: load.files.map((name) => {
      const own = load.problems.filter((problem) => problem.file === name);
      const translate = (problem: RuleLoadProblem): FalcoProblem => toFalcoProblem(problem, load);
      const errors = own.filter((problem) => problem.level === 'error').map(translate);
      const warnings = own.filter((problem) => problem.level === 'warning').map(translate);
      return { name, successful: errors.length === 0, errors, warnings };
    }),
  };
}

function toFalcoProblem(problem: RuleLoadProblem, load: LoadResult): FalcoProblem {
  const context = load.contexts.get(problem);
  const locations = (context?.locations ?? []).map(
    ({ itemName, itemType, name, line, column, offset }): FalcoLocation => ({
      item_name: itemName,
      item_type: itemType,
      position: { name, line, column, offset },
    }),
  );
  const descriptions: Readonly<Record<string, string>> = DESCRIPTIONS;
  return {
    code: problem.code,
    codedesc: descriptions[problem.code] ?? '',
    message: problem.message,
    context: { locations, snippet: context?.snippet ?? '' },
  };
}
