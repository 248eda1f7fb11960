// `guardcell db status`: how old the data is, feed by feed.
import { existsSync } from 'node:fs';
import {
  type FeedState,
  fileSha256,
  isSignedBy,
  openAdvisories,
  openDatabase,
  storedSignature,
} from '@guardcell/advisories';
import { type Command, EXIT, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print } from '../../output.ts';
import { dataDir } from '../../paths.ts';
import { DB_OPTIONS, databaseFile, megabytes, SNAPSHOT, TRUST_OPTION, trustedKeys } from './options.ts';

const DAY_MS = 86_400_000;

function age(date: string): string {
  const days = Math.floor((Date.now() - Date.parse(date)) / DAY_MS);
  if (!Number.isFinite(days)) return '-';
  return days < 1 ? 'today' : `${days} d`;
}

const COLUMNS: readonly Column<FeedState>[] = [
  { title: 'FEED', value: (feed) => feed.name },
  { title: 'DATE', value: (feed) => feed.date.slice(0, 10) || '-' },
  { title: 'AGE', value: (feed) => age(feed.date) },
  { title: 'RECORDS', value: (feed) => String(feed.records) },
  { title: 'PACKAGES', value: (feed) => String(feed.affected) },
  { title: 'SKIPPED', value: (feed) => String(Object.values(feed.skipped).reduce((sum, n) => sum + n, 0)) },
  { title: 'LICENCE', value: (feed) => feed.licence, max: 30 },
  { title: 'PROBLEM', value: (feed) => feed.problem?.message ?? '', max: 60 },
];

export const dbStatus: Command = {
  name: 'db status',
  summary: 'show the vulnerability database: its feeds, their ages and problems',
  usage: '',
  options: { ...TRUST_OPTION, ...DB_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell db status', 'guardcell db status -o json'],
  async run(context) {
    const path = databaseFile(context);
    const own = existsSync(path) || text(context.options, 'db') !== undefined;
    const database = own
      ? openDatabase(path)
      : await openAdvisories({ dataDir: dataDir(text(context.options, 'data')), snapshot: SNAPSHOT });
    const info = database.info();
    database.close();
    const signature = own ? await storedSignature(path) : '';
    const keys = trustedKeys(context);
    const trusted =
      signature !== '' && keys.length > 0 && isSignedBy(await fileSha256(path), signature, keys);
    const signed =
      info.origin === 'snapshot'
        ? 'part of Guardcell'
        : signature === ''
          ? 'not signed'
          : trusted
            ? 'signed, trusted'
            : keys.length > 0
              ? 'signed, by none of the trusted keys'
              : 'signed, not checked';
    if (outputFormat(context) === 'table') {
      context.out(
        `${info.origin === 'snapshot' ? 'snapshot that ships with Guardcell' : info.path}\n` +
          `built ${info.builtAt} (${age(info.builtAt)}), ${megabytes(info.bytes)}, ${signed}, revision ${info.revision}\n` +
          `${info.vulnerabilities} vulnerabilities, ${info.packages} packages, ${info.ecosystems.length} ecosystems\n\n`,
      );
    }
    print(context, { ...info, signed: signature !== '', trusted }, info.feeds, COLUMNS);
    return keys.length > 0 && own && !trusted ? EXIT.partial : EXIT.ok;
  },
};
