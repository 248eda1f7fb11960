// `guardcell rules tune`: the narrowest exception for alerts that are harmless, with what it would have silenced.
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { RuleView, TuneProposal, TuneResult } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { addException } from '@guardcell/rules';
import { type Command, type CommandContext, EXIT, flag, text, texts } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat, printValue } from '../../output.ts';
import { connect, PLATFORM_OPTIONS, type PlatformClient } from '../../platform-client.ts';
import { oneLine } from '../../terminal.ts';
import { suggestion } from './rule-files.ts';

const DEFAULT_LAST = 20;
const MAX_LAST = 200;
const EXAMPLES_SHOWN = 3;

const NOTES: Readonly<Record<TuneProposal['notes'][number], string>> = {
  prefix: 'silences everything below a folder',
  program: 'silences whatever this program does here',
  'any-program': 'silences it whichever program does it',
  everywhere: 'is not tied to an image, a namespace or the host',
  interpreter: 'trusts a program that does what its arguments say',
  writable: 'trusts a path where anybody may put a file',
  claimed: 'stands on something that the process itself decides',
};

export const rulesTune: Command = {
  name: 'rules tune',
  summary: 'propose the narrowest exception for harmless alerts, with what it would have silenced',
  usage: '--alert ID… | --rule NAME',
  options: {
    alert: {
      type: 'string',
      multiple: true,
      value: 'ID',
      help: 'an alert that is harmless; repeat for more',
    },
    rule: { type: 'string', value: 'NAME', help: 'the newest alerts of this rule are harmless' },
    last: {
      type: 'string',
      value: 'N',
      help: `with --rule: so many alerts (default ${DEFAULT_LAST}, at most ${MAX_LAST})`,
    },
    choose: { type: 'string', value: 'N', help: 'take proposal N instead of the first, the narrowest' },
    apply: { type: 'boolean', help: 'put it in force: the platform writes it to its own rule files' },
    file: { type: 'string', value: 'FILE', help: 'with --apply: write it to this rule file instead' },
    'accept-risk': { type: 'boolean', help: 'apply although the proposal is of high risk' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell rules tune --alert 7k2m9x1c-1763697600-42',
    'guardcell rules tune --rule "Password hashes read in container" --last 50',
    'guardcell rules tune --rule "Password hashes read in container" --choose 2 --apply',
    'guardcell rules tune --alert 7k2m9x1c-1763697600-42 --apply --file my-rules.yaml',
  ],
  async run(context) {
    const format = outputFormat(context);
    const choice = numberOption(context, 'choose', 1, 1000);
    checkUsage(context);
    const client = connect(context);
    const { rule, ids } = await harmlessAlerts(context, client);
    const result = await client.call<TuneResult>('POST', `${pathOf(rule)}/tune`, { body: { alerts: ids } });
    const chosen = result.proposals[choice - 1];
    if (result.proposals.length > 0 && chosen === undefined)
      throw new CodedError('GC_USAGE', `there is no proposal ${choice}`, {
        hint: `There are ${result.proposals.length}.`,
      });
    const yaml = chosen === undefined ? '' : yamlOf(rule, chosen);
    const applied =
      chosen !== undefined && flag(context.options, 'apply')
        ? await apply(context, client, rule, chosen)
        : null;
    if (format !== 'table')
      printValue(context, { ...result, chosen: chosen === undefined ? null : choice, yaml, applied });
    else printResult(context, result, choice, yaml, applied);
    return chosen === undefined ? EXIT.findings : EXIT.ok;
  },
};

function pathOf(rule: string): string {
  return `/api/v1/rules/${encodeURIComponent(rule)}`;
}

function checkUsage({ options, positionals }: CommandContext): void {
  const byAlert = texts(options, 'alert').length > 0;
  const byRule = text(options, 'rule') !== undefined;
  if (byAlert === byRule || positionals.length > 0)
    throw new CodedError('GC_USAGE', 'which alerts are harmless?', {
      hint: 'Name them with --alert ID…, or take the newest of a rule with --rule NAME [--last N].',
    });
  if (text(options, 'file') !== undefined && !flag(options, 'apply'))
    throw new CodedError('GC_USAGE', '--file says where --apply writes', { hint: 'Add --apply.' });
}

function numberOption(context: CommandContext, name: string, otherwise: number, max: number): number {
  const given = text(context.options, name);
  if (given === undefined) return otherwise;
  const value = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (value < 1 || value > max)
    throw new CodedError('GC_USAGE', `--${name} takes a number from 1 to ${max}, not '${given}'`);
  return value;
}

async function harmlessAlerts(
  context: CommandContext,
  client: PlatformClient,
): Promise<{ readonly rule: string; readonly ids: readonly string[] }> {
  const named = texts(context.options, 'alert');
  const [first] = named;
  if (first !== undefined) {
    const alert = await client.call<Alert>('GET', `/api/v1/events/${encodeURIComponent(first)}`);
    return { rule: alert.rule, ids: named };
  }
  const wanted = text(context.options, 'rule') ?? '';
  const limit = numberOption(context, 'last', DEFAULT_LAST, MAX_LAST);
  const { items: rules } = await client.call<{ items: readonly RuleView[] }>('GET', '/api/v1/rules');
  const rule =
    rules.find(({ name }) => name === wanted) ??
    rules.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (rule === undefined) {
    const near = suggestion(
      wanted,
      rules.map(({ name }) => name),
    );
    throw new CodedError('GC_RULE_NOT_FOUND', `there is no rule '${wanted}'`, {
      hint: near.length > 0 ? `Did you mean '${near.join("' or '")}'?` : 'guardcell rules list names them.',
    });
  }
  const { items } = await client.call<{ items: readonly Alert[] }>('GET', '/api/v1/events', {
    query: { rule: rule.name, limit },
  });
  if (items.length === 0)
    throw new CodedError('GC_EVENT_NOT_FOUND', `no alert of '${rule.name}' is stored`, {
      hint: 'There is nothing to silence.',
    });
  return { rule: rule.name, ids: items.map(({ id }) => id) };
}

function yamlOf(rule: string, { exception }: TuneProposal): string {
  const written = addException('', rule, exception);
  if ('problem' in written) throw new CodedError('GC_RULES_EXCEPTION', written.problem, { at: rule });
  return written.content;
}

interface Applied {
  readonly rule: string;
  readonly file: string;
  readonly exception: { readonly name: string };
}

async function apply(
  context: CommandContext,
  client: PlatformClient,
  rule: string,
  { exception, risk, notes }: TuneProposal,
): Promise<Applied> {
  if (risk === 'high' && !flag(context.options, 'accept-risk')) {
    throw new CodedError('GC_RULES_RISK', 'this exception would hide attacks too', {
      hint: `It ${notes.map((note) => NOTES[note]).join('; it ')}. --accept-risk applies it all the same.`,
    });
  }
  const file = text(context.options, 'file');
  if (file === undefined) {
    const { name, fields, comps, values } = exception;
    return await client.call<Applied>('POST', `${pathOf(rule)}/exceptions`, {
      body: { name, fields, comps, values },
    });
  }
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const written = addException(before, rule, exception);
  if ('problem' in written)
    throw new CodedError('GC_RULES_EXCEPTION', written.problem, {
      at: file,
      hint: 'Correct the file first.',
    });
  replaceFile(file, written.content);
  return { rule, file, exception: { name: written.name } };
}

/** In one step, so that whoever watches the file never reads half of it. */
function replaceFile(file: string, content: string): void {
  const mode = existsSync(file) ? statSync(file).mode : 0o644;
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, content, { mode });
    renameSync(draft, file);
  } catch (cause) {
    throw new CodedError('GC_RULES_FILE', 'the rule file cannot be written', { at: file, cause });
  }
}

