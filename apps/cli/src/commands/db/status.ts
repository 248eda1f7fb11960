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
import type { ReportLanguage } from '@guardcell/report';
import { messageInChinese } from '@guardcell/scan/remarks';
import { type Command, EXIT, type OptionSpec, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print } from '../../output.ts';
import { dataDir } from '../../paths.ts';
import { languageForPeople } from '../scan/report-language.ts';
import {
  AGE_OPTION,
  DB_OPTIONS,
  databaseFile,
  isOlder,
  maxAgeDays,
  megabytes,
  SNAPSHOT,
  TRUST_OPTION,
  trustedKeys,
} from './options.ts';
import { STATUS_TEXTS, type StatusTexts } from './status-texts.ts';

const DAY_MS = 86_400_000;
const LANGUAGE: Readonly<Record<string, OptionSpec>> = {
  lang: { type: 'string', value: 'en|zh-CN', help: 'language of the table (default: of the environment)' },
};

function ageIn(texts: StatusTexts): (date: string) => string {
  return (date) => {
    const days = Math.floor((Date.now() - Date.parse(date)) / DAY_MS);
    if (!Number.isFinite(days)) return '-';
    return days < 1 ? texts.today : texts.days(days);
  };
}

function columnsIn(language: ReportLanguage): readonly Column<FeedState>[] {
  const { columns, ...texts } = STATUS_TEXTS[language];
  const age = ageIn({ columns, ...texts });
  const problem = ({ code = '', message = '' }: Partial<NonNullable<FeedState['problem']>> = {}): string =>
    language === 'zh' ? messageInChinese(code, message) : message;
  return [
    { title: columns.feed, value: (feed) => feed.name },
    { title: columns.date, value: (feed) => feed.date.slice(0, 10) || '-' },
    { title: columns.age, value: (feed) => age(feed.date) },
    { title: columns.records, value: (feed) => String(feed.records) },
    { title: columns.packages, value: (feed) => String(feed.affected) },
    {
      title: columns.skipped,
      value: (feed) => String(Object.values(feed.skipped).reduce((sum, n) => sum + n, 0)),
    },
    { title: columns.licence, value: (feed) => feed.licence, max: 30 },
    { title: columns.problem, value: (feed) => problem(feed.problem), max: 60 },
  ];
}

function signatureIn(
  { signed }: StatusTexts,
  facts: {
    readonly isShipped: boolean;
    readonly signature: string;
    readonly trusted: boolean;
    readonly isChecked: boolean;
  },
): string {
  if (facts.isShipped) return signed.shipped;
  if (facts.signature === '') return signed.no;
  if (facts.trusted) return signed.trusted;
  return facts.isChecked ? signed.untrusted : signed.unchecked;
}

export const dbStatus: Command = {
  name: 'db status',
  summary: 'show the vulnerability database: its feeds, their ages and problems',
  usage: '',
  options: { ...AGE_OPTION, ...TRUST_OPTION, ...DB_OPTIONS, ...OUTPUT_OPTION, ...LANGUAGE },
  examples: [
    'guardcell db status',
    'guardcell db status --max-db-age 7 || guardcell db update',
    'guardcell db status --lang zh-CN',
    'guardcell db status -o json',
  ],
  async run(context) {
    const days = maxAgeDays(context);
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
    const language = languageForPeople(context);
    const texts = STATUS_TEXTS[language];
    if (outputFormat(context) === 'table') {
      const isShipped = info.origin === 'snapshot';
      const signed = signatureIn(texts, { isShipped, signature, trusted, isChecked: keys.length > 0 });
      const built = texts.built({
        at: info.builtAt,
        age: ageIn(texts)(info.builtAt),
        size: megabytes(info.bytes),
        signed,
        revision: info.revision,
      });
      const content = texts.content({ ...info, ecosystems: info.ecosystems.length });
      context.out(`${isShipped ? texts.snapshot : info.path}\n${built}\n${content}\n\n`);
    }
    print(context, { ...info, signed: signature !== '', trusted }, info.feeds, columnsIn(language));
    if (keys.length > 0 && own && !trusted) return EXIT.partial;
    return days !== undefined && isOlder(info.builtAt, days) ? EXIT.stale : EXIT.ok;
  },
};
