// Text → program: parse, check, compile.
import type { Node } from './ast.ts';
import { type CheckProblem, checkTypes } from './checker.ts';
import { compileTree } from './evaluator.ts';
import { CelFailure, CelLimitExceeded } from './failure.ts';
import type { Evaluate, Frame } from './frame.ts';
import { functionTable, STANDARD_LIBRARIES } from './library/registry.ts';
import { type CelLimits, DEFAULT_LIMITS, MAX_SOURCE_LENGTH } from './limits.ts';
import type { CelFunction, CelLibrary } from './overload.ts';
import { parse } from './parser.ts';
import type { CelProblem, CelProgram, CelResult, CompileResult } from './program.ts';
import { positionOf, SyntaxProblem } from './syntax-problem.ts';
import { baseType, type CelType, type CelTypeName, typeText } from './types.ts';

export interface CompileOptions {
  /** What the expression may refer to. */
  readonly variables: Readonly<Record<string, CelType>>;
  /** Added to the standard libraries. */
  readonly libraries?: readonly CelLibrary[];
  /** What the expression must give, as far as that can be known before evaluating. */
  readonly resultType?: CelTypeName;
}

const STANDARD_FUNCTIONS = functionTable(STANDARD_LIBRARIES);

function functionsOf(libraries: readonly CelLibrary[] | undefined): ReadonlyMap<string, CelFunction> {
  return libraries === undefined || libraries.length === 0
    ? STANDARD_FUNCTIONS
    : functionTable([...STANDARD_LIBRARIES, ...libraries]);
}

function asProblem(text: string, { message, offset, hint }: CheckProblem): CelProblem {
  return { message, ...positionOf(text, offset), hint };
}

function parseText(text: string): Node | CheckProblem {
  if (text.length > MAX_SOURCE_LENGTH) {
    return { message: `expression longer than ${MAX_SOURCE_LENGTH} characters`, offset: 0, hint: '' };
  }
  try {
    return parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxProblem) return thrown;
    throw thrown;
  }
}

function asResult(text: string, frame: Frame, thrown: unknown): CelResult {
  const { cost } = frame.meter;
  if (thrown instanceof CelFailure) {
    const offset = thrown.offset < 0 ? frame.at : thrown.offset;
    return {
      ok: false,
      error: { kind: 'evaluation', message: thrown.message, ...positionOf(text, offset) },
      cost,
    };
  }
  if (thrown instanceof CelLimitExceeded || thrown instanceof RangeError) {
    return {
      ok: false,
      error: { kind: 'limit', message: thrown.message, ...positionOf(text, frame.at) },
      cost,
    };
  }
  throw thrown;
}

function programOf(text: string, resultType: CelType, run: Evaluate): CelProgram {
  return {
    text,
    resultType,
    evaluate: (bindings, limits = {}) => {
      const all: CelLimits = { ...DEFAULT_LIMITS, ...limits };
      const frame: Frame = {
        meter: { limits: all, cost: 0 },
        bindings,
        converted: new Map(),
        slots: [],
        at: 0,
      };
      try {
        return { ok: true, value: run(frame), cost: frame.meter.cost };
      } catch (thrown) {
        return asResult(text, frame, thrown);
      }
    },
  };
}

/** Compiles an expression; every problem has line, column and, where possible, a hint. Never throws on bad text. */
export function compile(text: string, options: CompileOptions): CompileResult {
  const root = parseText(text);
  if (!('kind' in root)) return { ok: false, problems: [asProblem(text, root)] };
  const functions = functionsOf(options.libraries);
  const { type, problems } = checkTypes(root, options.variables, functions);
  const all = [...problems];
  const wanted = options.resultType ?? 'dyn';
  if (wanted !== 'dyn' && all.length === 0 && !['dyn', wanted].includes(baseType(type))) {
    all.push({
      message: `the expression gives a ${typeText(type)}, not a ${wanted}`,
      offset: root.offset,
      hint: '',
    });
  }
  if (all.length > 0) return { ok: false, problems: all.map((problem) => asProblem(text, problem)) };
  const run = compileTree(root, Object.keys(options.variables), functions);
  return { ok: true, program: programOf(text, type, run) };
}
