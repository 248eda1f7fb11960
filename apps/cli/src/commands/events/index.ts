// `guardcell events list|tail|show`: the alerts.
import type { Alert } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { stringify } from 'yaml';
import { type Command, EXIT, type OptionSpec, type OptionValues, text, texts } from '../../command.ts';
import { falcoLine } from '../../falco-line.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print, table } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';
import { oneLine, safeJson } from '../../terminal.ts';

const FILTER_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  severity: {
    type: 'string',
    multiple: true,
    value: 'S',
    help: 'critical, high, medium, low or info; repeat for any of',
  },
  rule: { type: 'string', multiple: true, value: 'NAME', help: 'rule name' },
  container: { type: 'string', multiple: true, value: 'C', help: 'container id or name' },
  image: { type: 'string', multiple: true, value: 'IMAGE', help: 'image reference' },
  namespace: { type: 'string', multiple: true, value: 'NS', help: 'Kubernetes namespace' },
  tag: { type: 'string', multiple: true, value: 'TAG', help: 'rule tag' },
  mitre: { type: 'string', multiple: true, value: 'ID', help: 'ATT&CK technique, such as T1098' },
  process: { type: 'string', multiple: true, value: 'NAME', help: 'process name' },
  search: { type: 'string', short: 'q', value: 'WORDS', help: 'words that must all occur' },
};

const ALERT_FORMATS = ['table', 'json', 'jsonl', 'yaml', 'falco', 'falco-text'] as const;

const ALERT_OUTPUT_OPTION: Readonly<Record<string, OptionSpec>> = {
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    help: 'table (default), json, jsonl, yaml, or as Falco prints alerts: falco (JSON lines), falco-text',
  },
};

const COLUMNS: readonly Column<Alert>[] = [
  { title: 'TIME', value: (alert) => alert.time.slice(0, 19).replace('T', ' ') },
  { title: 'SEVERITY', value: (alert) => alert.severity },
  { title: 'RULE', value: (alert) => alert.rule, max: 48 },
  { title: 'CONTAINER', value: (alert) => alert.container.name, max: 28 },
  { title: 'PROCESS', value: (alert) => `${alert.process.name}(${alert.process.pid})`, max: 28 },
  { title: 'ID', value: (alert) => alert.id },
];

function filterQuery(options: OptionValues): Record<string, string | readonly string[] | undefined> {
  const many = ['severity', 'rule', 'container', 'image', 'namespace', 'tag', 'mitre', 'process'];
  return {
    ...Object.fromEntries(many.map((name) => [name, texts(options, name)])),
    q: text(options, 'search'),
    since: text(options, 'since'),
    until: text(options, 'until'),
  };
}

const TIME_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  since: { type: 'string', value: 'AGE', help: 'from then on: 10m, 24h, 7d or an RFC 3339 time' },
  until: { type: 'string', value: 'AGE', help: 'up to then' },
};

export const eventsList: Command = {
  name: 'events list',
  summary: 'list alerts, newest first',
  usage: '',
  options: {
    ...FILTER_OPTIONS,
    ...TIME_OPTIONS,
    limit: { type: 'string', value: 'N', help: 'at most N alerts (default 50, at most 500)' },
    cursor: { type: 'string', value: 'CURSOR', help: 'go on from the `nextCursor` of a list before' },
    ...PLATFORM_OPTIONS,
    ...ALERT_OUTPUT_OPTION,
  },
  examples: [
    'guardcell events list --since 10m -o json',
    'guardcell events list --severity critical --severity high',
  ],
  async run(context) {
    const page = await connect(context).call<{ items: Alert[]; nextCursor: string | null }>(
      'GET',
      '/api/v1/events',
      {
        query: {
          ...filterQuery(context.options),
          limit: text(context.options, 'limit'),
          cursor: text(context.options, 'cursor'),
        },
      },
    );
    const format = outputFormat(context, ALERT_FORMATS);
    if (format === 'falco' || format === 'falco-text') {
      // Falco prints the oldest first.
      for (const alert of page.items.toReversed()) context.out(`${falcoLine(alert, format)}\n`);
    } else {
      print(context, page, page.items, COLUMNS);
    }
    return EXIT.ok;
  },
};

export const eventsTail: Command = {
  name: 'events tail',
  summary: 'print alerts as they come',
  usage: '',
  options: { ...FILTER_OPTIONS, ...PLATFORM_OPTIONS, ...ALERT_OUTPUT_OPTION },
  runsUntilStopped: true,
  examples: [
    'guardcell events tail',
    'guardcell events tail -o jsonl --severity critical',
    'guardcell events tail -o falco',
  ],
  async run(context) {
    const format = outputFormat(context, ['table', 'jsonl', 'json', 'falco', 'falco-text']);
    const client = connect(context);
    const query = filterQuery(context.options);
    for await (const { event, data } of client.stream('/api/v1/events/stream', query, context.signal)) {
      if (event === 'gap') {
        const { count } = JSON.parse(data) as { count: number };
        const what = count < 0 ? 'alerts may be missing' : `${count} alerts were left out`;
        context.err(`${what} here; \`guardcell events list\` has them\n`);
      }
      if (event !== 'alert') continue;
      if (format === 'falco' || format === 'falco-text')
        context.out(`${falcoLine(JSON.parse(data) as Alert, format)}\n`);
      else if (format !== 'table') context.out(`${safeJson(data)}\n`);
      else
        context.out(
          table([JSON.parse(data) as Alert], COLUMNS)
            .split('\n')
            .slice(1)
            .join('\n'),
        );
    }
    return EXIT.unreachable;
  },
};

export function describeAlert(alert: Alert): string {
  const tree = alert.processTree.map((process, depth) => {
    const facts = `pid ${process.pid}, uid ${process.uid}${process.user === '' ? '' : ` (${process.user})`}`;
    return `  ${'  '.repeat(depth)}${depth === 0 ? '' : '↑ '}${process.cmdline} [${facts}] ${process.exe}`;
  });
  const clauses = alert.matched.map(
    ({ field, operator, expected, actual }) => `  ${field} ${operator} ${expected}   was: ${actual}`,
  );
  return [
    `${alert.severity.toUpperCase()}  ${alert.rule}`,
    alert.message,
    '',
    `id         ${alert.id}`,
    `time       ${alert.time}`,
    `host       ${alert.hostname}`,
    `container  ${alert.container.name} (${alert.container.id.slice(0, 12)}) ${alert.container.image}`,
    `event      ${alert.event.type} ${Object.entries(alert.event.args)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    `ATT&CK     ${alert.mitre.join(', ')}`,
    '',
    'matched',
    ...clauses,
    '',
    'process tree',
    ...tree,
    '',
  ]
    .map(oneLine)
    .join('\n');
}

export const eventsShow: Command = {
  name: 'events show',
  summary: 'one alert with its process tree and the clauses that matched',
  usage: 'ID',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell events show 7k2m9x1c-1763697600-42'],
  async run(context) {
    const [id] = context.positionals;
    if (id === undefined)
      throw new CodedError('GC_USAGE', 'which alert? give its id', { hint: 'guardcell events show ID' });
    const alert = await connect(context).call<Alert>('GET', `/api/v1/events/${encodeURIComponent(id)}`);
    const format = outputFormat(context);
    if (format === 'table') context.out(describeAlert(alert));
    else
      context.out(
        format === 'yaml'
          ? stringify(alert)
          : `${safeJson(JSON.stringify(alert, null, format === 'json' ? 2 : 0))}\n`,
      );
    return EXIT.ok;
  },
};