const RISK_STYLE = { low: 'good', medium: 'warn', high: 'bad', unknown: 'warn' } as const;

function printResult(
  context: CommandContext,
  result: TuneResult,
  choice: number,
  yaml: string,
  applied: Applied | null,
): void {
  context.styled([['strong', oneLine(result.rule)], '\n']);
  if (result.ignored.length > 0)
    context.err(`not alerts of this rule, left out: ${oneLine(result.ignored.join(', '))}\n`);
  if (result.proposals.length === 0) {
    context.err('these alerts have nothing in common that an exception could safely stand on\n');
    return;
  }
  for (const [at, proposal] of result.proposals.entries())
    printProposal(context, proposal, at + 1 === choice, at + 1);
  if (applied === null) {
    context.out(`\n# append to a rule file, or let --apply do it\n${yaml}`);
    return;
  }
  context.styled([
    '\n',
    ['good', 'applied'],
    `: exception ${oneLine(applied.exception.name)} in ${oneLine(applied.file)}\n`,
  ]);
}

function printProposal(
  context: CommandContext,
  proposal: TuneProposal,
  chosen: boolean,
  number: number,
): void {
  const { exception, risk, notes, preview } = proposal;
  context.styled([
    '\n',
    [chosen ? 'strong' : 'plain', `${chosen ? '▸' : ' '} ${number}. ${oneLine(exception.name)}`],
    '  risk ',
    [RISK_STYLE[risk], risk],
    '\n',
  ]);
  for (const tuple of exception.values.slice(0, EXAMPLES_SHOWN)) {
    const checks = exception.fields.map(
      (field, at) => `${field} ${exception.comps[at] ?? '='} ${String(tuple[at])}`,
    );
    context.out(`      ${oneLine(checks.join(' and '))}\n`);
  }
  if (exception.values.length > EXAMPLES_SHOWN)
    context.out(`      … or one of ${exception.values.length - EXAMPLES_SHOWN} more\n`);
  for (const note of notes) context.styled(['      ', ['warn', NOTES[note]], '\n']);
  if (preview.problem !== '') {
    context.styled(['      ', ['bad', oneLine(preview.problem)], '\n']);
    return;
  }
  const unsure = preview.unknown === 0 ? '' : `, ${preview.unknown} cannot be judged`;
  context.out(`      would have silenced ${preview.silenced} of ${preview.looked} stored alerts${unsure}\n`);
  for (const alert of preview.remainingExamples.slice(0, EXAMPLES_SHOWN))
    context.styled(['      ', ['dim', `still fires: ${oneLine(alert.message)}`], '\n']);
}
