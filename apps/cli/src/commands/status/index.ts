// `guardcell status`: one look at health and coverage.
import type { Status } from '@guardcell/contract';
import { stringify } from 'yaml';
import { type Command, type CommandContext, EXIT } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';
import { oneLine } from '../../terminal.ts';

function mib(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function lines(status: Status): string[] {
  const { sensor, rules, responses, store, agents } = status;
  const rss = agents.map((agent) => mib(agent.rssBytes)).join(', ');
  const result = [
    `version     ${status.version} at ${status.url}`,
    `sensor      ${sensor.state}${sensor.detail === '' ? '' : `: ${sensor.detail}`}`,
    `events      ${sensor.events} seen, ${sensor.eventsPerSecond.toFixed(0)}/s, ${sensor.drops} dropped`,
    `containers  ${status.containers} running`,
    `rules       ${rules.loaded} loaded, ${rules.enabled} on, ${rules.errors} errors, ${rules.warnings} warnings`,
    `responses   ${responses.loaded} loaded, ${responses.errors} errors`,
    `store       ${store.state}${store.detail === '' ? '' : `: ${store.detail}`}, ${store.events} alerts, ${mib(store.sizeBytes)}`,
    `memory      server ${mib(status.serverRssBytes)}${rss === '' ? '' : `, agent ${rss}`}`,
  ];
  for (const agent of agents) {
    for (const runtime of agent.runtimes) {
      result.push(
        `runtime     ${runtime.runtime}: ${runtime.connected ? `connected ${runtime.version}` : runtime.detail}`,
      );
    }
  }
  for (const problem of [...rules.problems, ...responses.problems]) {
    const { level, file, line, column, code, message, hint } = problem;
    result.push(
      `${level.padEnd(11)} ${file}:${line}:${column}: ${code}: ${message}${hint === '' ? '' : ` (${hint})`}`,
    );
  }
  for (const gap of status.gaps.slice(0, 5)) {
    result.push(
      `blind       ${gap.from} to ${gap.to}: ${gap.reason}, ${gap.lost < 0 ? 'unknown number' : gap.lost} lost`,
    );
  }
  return result;
}

function show(context: CommandContext, status: Status): void {
  switch (outputFormat(context)) {
    case 'json':
    case 'jsonl':
      context.out(`${JSON.stringify(status)}\n`);
      return;
    case 'yaml':
      context.out(stringify(status));
      return;
    case 'table':
      context.out(`${lines(status).map(oneLine).join('\n')}\n`);
      return;
  }
}

export const status: Command = {
  name: 'status',
  summary: 'health and coverage of the running platform',
  usage: '',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell status', 'guardcell status -o json'],
  async run(context) {
    show(context, await connect(context).call<Status>('GET', '/api/v1/status'));
    return EXIT.ok;
  },
};
