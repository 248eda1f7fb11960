// `guardcell scan fs|repo|host|container|sbom`
import { CodedError, silentLogger } from '@guardcell/kit';
import { type Command, type CommandContext, flag, type OptionSpec } from '../../command.ts';
import { EXCLUDE_OPTION } from './exclude.ts';
import { HISTORY_OPTIONS, historyOf } from './history-options.ts';
import { OTHER_SBOM_NAMES, OTHER_SCAN_NAMES } from './other-names.ts';
import { runScan } from './run-scan.ts';
import { SCAN_OPTIONS } from './scan-options.ts';

const ONE_FILE_SYSTEM: Readonly<Record<string, OptionSpec>> = {
  'one-file-system': { type: 'boolean', short: 'x', help: 'do not cross into other file systems' },
};

function theOne(context: CommandContext, what: string): string {
  const [one, ...more] = context.positionals;
  // An empty word is a variable that nobody set: it must not become the folder that the command runs in.
  if (one === undefined || one === '' || more.length > 0) {
    throw new CodedError('GC_USAGE', one === '' ? `the name of the ${what} is empty` : `name one ${what}`, {
      hint: 'guardcell scan --help lists the commands, each has --help with examples.',
    });
  }
  return one;
}

export const scanFs: Command = {
  name: 'scan fs',
  summary: 'scan a folder',
  usage: 'DIR',
  options: { ...SCAN_OPTIONS, ...EXCLUDE_OPTION, ...ONE_FILE_SYSTEM },
  otherNames: OTHER_SCAN_NAMES,
  isVerdict: true,
  examples: [
    'guardcell scan fs .',
    "guardcell scan fs . --exclude vendor --exclude '**/testdata'",
    'guardcell scan fs /srv/app --fail-on high -o json',
  ],
  run: (context) =>
    runScan(
      context,
      { kind: 'filesystem', path: theOne(context, 'folder') },
      { oneFileSystem: flag(context.options, 'one-file-system') },
    ),
};

export const scanRepo: Command = {
  name: 'scan repo',
  summary: 'scan a repository of git, with the secrets of its history',
  usage: 'DIR',
  options: { ...SCAN_OPTIONS, ...EXCLUDE_OPTION, ...ONE_FILE_SYSTEM, ...HISTORY_OPTIONS },
  otherNames: OTHER_SCAN_NAMES,
  isVerdict: true,
  examples: [
    'guardcell scan repo . --ignore-unfixed',
    'guardcell scan repo . --only secrets --since 2026-01-01',
    'guardcell scan repo . --staged --fail-on high',
  ],
  run(context) {
    const path = theOne(context, 'repository');
    if (/^(?:(?:https?|ssh|git):\/\/|git@)/.test(path)) {
      throw new CodedError('GC_USAGE', 'scan repo takes a folder', {
        at: path,
        hint: 'Clone it first: git clone ADDRESS DIR, then guardcell scan repo DIR.',
      });
    }
    const staged = flag(context.options, 'staged');
    const history = historyOf(context);
    // Nothing else is looked at: zeros of packages would say that it was.
    const asked = staged ? { ...context, options: { ...context.options, only: 'secrets' } } : context;
    return runScan(
      asked,
      { kind: 'repository', path, history, staged },
      { oneFileSystem: flag(context.options, 'one-file-system') },
    );
  },
};

export const scanHost: Command = {
  name: 'scan host',
  summary: 'scan this machine; images and containers of it are left out',
  usage: '',
  options: { ...SCAN_OPTIONS, ...EXCLUDE_OPTION, ...ONE_FILE_SYSTEM },
  otherNames: OTHER_SCAN_NAMES,
  isVerdict: true,
  examples: ['sudo guardcell scan host', 'sudo guardcell scan host --only packages -o json'],
  run: (context) =>
    runScan(context, { kind: 'host' }, { oneFileSystem: flag(context.options, 'one-file-system') }),
};

export const scanContainer: Command = {
  name: 'scan container',
  summary: 'scan a running container as it is now, through its root',
  usage: 'NAME|ID',
  options: { ...SCAN_OPTIONS, ...EXCLUDE_OPTION },
  otherNames: OTHER_SCAN_NAMES,
  isVerdict: true,
  examples: ['sudo guardcell scan container web-1'],
  async run(context) {
    const name = theOne(context, 'container');
    return runScan(context, { kind: 'container', name, pid: await pidOf(name) });
  },
};

/** Asks the container runtimes of this host. @throws CodedError GC_CONTAINER_NOT_FOUND, GC_CONTAINER_NOT_RUNNING. */
async function pidOf(name: string): Promise<number> {
  // Loaded only here: other scans need no container runtime.
  const { openInventory } = await import('@guardcell/sensor');
  const inventory = openInventory({ logger: silentLogger });
  try {
    await inventory.ready;
    const container = inventory.resolve(name);
    if (container === undefined) {
      throw new CodedError(
        'GC_CONTAINER_NOT_FOUND',
        'no container runtime of this host knows this container',
        {
          at: name,
          hint: 'Reading from container runtimes and other processes needs root.',
        },
      );
    }
    if (container.pid === 0) {
      throw new CodedError('GC_CONTAINER_NOT_RUNNING', `the container is ${container.state}`, {
        at: name,
        hint: `Scan its image instead: guardcell scan image docker:${container.image.reference}`,
      });
    }
    return container.pid;
  } finally {
    inventory.close();
  }
}

export const scanSbom: Command = {
  name: 'scan sbom',
  summary: 'match an SBOM (CycloneDX or SPDX) without its artifact',
  usage: 'FILE|-',
  options: SCAN_OPTIONS,
  otherNames: OTHER_SBOM_NAMES,
  isVerdict: true,
  examples: [
    'guardcell scan sbom bom.cdx.json --fail-on critical',
    'syft dir:. -o cyclonedx-json | guardcell scan sbom -',
  ],
  run: (context) => runScan(context, { kind: 'sbom', path: theOne(context, 'file') }),
};
