// `guardcell db update`: the newest database from a mirror, or built from the public feeds.
import { dirname, join } from 'node:path';
import { FEEDS, updateFromFeeds, updateFromMirrors } from '@guardcell/advisories';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, EXIT, flag, text, texts } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat, printValue } from '../../output.ts';
import { addressesByFeed, sign } from './build.ts';
import { DB_OPTIONS, databaseFile, megabytes, reportProblems, TRUST_OPTION, trustedKeys } from './options.ts';

export const dbUpdate: Command = {
  name: 'db update',
  summary: 'bring the vulnerability database up to date',
  usage: '[--mirror URL…]',
  options: {
    mirror: {
      type: 'string',
      multiple: true,
      value: 'URL',
      help: 'folder made by db export, over HTTP; repeat for others to try ($GUARDCELL_DB_MIRRORS, separated by spaces)',
    },
    'from-feeds': {
      type: 'boolean',
      help: 'fetch the public feeds and build; what happens too when no mirror is named',
    },
    feed: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'fetch only these feeds; of the others the files of the last update are used',
    },
    'feed-url': {
      type: 'string',
      multiple: true,
      value: 'NAME=URL',
      help: 'take a feed from another address',
    },
    parallel: { type: 'string', value: 'N', help: 'feeds fetched at a time (default 4)' },
    'sign-key': { type: 'string', value: 'FILE', help: 'private key to sign with what is built' },
    ...TRUST_OPTION,
    ...DB_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell db update --mirror https://mirror.example/guardcell-db',
    'guardcell db update --from-feeds',
    'guardcell db update --from-feeds --feed osv-npm --feed-url osv-npm=https://cache.example/npm/all.zip',
  ],
  async run(context) {
    const mirrors = mirrorsOf(context);
    return mirrors.length > 0 && !flag(context.options, 'from-feeds')
      ? await fromMirrors(context, mirrors)
      : await fromFeeds(context);
  },
};

function mirrorsOf(context: CommandContext): readonly string[] {
  const given = texts(context.options, 'mirror');
  return given.length > 0
    ? given
    : (process.env['GUARDCELL_DB_MIRRORS'] ?? '').split(/\s+/).filter((url) => url !== '');
}

async function fromMirrors(context: CommandContext, mirrors: readonly string[]): Promise<number> {
  const target = databaseFile(context);
  const update = await updateFromMirrors({
    mirrors,
    target,
    trustedKeys: trustedKeys(context),
    signal: context.signal,
  });
  for (const failure of update.failures)
    context.err(`${failure.at}: ${failure.code} ${failure.message}; trying the next\n`);
  if (outputFormat(context) !== 'table') printValue(context, { path: target, ...update });
  else if (update.how === 'current') context.out(`up to date (${update.manifest.builtAt})\n`);
  else
    context.out(
      `updated to ${update.manifest.builtAt}: ${megabytes(update.bytes)} (${update.how}) from ${update.mirror}\n`,
    );
  return EXIT.ok;
}

async function fromFeeds(context: CommandContext): Promise<number> {
  const target = databaseFile(context);
  const urls = addressesByFeed(texts(context.options, 'feed-url'));
  const only = texts(context.options, 'feed');
  const unknown = only.find((name) => !FEEDS.some((feed) => feed.name === name));
  if (unknown !== undefined)
    throw new CodedError('GC_USAGE', `'${unknown}' is no feed`, {
      hint: `There is: ${FEEDS.map(({ name }) => name).join(', ')}.`,
    });
  const parallel = Number(text(context.options, 'parallel') ?? 4);
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 32) {
    throw new CodedError('GC_USAGE', '--parallel takes a number from 1 to 32');
  }
  const feeds = FEEDS.filter(
    ({ name, urls: own }) => own.length > 0 || urls.has(name) || only.includes(name),
  );
  const report = await updateFromFeeds(
    {
      feeds,
      ...(only.length === 0 ? {} : { only: new Set(only) }),
      folder: join(dirname(target), 'feeds'),
      urls,
      parallel,
      signal: context.signal,
      onFetched: (name, outcome, message) =>
        context.err(`${name}: ${outcome}${message === '' ? '' : `: ${message}`}\n`),
    },
    { target, builtAt: new Date().toISOString(), origin: 'built', texts: true },
  );
  await sign(context, target);
  const failed = reportProblems(context, report.feeds);
  if (outputFormat(context) === 'table') {
    context.out(
      `${target}: ${report.vulnerabilities} vulnerabilities, ${report.packages} packages, ${report.feeds.length - failed} of ${report.feeds.length} feeds\n`,
    );
  } else printValue(context, { path: target, ...report });
  return failed > 0 ? EXIT.partial : EXIT.ok;
}
