// `guardcell rules diff`: what changed between two rule sets, in what they detect and say.
import { CodedError } from '@guardcell/kit';
import { diffRules, type LoadResult, loadRules, type RuleChange, type RuleSetDiff } from '@guardcell/rules';
import { type Command, type CommandContext, EXIT } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat, printValue } from '../../output.ts';
import { oneLine } from '../../terminal.ts';
import { problemLine, readRuleFiles, rulePaths } from './rule-files.ts';

const NAMES_SHOWN = 20;

export const rulesDiff: Command = {
  name: 'rules diff',
  summary: 'compare two rule sets by what they detect and say; exit 1 when they differ',
  usage: 'OLD NEW',
  options: OUTPUT_OPTION,
  isVerdict: true,
  examples: [
    'guardcell rules diff old-rules.yaml new-rules.yaml',
    'guardcell rules diff /etc/guardcell/rules ./rules -o json',
    'git show main:rules.yaml | guardcell rules diff - rules.yaml',
  ],
  run(context) {
    const [before, after, ...more] = context.positionals;
    if (before === undefined || after === undefined || more.length > 0)
      throw new CodedError('GC_USAGE', 'two rule sets are compared', {
        hint: 'guardcell rules diff OLD NEW; each is a file, a folder, `builtin` or - for stdin.',
      });
    if (before === '-' && after === '-')
      throw new CodedError('GC_USAGE', 'only one of them can be stdin', {
        hint: 'Give a file for the other.',
      });
    const format = outputFormat(context);
    const sets = [loadSet(context, before), loadSet(context, after)] as const;
    const diff = diffRules(sets[0], sets[1]);
    const broken = sets.some(({ problems }) => problems.some(({ level }) => level === 'error'));
    if (format === 'table') printDiff(context, diff, broken);
    else printValue(context, diff);
    return Promise.resolve(diff.same && !broken ? EXIT.ok : EXIT.findings);
  },
};

function loadSet(context: CommandContext, path: string): LoadResult {
  const load = loadRules(readRuleFiles(rulePaths([path])));
  for (const problem of load.problems) if (problem.level === 'error') context.err(problemLine(problem));
  return load;
}

function printDiff(context: CommandContext, diff: RuleSetDiff, broken: boolean): void {
  for (const name of diff.added) context.styled([['good', `+ ${oneLine(name)}`], '\n']);
  for (const name of diff.removed) context.styled([['bad', `- ${oneLine(name)}`], '\n']);
  for (const change of diff.changed) printChange(context, change);
  const shown = (names: readonly string[]): string =>
    names.slice(0, NAMES_SHOWN).join(', ') +
    (names.length > NAMES_SHOWN ? ` … and ${names.length - NAMES_SHOWN} more` : '');
  for (const { name, added, removed, affects } of diff.lists) {
    context.styled([
      ['strong', `list ${oneLine(name)}`],
      `  affects ${oneLine(shown(affects)) || 'no rule'}\n`,
    ]);
    if (added.length > 0) context.styled(['    ', ['good', `+ ${oneLine(shown(added))}`], '\n']);
    if (removed.length > 0) context.styled(['    ', ['bad', `- ${oneLine(shown(removed))}`], '\n']);
  }
  for (const { name, before, after, affects } of diff.macros) {
    context.styled([
      ['strong', `macro ${oneLine(name)}`],
      `  affects ${oneLine(shown(affects)) || 'no rule'}\n`,
    ]);
    printTexts(context, before, after);
  }
  if (diff.rewritten.length > 0)
    context.styled([['dim', `written in another way, same meaning: ${oneLine(shown(diff.rewritten))}\n`]]);
  const { added, removed, changed } = diff;
  context.out(
    diff.same
      ? `${broken ? 'what could be read is the same; not everything could' : 'the rules are the same'}\n`
      : `\n${added.length} added, ${removed.length} removed, ${changed.length} changed\n`,
  );
}

function printChange(
  context: CommandContext,
  { rule, parts, lists, macros, detectsDifferently }: RuleChange,
): void {
  const through = [...lists.map((name) => `list ${name}`), ...macros.map((name) => `macro ${name}`)];
  context.styled([
    ['warn', `~ ${oneLine(rule)}`],
    detectsDifferently ? '  detects differently' : '',
    through.length === 0 ? '' : `  through ${oneLine(through.join(', '))}`,
    '\n',
  ]);
  for (const { part, before, after } of parts) {
    context.out(`    ${part}\n`);
    printTexts(context, before, after);
  }
}

function printTexts(context: CommandContext, before: string, after: string): void {
  for (const line of before.split('\n').filter((each) => each !== ''))
    context.styled(['      ', ['bad', `- ${oneLine(line)}`], '\n']);
  for (const line of after.split('\n').filter((each) => each !== ''))
    context.styled(['      ', ['good', `+ ${oneLine(line)}`], '\n']);
}
