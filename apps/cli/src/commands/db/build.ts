// `guardcell db build`: a database from files of feeds.

import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildDatabase,
  FEEDS,
  type FeedInput,
  fetchFeeds,
  fileSha256,
  findInputs,
  signatureFile,
  signDigest,
} from '@guardcell/advisories';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, EXIT, text, texts } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat, printValue } from '../../output.ts';
import { DB_OPTIONS, databaseFile, readKey, reportProblems } from './options.ts';

export const dbBuild: Command = {
  name: 'db build',
  summary: 'build the vulnerability database from files of feeds',
  usage: '--feeds DIR',
  options: {
    feeds: {
      type: 'string',
      multiple: true,
      value: 'DIR|NAME=URL',
      help: 'folder with files named after feeds (osv-npm.zip, debian.json …), or one feed and its address; repeatable',
    },
    'sign-key': { type: 'string', value: 'FILE', help: 'private key (PEM, Ed25519) to sign with' },
    ...DB_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell db build --feeds ./feeds',
    'guardcell db build --feeds ./feeds --sign-key key.pem --db out/advisories.db',
  ],
  async run(context) {
    const wanted = texts(context.options, 'feeds');
    if (wanted.length === 0) {
      throw new CodedError('GC_USAGE', 'no feeds are given', {
        hint: 'Name a folder: guardcell db build --feeds DIR.',
      });
    }
    const target = databaseFile(context);
    const scratch = await mkdtemp(join(tmpdir(), 'guardcell-feeds-'));
    const started = performance.now();
    try {
      const inputs = [...fromFolders(context, wanted), ...(await fromAddresses(context, wanted, scratch))];
      const report = await buildDatabase({
        target,
        inputs,
        builtAt: new Date().toISOString(),
        origin: 'built',
        texts: true,
        onFeed: (feed) =>
          context.err(`${feed.name}: ${feed.records} records, ${feed.affected} on packages\n`),
      });
      await sign(context, target);
      const failed = reportProblems(context, report.feeds);
      const seconds = (performance.now() - started) / 1000;
      if (outputFormat(context) === 'table') {
        context.out(
          `${target}: ${report.vulnerabilities} vulnerabilities, ${report.packages} packages, ${report.feeds.length - failed} feeds, ${seconds.toFixed(1)} s\n`,
        );
      } else printValue(context, { path: target, seconds, ...report });
      return failed > 0 ? EXIT.partial : EXIT.ok;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

function isAddress(entry: string): boolean {
  return /^[\w-]+=https?:/.test(entry);
}

function fromFolders(context: CommandContext, wanted: readonly string[]): readonly FeedInput[] {
  return wanted
    .filter((entry) => !isAddress(entry))
    .flatMap((folder) => {
      const found = findInputs(folder);
      for (const name of found.unknown) context.err(`${name}: no feed has this name; left out\n`);
      return found.inputs;
    });
}

async function fromAddresses(
  context: CommandContext,
  wanted: readonly string[],
  folder: string,
): Promise<readonly FeedInput[]> {
  const urls = addressesByFeed(wanted.filter(isAddress));
  if (urls.size === 0) return [];
  const feeds = FEEDS.filter(({ name }) => urls.has(name));
  return await fetchFeeds({ feeds, folder, urls, parallel: 4, signal: context.signal });
}

/** `NAME=URL` entries. @throws CodedError GC_USAGE for a feed that does not exist. */
export function addressesByFeed(entries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const urls = new Map<string, string[]>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(at, 0));
    if (at < 1 || !FEEDS.some((feed) => feed.name === name)) {
      throw new CodedError('GC_USAGE', `'${name || entry}' is no feed`, {
        hint: `Write NAME=URL with one of: ${FEEDS.map((feed) => feed.name).join(', ')}.`,
      });
    }
    urls.set(name, [...(urls.get(name) ?? []), entry.slice(at + 1)]);
  }
  return urls;
}

/** Signs a file that was just built; an older signature would belong to the file before. */
export async function sign(context: CommandContext, target: string): Promise<void> {
  const keyFile = text(context.options, 'sign-key');
  if (keyFile === undefined) {
    await rm(signatureFile(target), { force: true });
    return;
  }
  writeFileSync(signatureFile(target), `${signDigest(await fileSha256(target), readKey(keyFile))}\n`);
}
