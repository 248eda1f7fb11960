// `guardcell respond list|history|run|undo`
import { ACTION_KINDS, type ActionRecord, type ResponseRule } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, EXIT, flag, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

const RULE_COLUMNS: readonly Column<ResponseRule>[] = [
  { title: 'NAME', value: (rule) => rule.name },
  { title: 'ON', value: (rule) => (rule.enabled ? rule.mode : 'off') },
  {
    title: 'TRIGGER',
    value: (rule) => [...rule.trigger.rules, ...rule.trigger.tags].join(', ') || 'any rule',
    max: 50,
  },
  { title: 'FROM', value: (rule) => rule.trigger.minSeverity },
  { title: 'ACTIONS', value: (rule) => rule.actions.map((action) => action.do).join(', ') },
  { title: 'ORIGIN', value: (rule) => (rule.origin.kind === 'file' ? rule.origin.path : 'console') },
];

const ACTION_COLUMNS: readonly Column<ActionRecord>[] = [
  { title: 'ID', value: (record) => record.id },
  { title: 'TIME', value: (record) => record.createdAt.slice(0, 19).replace('T', ' ') },
  { title: 'ACTION', value: (record) => record.action },
  { title: 'STATE', value: (record) => record.state },
  {
    title: 'TARGET',
    value: (record) => record.target.containerName || record.target.containerId.slice(0, 12),
    max: 30,
  },
  { title: 'BY', value: (record) => record.rule || record.actor, max: 30 },
  { title: 'DETAIL', value: (record) => record.detail, max: 80 },
];

const FAILED: readonly string[] = ['failed', 'unknown'];

function showResult(context: CommandContext, record: ActionRecord): number {
  print(context, record, [record], ACTION_COLUMNS);
  return FAILED.includes(record.state) ? EXIT.partial : EXIT.ok;
}

export const respondList: Command = {
  name: 'respond list',
  summary: 'list response rules',
  usage: '',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell respond list'],
  async run(context) {
    const list = await connect(context).call<{ items: ResponseRule[] }>('GET', '/api/v1/responses');
    print(context, list, list.items, RULE_COLUMNS);
    return EXIT.ok;
  },
};

export const respondHistory: Command = {
  name: 'respond history',
  summary: 'list actions, newest first',
  usage: '',
  options: {
    container: { type: 'string', value: 'C', help: 'only those on this container' },
    alert: { type: 'string', value: 'ID', help: 'only those for this alert' },
    limit: { type: 'string', value: 'N', help: 'at most N (default 50)' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: ['guardcell respond history --container web-1'],
  async run(context) {
    const { options } = context;
    const page = await connect(context).call<{ items: ActionRecord[] }>('GET', '/api/v1/actions', {
      query: {
        container: text(options, 'container'),
        alert: text(options, 'alert'),
        limit: text(options, 'limit'),
      },
    });
    print(context, page, page.items, ACTION_COLUMNS);
    return EXIT.ok;
  },
};

export const respondRun: Command = {
  name: 'respond run',
  summary: 'carry out an action now: pause, resume, stop, kill, quarantine or release',
  usage: 'ACTION --container C',
  options: {
    container: { type: 'string', value: 'C', help: 'container id or name' },
    pid: { type: 'string', value: 'PID', help: 'process to kill, as the host numbers it' },
    reason: { type: 'string', value: 'TEXT', help: 'goes into the record' },
    'dry-run': { type: 'boolean', help: 'record what would be done, do nothing' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell respond run pause --container web-1 --reason "looking into it"',
    'guardcell respond run resume --container web-1',
  ],
  async run(context) {
    const [action] = context.positionals;
    const container = text(context.options, 'container');
    if (
      action === undefined ||
      !(ACTION_KINDS as readonly string[]).includes(action) ||
      action === 'notify'
    ) {
      throw new CodedError('GC_USAGE', 'which action?', {
        hint: 'One of: pause, resume, stop, kill, quarantine, release.',
      });
    }
    if (container === undefined)
      throw new CodedError('GC_USAGE', 'which container?', { hint: 'Add --container NAME.' });
    const pid = text(context.options, 'pid');
    const record = await connect(context).call<ActionRecord>('POST', '/api/v1/actions', {
      body: {
        do: action,
        container,
        ...(pid !== undefined && { pid: Number(pid) }),
        reason: text(context.options, 'reason') ?? '',
        dryRun: flag(context.options, 'dry-run'),
      },
    });
    return showResult(context, record);
  },
};

export const respondUndo: Command = {
  name: 'respond undo',
  summary: 'undo an action: resume what was paused, release what was quarantined',
  usage: 'ACTION-ID',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell respond undo 01jd3k5m7n9p'],
  async run(context) {
    const [id] = context.positionals;
    if (id === undefined)
      throw new CodedError('GC_USAGE', 'which action? give its id', {
        hint: 'See `guardcell respond history`.',
      });
    const path = `/api/v1/actions/${encodeURIComponent(id)}/undo`;
    return showResult(context, await connect(context).call<ActionRecord>('POST', path));
  },
};
