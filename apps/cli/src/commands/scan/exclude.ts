// `--exclude`: paths that are not looked at.
import { CodedError } from '@guardcell/kit';
import { type ExcludeRule, excludeProblem, MAX_EXCLUDES } from '@guardcell/scan';
import { type OptionSpec, type OptionValues, texts } from '../../command.ts';

const PATHS: OptionSpec = {
  type: 'string',
  multiple: true,
  value: 'GLOB',
  help: "leave out these paths, and with a folder all in it: vendor, '**/testdata', '*.md'; repeatable",
};

/** `scan registry` leaves out repositories with `--exclude`. */
export type ExcludeOption = 'exclude' | 'exclude-path';

export const EXCLUDE_OPTION: Readonly<Record<string, OptionSpec>> = { exclude: PATHS };
export const EXCLUDE_PATH_OPTION: Readonly<Record<string, OptionSpec>> = { 'exclude-path': PATHS };

/** @throws CodedError GC_USAGE for patterns that cannot be meant. */
export function excludesOf(options: OptionValues, name: ExcludeOption): readonly ExcludeRule[] {
  const globs = texts(options, name);
  if (globs.length > MAX_EXCLUDES)
    throw new CodedError('GC_USAGE', `--${name} is given more than ${MAX_EXCLUDES} times`);
  return globs.map((glob) => {
    const problem = excludeProblem(glob);
    if (problem === undefined) return { glob };
    throw new CodedError('GC_USAGE', `--${name} cannot be '${glob}': ${problem}`, {
      hint: "Patterns begin at what is scanned: vendor, 'src/*.md', '**/testdata'.",
    });
  });
}
