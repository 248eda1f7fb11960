// `guardcell rules audit`: Kubernetes audit events from a file against rules, alerts in Falco's formats.
import { hostname } from 'node:os';
import { CodedError } from '@guardcell/kit';
import { AUDIT_SOURCE, auditAlert, auditEvent, createEngine, type Engine, readAudit } from '@guardcell/rules';
import { type Command, type CommandContext, EXIT, oneOf } from '../../command.ts';
import { alertFormat, falcoLine } from '../../falco-line.ts';
import { inputChunks, inputLines, inputTexts, MAX_LINE_CHARS } from './audit-input.ts';
import { loadLocalRules, RULES_OPTION } from './rule-files.ts';

/** More of them say nothing new; the count goes on. */
const SHOWN_PROBLEMS = 20;
/** Alerts are written in pieces of about this many characters. */
const WRITE_CHARS = 1 << 16;

const WHY: Readonly<Record<string, string>> = {
  'too-large': 'longer than 64 MiB',
  'too-deep': 'nested too deeply',
  'not-json': 'not JSON',
  'not-audit': 'neither an audit event nor a list of them',
  'not-an-object': 'not an object',
  'no-audit-id': 'without auditID: not an audit event',
  'no-time': 'without a valid stageTimestamp or requestReceivedTimestamp',
};

interface Totals {
  events: number;
  alerts: number;
  ignored: number;
  badLines: number;
  readonly byRule: Map<string, number>;
}

interface Run {
  readonly context: CommandContext;
  readonly engine: Engine;
  readonly totals: Totals;
  readonly format: 'falco' | 'falco-text';
  pending: string;
}

function complain(run: Run, line: number, problem: string): void {
  run.totals.badLines += 1;
  if (run.totals.badLines <= SHOWN_PROBLEMS)
    run.context.err(`line ${line}: ${WHY[problem] ?? problem}; passed over\n`);
  if (run.totals.badLines === SHOWN_PROBLEMS) run.context.err('further bad lines are only counted\n');
}

function flush(run: Run, force: boolean): void {
  if (run.pending === '' || (!force && run.pending.length < WRITE_CHARS)) return;
  run.context.out(run.pending);
  run.pending = '';
}

function judge(run: Run, document: unknown, host: string): string | undefined {
  const { totals } = run;
  const made = auditEvent(document, totals.events + 1);
  if (!made.ok) {
    totals.ignored += 1;
    // Other documents in the same log are no fault of it.
    return made.problem === 'no-audit-id' ? undefined : made.problem;
  }
  totals.events += 1;
  run.engine.evaluate(made.event, (match) => {
    totals.alerts += 1;
    totals.byRule.set(match.rule.name, (totals.byRule.get(match.rule.name) ?? 0) + 1);
    const alert = auditAlert(match, made.event, host);
    run.pending += `${falcoLine(alert, run.format)}\n`;
  });
  return undefined;
}

function judgeText(run: Run, line: number, content: string | undefined, host: string): void {
  if (content === undefined) {
    complain(run, line, 'too-large');
    return;
  }
  const { documents, problem } = readAudit(content, MAX_LINE_CHARS);
  let wrong: string | undefined = problem;
  for (const document of documents) wrong = judge(run, document, host) ?? wrong;
  if (wrong !== undefined) complain(run, line, wrong);
  flush(run, false);
}

function summary(context: CommandContext, totals: Totals, asJson: boolean, seconds: number): void {
  const { events, alerts, ignored, badLines } = totals;
  if (asJson) {
    const rules = Object.fromEntries([...totals.byRule].sort(([, a], [, b]) => b - a));
    const eventsPerSecond = seconds > 0 ? Math.round(events / seconds) : 0;
    const figures = { events, alerts, ignored, badLines, seconds, eventsPerSecond, rules };
    context.err(`${JSON.stringify(figures)}\n`);
    return;
  }
  const odd = `${ignored > 0 ? `, ${ignored} ignored` : ''}${badLines > 0 ? `, ${badLines} bad lines` : ''}`;
  context.err(`${events} events, ${alerts} alerts in ${seconds.toFixed(3)} s${odd}\n`);
}

export const rulesAudit: Command = {
  name: 'rules audit',
  summary: 'evaluate Kubernetes audit events from a file; exit 6 when some lines could not be read',
  usage: 'EVENTS.jsonl',
  options: {
    ...RULES_OPTION,
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'text (default) or jsonl, as Falco prints' },
    stats: { type: 'string', value: 'json', help: 'print the summary on stderr as JSON' },
  },
  examples: [
    'guardcell rules audit /var/log/kubernetes/audit.log',
    'guardcell rules audit -r k8s_audit_rules.yaml -o jsonl audit.jsonl',
    'kubectl logs … | guardcell rules audit -r my-rules.yaml -',
  ],
  async run(context) {
    const [path, ...more] = context.positionals;
    if (path === undefined || more.length > 0) {
      throw new CodedError('GC_USAGE', 'which file of audit events? give one, or - for stdin', {
        hint: 'guardcell rules audit -r RULES.yaml EVENTS.jsonl',
      });
    }
    const statsAsJson = oneOf(context.options, 'stats', ['json']) === 'json';
    const format = alertFormat(context);
    const { load } = loadLocalRules(context);
    const rules = load.rules.filter((rule) => rule.source === AUDIT_SOURCE);
    if (rules.length === 0) context.err(`no rule has the source ${AUDIT_SOURCE}\n`);
    const run: Run = {
      context,
      engine: createEngine({ ...load, rules }, { hostname: hostname() }),
      totals: { events: 0, alerts: 0, ignored: 0, badLines: 0, byRule: new Map() },
      format,
      pending: '',
    };
    const startMs = performance.now();
    for await (const { line, text: content } of inputTexts(inputLines(inputChunks(path)))) {
      judgeText(run, line, content, hostname());
      if (context.signal.aborted) break;
    }
    flush(run, true);
    summary(context, run.totals, statsAsJson, (performance.now() - startMs) / 1000);
    if (context.signal.aborted) return EXIT.interrupted;
    const failed = load.problems.some(({ level }) => level === 'error');
    if (failed) return EXIT.findings;
    return run.totals.badLines > 0 ? EXIT.partial : EXIT.ok;
  },
};
