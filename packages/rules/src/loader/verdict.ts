// The result of loading in the shape of `falco -V … -o json_output=true`.
import type { RuleLoadProblem } from '@guardcell/core';
import type { LoadResult } from './load-rules.ts';

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

/** One entry for each file. Lines and columns count from 0, as Falco's do. */
export function falcoVerdict(load: LoadResult): FalcoVerdict {
  return {
    falco_load_results: load.files.map((name) => {
      const own = load.problems.filter((problem) => problem.file === name);
      const errors = own.filter((problem) => problem.level === 'error').map(toFalcoProblem);
      const warnings = own.filter((problem) => problem.level === 'warning').map(toFalcoProblem);
      return { name, successful: errors.length === 0, errors, warnings };
    }),
  };
}

function toFalcoProblem(problem: RuleLoadProblem): FalcoProblem {
  const position = { name: problem.file, line: problem.line - 1, column: problem.column - 1, offset: 0 };
  return {
    code: problem.code,
    codedesc: problem.code
      .replace(/^LOAD_(?:ERR_)?/, '')
      .toLowerCase()
      .replaceAll('_', ' '),
    message: problem.message,
    context: {
      locations: [{ item_name: problem.item, item_type: '', position }],
      snippet: '',
    },
  };
}
