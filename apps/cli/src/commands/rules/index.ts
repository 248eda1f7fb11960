// `guardcell rules validate`: needs no running platform.
import type { RuleFile } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { falcoVerdict, loadRules, type UnreadableFile } from '@guardcell/rules';
import { stringify } from 'yaml';
import { type Command, EXIT } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat } from '../../output.ts';
import { safeJson } from '../../terminal.ts';
import { problemLine, readTextFile, rulePaths } from './rule-files.ts';

/** Paths below folders; a path that does not exist stays as it is, so that its problem is in the verdict. */
function pathsOf(given: string): readonly string[] {
  try {
    return rulePaths([given]);
  } catch (cause) {
    if (cause instanceof CodedError && cause.code === 'GC_RULES_FILE_NOT_FOUND') return [given];
    throw cause;
  }
}

interface ReadFiles {
  readonly files: readonly RuleFile[];
  readonly unreadable: readonly UnreadableFile[];
}

function readAll(given: readonly string[]): ReadFiles {
  const files: RuleFile[] = [];
  const unreadable: UnreadableFile[] = [];
  for (const path of given.flatMap(pathsOf)) {
    const name = path === '-' ? 'stdin' : path;
    try {
      files.push({ name, content: readTextFile(path) });
    } catch (cause) {
      if (!(cause instanceof CodedError)) throw cause;
      unreadable.push({ name, message: cause.message });
    }
  }
  return { files, unreadable };
}

export const rulesValidate: Command = {
  name: 'rules validate',
  summary: 'check rule files without loading them; exit 1 when one has an error',
  usage: 'FILE…',
  options: OUTPUT_OPTION,
  isVerdict: true,
  examples: [
    'guardcell rules validate my-rules.yaml',
    'guardcell rules validate falco_rules.yaml local/ -o json',
  ],
  run(context) {
    const { positionals } = context;
    if (positionals.length === 0)
      throw new CodedError('GC_USAGE', 'which files?', { hint: 'guardcell rules validate FILE…' });
    const format = outputFormat(context);
    const { files, unreadable } = readAll(positionals);
    const loaded = loadRules(files, { unreadable });
    const failed = loaded.problems.some((problem) => problem.level === 'error');
    if (format === 'table') {
      for (const problem of loaded.problems) context.err(problemLine(problem));
      context.out(
        `${loaded.rules.length} rules in ${loaded.files.length} files: ${failed ? 'errors' : 'ok'}\n`,
      );
    } else {
      const verdict = falcoVerdict(loaded);
      context.out(format === 'yaml' ? stringify(verdict) : `${safeJson(JSON.stringify(verdict))}\n`);
    }
    return Promise.resolve(failed ? EXIT.findings : EXIT.ok);
  },
};
