// `guardcell rules explain`: why an alert came, why a rule does or does not match an event, what a rule means.
import type { Alert } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import {
  type CompiledRule,
  describeRule,
  type ExplainedNode,
  explainTree,
  type NamedEvent,
  type RuleDescription,
  readEvents,
  treeOfNodes,
} from '@guardcell/rules';
import { type Command, type CommandContext, EXIT, flag, text, texts } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat, printValue } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';
import type { Span } from '../../style.ts';
import { oneLine } from '../../terminal.ts';
import { loadLocalRules, RULES_OPTION, readTextFile, ruleNamed } from './rule-files.ts';
import { checkLine, conditionLines, decidingChecks, explainedLines } from './tree-lines.ts';

const ALERT_ID = /^[\w.-]+-\d+-\d+$/;
const LISTED_ITEMS = 12;

export const rulesExplain: Command = {
  name: 'rules explain',
  summary: 'why an alert came, why a rule is silent on an event, or what a rule means',
  usage: 'ALERT-ID | RULE | --event FILE [RULE]',
  options: {
    ...RULES_OPTION,
    event: {
      type: 'string',
      value: 'FILE',
      help: 'events to explain: YAML as in rule tests, a test file, Kubernetes audit events; - for stdin',
    },
    test: { type: 'string', value: 'NAME', help: 'only the event of this name in the file' },
    depth: { type: 'string', value: 'N', help: 'open macros only so many levels deep (default all)' },
    deciding: { type: 'boolean', help: 'only the checks that decided' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell rules explain 7k2m9x1c-1763697600-42',
    'guardcell rules explain shadow-read',
    'guardcell rules explain -r my-rules.yaml --event event.yaml "My rule"',
    'guardcell rules explain --event content/rules/discovery/packet-socket.test.yaml',
  ],
  async run(context) {
    const [subject, ...more] = context.positionals;
    if (more.length > 0)
      throw new CodedError('GC_USAGE', 'more than one alert or rule', {
        hint: 'Put a rule name with blanks in quotes.',
      });
    const file = text(context.options, 'event');
    if (file !== undefined) return explainEvents(context, file, subject);
    if (subject === undefined)
      throw new CodedError('GC_USAGE', 'which alert or rule?', {
        hint: 'guardcell rules explain ALERT-ID, or RULE, or --event FILE.',
      });
    if (ALERT_ID.test(subject) && texts(context.options, 'rules').length === 0)
      return explainAlert(context, subject);
    return explainRule(context, subject);
  },
};

function depthOf(context: CommandContext): { readonly depth: number } {
  const given = text(context.options, 'depth');
  if (given === undefined) return { depth: Infinity };
  if (!/^\d{1,4}$/.test(given))
    throw new CodedError('GC_USAGE', `'${given}' is not a depth`, { hint: 'A number from 0 on.' });
  return { depth: Number(given) };
}

function printLines(context: CommandContext, lines: readonly (readonly Span[])[]): void {
  for (const line of lines) context.styled([...line, '\n']);
}

function printTree(context: CommandContext, tree: ExplainedNode): void {
  if (flag(context.options, 'deciding')) {
    printLines(
      context,
      decidingChecks(tree).map((node) => [
        '  ',
        [node.holds ? 'good' : 'bad', node.holds ? '✔ ' : '✖ '] as const,
        checkLine(node),
      ]),
    );
  } else {
    printLines(
      context,
      explainedLines(tree, depthOf(context)).map((line) => ['  ', ...line]),
    );
  }
}

async function explainAlert(context: CommandContext, id: string): Promise<number> {
  const format = outputFormat(context);
  depthOf(context);
  const alert = await connect(context).call<Alert>('GET', `/api/v1/events/${encodeURIComponent(id)}`);
  const tree = alert.evaluated === undefined ? undefined : treeOfNodes(alert.evaluated);
  if (format !== 'table') {
    const { rule, time, source, message, matched } = alert;
    printValue(context, { id, rule, time, source, message, tree: tree ?? null, matched });
    return EXIT.ok;
  }
  context.styled([['strong', oneLine(alert.rule)], `  ${alert.time}  ${alert.severity}\n`]);
  context.out(`${oneLine(alert.message)}\n\n`);
  if (tree !== undefined) printTree(context, tree);
  else {
    context.err('this alert was stored without its condition; these checks held\n');
    for (const { field, operator, expected, actual } of alert.matched)
      context.out(`  ✔ ${oneLine(`${field} ${operator} ${expected}   is ${actual}`)}\n`);
  }
  return EXIT.ok;
}

interface Explained {
  readonly event: string;
  readonly rule: string;
  readonly matches: boolean;
  /** Why the condition was not even looked at; empty when it was. */
  readonly skipped: string;
  readonly message: string;
  readonly tree: ExplainedNode;
}

function readEventFile(context: CommandContext, file: string): readonly NamedEvent[] {
  const { events, problems } = readEvents(readTextFile(file));
  const wanted = text(context.options, 'test');
  const kept = wanted === undefined ? events : events.filter(({ name }) => name === wanted);
  const [problem] = problems;
  if (problem !== undefined)
    throw new CodedError('GC_RULES_EVENT', problem.message, {
      at: `${file}:${problem.line}`,
      hint: 'packages/rules/README.md says what an event may have.',
    });
  if (kept.length > 0) return kept;
  throw new CodedError('GC_EVENT_NOT_FOUND', 'the file has no such event', {
    at: file,
    hint: `It has: ${events
      .slice(0, 10)
      .map(({ name }) => `'${name}'`)
      .join(', ')}`,
  });
}

function explainOne(rule: CompiledRule, named: NamedEvent, file: string): Explained {
  const built = named.make();
  if ('problem' in built)
    throw new CodedError('GC_RULES_EVENT', built.problem, { at: `${file}:${named.line}` });
  const { event } = built;
  const environment = { userName: (uid: number) => named.users[String(uid)] };
  const tree = explainTree(rule, event, environment);
  const source = event.source ?? 'syscall';
  const skipped =
    source !== rule.source
      ? `the rule is for events of the source ${rule.source}, this one is of ${source}`
      : rule.eventTypes.has(event.type)
        ? ''
        : `the rule cannot match events of the type ${event.type}`;
  const matches = skipped === '' && tree.holds;
  return { event: named.name, rule: rule.name, matches, skipped, message: '', tree };
}

function explainEvents(context: CommandContext, file: string, subject: string | undefined): Promise<number> {
  const format = outputFormat(context);
  depthOf(context);
  const events = readEventFile(context, file);
  const { load } = loadLocalRules(context);
  const rules = subject === undefined ? load.rules : [ruleNamed(load.rules, subject)];
  const all = events.flatMap((event) => rules.map((rule) => explainOne(rule, event, file)));
  const shown = subject === undefined ? all.filter(({ skipped }) => skipped === '') : all;
  if (format !== 'table') printValue(context, shown);
  else if (subject === undefined) printOverview(context, events, shown);
  else for (const explained of shown) printExplained(context, explained);
  return Promise.resolve(shown.some(({ matches }) => matches) ? EXIT.ok : EXIT.findings);
}

function printExplained(context: CommandContext, explained: Explained): void {
  const { event, rule, matches, skipped, tree } = explained;
  const verdict: Span = matches ? ['good', 'matches'] : ['bad', 'does not match'];
  context.styled([['strong', oneLine(rule)], ' ', verdict, ` ${oneLine(event)}\n`]);
  if (skipped !== '') context.styled([['warn', `  ${skipped}\n`]]);
  printTree(context, tree);
  const deciding = matches ? [] : decidingChecks(tree);
  if (deciding.length > 0 && !flag(context.options, 'deciding')) {
    context.out('\n  because\n');
    for (const node of deciding.slice(0, LISTED_ITEMS))
      context.styled(['    ', ['bad', checkLine(node)], '\n']);
  }
  context.out('\n');
}

/** Every rule that sees the event: which match, and the check that stops each of the others. */
function printOverview(
  context: CommandContext,
  events: readonly NamedEvent[],
  all: readonly Explained[],
): void {
  for (const { name } of events) {
    const own = all.filter(({ event }) => event === name);
    const matching = own.filter(({ matches }) => matches);
    context.styled([
      ['strong', oneLine(name)],
      `  ${matching.length} of ${own.length} rules for this type of event match\n`,
    ]);
    for (const { rule } of matching) context.styled(['  ', ['good', `✔ ${oneLine(rule)}`], '\n']);
    for (const { rule, tree, matches } of own) {
      if (matches) continue;
      const [first] = decidingChecks(tree);
      context.styled([
        '  ',
        ['dim', `✖ ${oneLine(rule)}`],
        `   ${first === undefined ? '' : checkLine(first)}\n`,
      ]);
    }
  }
}

function explainRule(context: CommandContext, subject: string): Promise<number> {
  const format = outputFormat(context);
  const options = depthOf(context);
  const { load } = loadLocalRules(context);
  const described = describeRule(load, ruleNamed(load.rules, subject));
  if (format !== 'table') printValue(context, described);
  else {
    const facts: readonly (readonly [string, string])[] = [
      ['file', `${described.file}:${described.line}`],
      ['source', described.source],
      ['enabled', described.enabled ? 'yes' : 'no'],
      ['events', eventsText(described)],
      ['cost', `${described.cost} (1 is comparing two short texts)`],
    ];
    context.styled([['strong', oneLine(described.name)], '\n']);
    for (const [name, value] of facts) context.out(`${name.padEnd(10)} ${oneLine(value)}\n`);
    context.out('\ncondition\n');
    printLines(
      context,
      conditionLines(described.tree, options).map((line) => ['  ', ...line]),
    );
    if (described.cutNodes > 0) context.out(`  … ${described.cutNodes} more\n`);
    printLists(context, described);
    printPrefilter(context, described);
  }
  return Promise.resolve(EXIT.ok);
}

function eventsText({ eventTypes }: RuleDescription): string {
  const more = eventTypes.length - LISTED_ITEMS;
  return `${eventTypes.slice(0, LISTED_ITEMS).join(' ')}${more > 0 ? ` … and ${more} more` : ''}`;
}

function printLists(context: CommandContext, { lists }: RuleDescription): void {
  if (lists.length > 0) context.out('\nlists\n');
  for (const { name, items } of lists) {
    const more = items.length - LISTED_ITEMS;
    const shown = `${items.slice(0, LISTED_ITEMS).join(', ')}${more > 0 ? ` … and ${more} more` : ''}`;
    context.out(`  ${oneLine(`${name}: ${shown}`)}\n`);
  }
}

function printPrefilter(context: CommandContext, { prefilter }: RuleDescription): void {
  for (const { eventTypes, cost, required, lookUps } of prefilter) {
    const more = eventTypes.length - LISTED_ITEMS;
    const types = `${eventTypes.slice(0, LISTED_ITEMS).join(' ')}${more > 0 ? ` … ${more} more` : ''}`;
    context.out(`\nfor ${types} (cost ${cost})\n`);
    for (const check of required) context.out(`  needs  ${oneLine(check)}\n`);
    for (const { field, values } of lookUps) {
      const rest = values.length - LISTED_ITEMS;
      const shown = values.slice(0, LISTED_ITEMS).join(' | ');
      context.out(`  found by  ${oneLine(`${field}: ${shown}${rest > 0 ? ` … ${rest} more` : ''}`)}\n`);
    }
  }
}
