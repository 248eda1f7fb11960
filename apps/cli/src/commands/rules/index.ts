// `guardcell rules validate`: needs no running platform.
import { readFileSync } from 'node:fs';
import type { RuleLoadProblem } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { falcoVerdict, loadRules } from '@guardcell/rules';
import { stringify } from 'yaml';
import { type Command, EXIT } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat } from '../../output.ts';

const FILE_MAX_BYTES = 16 * 1024 * 1024;

function readRuleFile(name: string): { name: string; content: string } {
  try {
    const bytes = readFileSync(name);
    if (bytes.length > FILE_MAX_BYTES) {
      throw new CodedError('GC_RULES_TOO_LARGE', `the file has more than ${FILE_MAX_BYTES} bytes`, {
        at: name,
      });
    }
    return { name, content: bytes.toString('utf8') };
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError('GC_RULES_FILE', 'the rule file cannot be read', { at: name, cause });
  }
}

export function problemLine(problem: RuleLoadProblem): string {
  const { level, file, line, column, code, message, hint } = problem;
  return `${file}:${line}:${column}: ${level} ${code}: ${message}${hint === '' ? '' : `\n    ${hint}`}\n`;
}

export const rulesValidate: Command = {
  name: 'rules validate',
  summary: 'check rule files without loading them; exit 1 when one has an error',
  usage: 'FILE…',
  options: OUTPUT_OPTION,
  examples: ['guardcell rules validate my-rules.yaml', 'guardcell rules validate -o json *.yaml'],
  run(context) {
    const { positionals } = context;
    if (positionals.length === 0)
      throw new CodedError('GC_USAGE', 'which files?', { hint: 'guardcell rules validate FILE…' });
    const loaded = loadRules(positionals.map(readRuleFile));
    const failed = loaded.problems.some((problem) => problem.level === 'error');
    const format = outputFormat(context);
    if (format === 'table') {
      for (const problem of loaded.problems) context.err(problemLine(problem));
      context.out(
        `${loaded.rules.length} rules in ${positionals.length} files: ${failed ? 'errors' : 'ok'}\n`,
      );
    } else {
      const verdict = falcoVerdict(loaded);
      context.out(format === 'yaml' ? stringify(verdict) : `${JSON.stringify(verdict)}\n`);
    }
    return Promise.resolve(failed ? EXIT.findings : EXIT.ok);
  },
};
