// `guardcell rules replay`: the events of a capture against rules, alerts in Falco's formats.
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { type CaptureStats, openCapture } from '@guardcell/capture';
import { CodedError } from '@guardcell/kit';
import {
  createEngine,
  enterEventTypes,
  type FalcoFormatOptions,
  type LoadResult,
  type RuleMatch,
  rfc3339,
} from '@guardcell/rules';
import { type Command, type CommandContext, EXIT, oneOf, text } from '../../command.ts';
import { alertFormat, falcoLine } from '../../falco-line.ts';
import { progressBar } from './progress-bar.ts';
import { parseTimeNs } from './replay-time.ts';
import { loadLocalRules, RULES_OPTION } from './rule-files.ts';

/** Alerts are written in pieces of about this many characters. */
const WRITE_CHARS = 1 << 16;
/** Rules that ask for these want figures that are otherwise not followed. */
const FIGURES = /\b(?:proc\.vm|thread\.(?:vm|pf))/;

interface Settings {
  readonly output: 'falco' | 'falco-text';
  readonly format: FalcoFormatOptions;
  readonly statsAsJson: boolean;
  readonly hostname: string | undefined;
  readonly sinceNs: bigint | undefined;
  readonly untilNs: bigint | undefined;
}

function readSettings(context: CommandContext): Settings {
  const time = oneOf(context.options, 'time-format', ['local', 'iso8601']);
  const since = text(context.options, 'since');
  const until = text(context.options, 'until');
  return {
    output: alertFormat(context),
    format: time === undefined ? {} : { timeFormat: time },
    statsAsJson: oneOf(context.options, 'stats', ['json']) === 'json',
    hostname: text(context.options, 'hostname'),
    sinceNs: since === undefined ? undefined : parseTimeNs('since', since),
    untilNs: until === undefined ? undefined : parseTimeNs('until', until),
  };
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

interface Outcome {
  readonly stats: CaptureStats;
  readonly alerts: number;
  readonly byRule: Readonly<Record<string, number>>;
  readonly seconds: number;
}

async function replay(
  context: CommandContext,
  path: string,
  load: LoadResult,
  settings: Settings,
): Promise<Outcome> {
  const capture = openCapture(path === '-' ? process.stdin : path);
  const host = (): string => settings.hostname ?? (capture.hostname() || hostname());
  const engine = createEngine(load, {
    userName: (uid, container) => capture.userName(uid, container),
    groupName: (gid, container) => capture.groupName(gid, container),
    userHome: (uid, container) => capture.userHome(uid, container),
    userShell: (uid, container) => capture.userShell(uid, container),
    get hostname() {
      return host();
    },
  });
  let pending = '';
  let timeNs = 0n;
  const byRule = new Map<string, number>();
  const onMatch = (match: RuleMatch): void => {
    const { rule } = match;
    byRule.set(rule.name, (byRule.get(rule.name) ?? 0) + 1);
    const alert = {
      time: rfc3339(timeNs),
      rule: rule.name,
      priority: rule.priority,
      source: rule.source,
      hostname: host(),
      message: match.message(),
      tags: rule.tags,
      outputFields: match.outputFields(),
    };
    pending += `${falcoLine(alert, settings.output, settings.format)}\n`;
    if (pending.length < WRITE_CHARS) return;
    context.out(pending);
    pending = '';
  };
  const bar = progressBar(path === '-' ? 0 : fileSize(path));
  const startMs = performance.now();
  try {
    const stats = await capture.read({
      eventTypes: engine.eventTypes,
      enterTypes: enterEventTypes(load.rules),
      figures: usesFigures(load),
      signal: context.signal,
      ...(settings.sinceNs === undefined ? {} : { sinceNs: settings.sinceNs }),
      ...(settings.untilNs === undefined ? {} : { untilNs: settings.untilNs }),
      onEvent: (event) => {
        timeNs = event.timeNs;
        engine.evaluate(event, onMatch);
      },
      onProgress: (bytes) => bar.show(bytes),
    });
    const alerts = [...byRule.values()].reduce((sum, count) => sum + count, 0);
    const seconds = (performance.now() - startMs) / 1000;
    return { stats, alerts, byRule: Object.fromEntries(byRule), seconds };
  } finally {
    bar.end();
    if (pending !== '') context.out(pending);
  }
}

function usesFigures(load: LoadResult): boolean {
  if ([...load.macros.values()].some((condition) => FIGURES.test(condition))) return true;
  return load.rules.some((rule) => FIGURES.test(rule.condition) || FIGURES.test(rule.output));
}

function summary(context: CommandContext, outcome: Outcome, asJson: boolean): void {
  const { stats, alerts, byRule, seconds } = outcome;
  const { fault } = stats;
  if (asJson) {
    const figures = {
      events: stats.events,
      alerts,
      seconds,
      eventsPerSecond: seconds > 0 ? Math.round(stats.events / seconds) : 0,
      evaluated: stats.delivered,
      skippedTypes: stats.skippedTypes,
      bytes: stats.bytes,
      evictedThreads: stats.evictedThreads,
      lostDescriptors: stats.lostDescriptors,
      lostEnterEvents: stats.lostEnterEvents,
      rules: Object.fromEntries(Object.entries(byRule).sort(([, a], [, b]) => b - a)),
      ...(fault === undefined
        ? {}
        : { fault: { code: fault.code, message: fault.message, at: fault.at, hint: fault.hint } }),
    };
    context.err(`${JSON.stringify(figures)}\n`);
    return;
  }
  if (fault !== undefined) {
    context.err(`error ${fault.code}: ${fault.message} (${fault.at})\n`);
    if (fault.hint !== '') context.err(`  ${fault.hint}\n`);
  }
  const odd =
    (stats.skippedTypes > 0 ? `, ${stats.skippedTypes} of unknown types passed over` : '') +
    (stats.evictedThreads > 0 ? `, ${stats.evictedThreads} threads forgotten` : '') +
    (stats.lostDescriptors > 0 ? `, ${stats.lostDescriptors} descriptors forgotten` : '') +
    (stats.lostEnterEvents > 0 ? `, parameters of ${stats.lostEnterEvents} calls lost` : '');
  context.err(`${stats.events} events, ${alerts} alerts in ${seconds.toFixed(3)} s${odd}\n`);
}

export const rulesReplay: Command = {
  name: 'rules replay',
  summary: 'evaluate the system calls of a capture; exit 6 when the file is damaged',
  usage: 'CAPTURE.scap[.gz]',
  options: {
    ...RULES_OPTION,
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'text (default) or jsonl, as Falco prints' },
    since: { type: 'string', value: 'TIME', help: 'only events from then on; earlier ones keep the state' },
    until: { type: 'string', value: 'TIME', help: 'stop after then' },
    'time-format': { type: 'string', value: 'FORMAT', help: 'local (default) or iso8601, before each text' },
    hostname: { type: 'string', value: 'NAME', help: 'instead of the name that the capture says' },
    stats: { type: 'string', value: 'json', help: 'print the summary on stderr as JSON' },
  },
  examples: [
    'guardcell rules replay incident.scap',
    'guardcell rules replay -r my-rules.yaml -o jsonl incident.scap.gz',
    'guardcell rules replay --since 2026-03-01T10:00:00Z --stats json incident.scap',
    'sysdig -w - | guardcell rules replay -',
  ],
  async run(context) {
    const [path, ...more] = context.positionals;
    if (path === undefined || more.length > 0) {
      throw new CodedError('GC_USAGE', 'which capture? give one, or - for stdin', {
        hint: 'guardcell rules replay -r RULES.yaml CAPTURE.scap',
      });
    }
    const settings = readSettings(context);
    // What events leave behind dies at once: a larger young generation would only take memory, and cache.
    setFlagsFromString('--semi-space-growth-factor=1');
    const { load } = loadLocalRules(context);
    const rules = load.rules.filter((rule) => rule.source === 'syscall');
    if (!rules.some((rule) => rule.enabled)) context.err('no enabled rule has the source syscall\n');
    const outcome = await replay(context, path, { ...load, rules }, settings);
    summary(context, outcome, settings.statsAsJson);
    if (context.signal.aborted) return EXIT.interrupted;
    if (outcome.stats.fault !== undefined) return EXIT.partial;
    return load.problems.some(({ level }) => level === 'error') ? EXIT.findings : EXIT.ok;
  },
};
