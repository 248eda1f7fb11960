// `guardcell registries list|add|scan`: registries that the platform scans by schedule.
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry, RegistryInput, ScanJob } from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, EXIT, flag, text, texts } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

const POLL_MS = 1000;

function lastRun({ lastJob }: Registry): string {
  if (lastJob === null) return 'never';
  const { scanned, skipped, failed } = lastJob.progress;
  return `${lastJob.state}: ${scanned} scanned, ${skipped} known, ${failed} failed`;
}

const COLUMNS: readonly Column<Registry>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'URL', value: ({ url }) => url, max: 60 },
  { title: 'EVERY', value: ({ enabled, everyMinutes }) => (enabled ? `${everyMinutes} min` : 'by hand') },
  { title: 'IMAGES', value: ({ artifacts }) => String(artifacts) },
  { title: 'LAST', value: lastRun, max: 60 },
];

export const registriesList: Command = {
  name: 'registries list',
  summary: 'list the registries that the platform scans',
  usage: '',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell registries list'],
  async run(context) {
    const list = await connect(context).call<{ items: Registry[] }>('GET', '/api/v1/registries');
    print(context, list, list.items, COLUMNS);
    return EXIT.ok;
  },
};

function numberOf(context: CommandContext, name: string, fallback: number): number {
  const given = text(context.options, name);
  if (given === undefined) return fallback;
  if (/^\d{1,6}$/.test(given)) return Number(given);
  throw new CodedError('GC_USAGE', `--${name} takes a number`);
}

async function passwordOf(context: CommandContext): Promise<string | undefined> {
  const file = text(context.options, 'password-file');
  if (file === undefined) return undefined;
  const content = file === '-' ? await readText(process.stdin) : readNamedFile(file);
  return content.replace(/\r?\n$/, '');
}

export const registriesAdd: Command = {
  name: 'registries add',
  summary: 'have the platform scan a registry; replaces the one of that name',
  usage: 'NAME URL',
  options: {
    username: { type: 'string', value: 'NAME', help: 'of the registry; without it nobody signs in' },
    'password-file': { type: 'string', value: 'FILE', help: 'its password; - reads standard input' },
    'ca-file': { type: 'string', value: 'FILE', help: 'trust these authorities too (PEM)' },
    'allow-insecure': { type: 'boolean', help: 'http to another machine: the password travels in the clear' },
    repositories: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      help: 'only these repositories; repeatable',
    },
    exclude: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      help: 'leave out these repositories; repeatable',
    },
    tags: { type: 'string', multiple: true, value: 'GLOB', help: 'only these tags; repeatable' },
    newest: { type: 'string', value: 'N', help: 'of each repository only the N newest tags' },
    every: { type: 'string', value: 'MINUTES', help: 'time between two scans (default 1440)' },
    'by-hand': { type: 'boolean', help: 'scan only when asked' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell registries add main https://registry.example.com --username scanner --password-file pw --newest 5',
    "guardcell registries add lab http://127.0.0.1:5000 --repositories 'team/**' --every 60",
  ],
  async run(context) {
    const [name, url, ...more] = context.positionals;
    if (name === undefined || url === undefined || more.length > 0) {
      throw new CodedError('GC_USAGE', 'give a name and the address', {
        hint: 'guardcell registries add main https://registry.example.com',
      });
    }
    const password = await passwordOf(context);
    const caFile = text(context.options, 'ca-file');
    const body: RegistryInput = {
      url,
      username: text(context.options, 'username') ?? '',
      ...(password !== undefined && { password }),
      ca: caFile === undefined ? '' : readNamedFile(caFile),
      allowInsecure: flag(context.options, 'allow-insecure'),
      repositories: [...texts(context.options, 'repositories')],
      exclude: [...texts(context.options, 'exclude')],
      tags: [...texts(context.options, 'tags')],
      newestTags: numberOf(context, 'newest', 0),
      enabled: !flag(context.options, 'by-hand'),
      everyMinutes: numberOf(context, 'every', 1440),
    };
    const path = `/api/v1/registries/${encodeURIComponent(name)}`;
    const saved = await connect(context).call<Registry>('PUT', path, { body });
    print(context, saved, [saved], COLUMNS);
    return EXIT.ok;
  },
};

export const registriesScan: Command = {
  name: 'registries scan',
  summary: 'scan a registry now',
  usage: 'NAME',
  options: {
    all: { type: 'boolean', help: 'also what is known by its digest' },
    wait: { type: 'boolean', help: 'until it has ended; exits with 6 when something could not be scanned' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: ['guardcell registries scan main --wait'],
  async run(context) {
    const [name] = context.positionals;
    if (name === undefined) throw new CodedError('GC_USAGE', 'which registry? give its name');
    const platform = connect(context);
    const path = `/api/v1/registries/${encodeURIComponent(name)}/scan`;
    const query = { all: flag(context.options, 'all') };
    let job = await platform.call<ScanJob>('POST', path, { query });
    let said = '';
    while (flag(context.options, 'wait') && ['waiting', 'running'].includes(job.state)) {
      const line = `${job.state} ${job.progress.done}/${job.progress.total} ${job.progress.current}\n`;
      if (context.isTty && line !== said) context.err(line);
      said = line;
      await sleep(POLL_MS, undefined, { signal: context.signal });
      job = await platform.call<ScanJob>('GET', `/api/v1/scan-jobs/${job.id}`);
    }
    if (outputFormat(context) === 'table') {
      context.out(`${job.id} ${job.state}${job.detail === '' ? '' : `: ${job.detail}`}\n`);
      for (const { at, code, message } of job.problems) context.err(`${at}: ${code} ${message}\n`);
    } else print(context, job, [job], []);
    return job.state === 'failed' || job.progress.failed > 0 ? EXIT.partial : EXIT.ok;
  },
};
