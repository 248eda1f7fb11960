// `guardcell db export` and `db import`: the database for machines without a network, and folders for mirrors.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exportDatabase, importDatabase, openDatabase } from '@guardcell/advisories';
import { CodedError } from '@guardcell/kit';
import { type Command, EXIT, text, texts } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat, printValue } from '../../output.ts';
import { DB_OPTIONS, databaseFile, megabytes, readKey, TRUST_OPTION, trustedKeys } from './options.ts';

export const dbExport: Command = {
  name: 'db export',
  summary: 'write the database to a folder that db import and mirrors take',
  usage: 'FOLDER',
  options: {
    delta: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'older database to write a delta from; repeatable',
    },
    'sign-key': { type: 'string', value: 'FILE', help: 'private key (PEM, Ed25519) to sign with' },
    ...DB_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell db export ./mirror',
    'guardcell db export ./mirror --delta yesterday.db --sign-key key.pem',
  ],
  async run(context) {
    const [folder] = context.positionals;
    if (folder === undefined)
      throw new CodedError('GC_USAGE', 'no folder is given', { hint: 'guardcell db export FOLDER.' });
    const keyFile = text(context.options, 'sign-key');
    const manifest = await exportDatabase({
      database: databaseFile(context),
      folder: resolve(folder),
      deltasFrom: texts(context.options, 'delta'),
      ...(keyFile === undefined ? {} : { signingKey: readKey(keyFile) }),
    });
    if (outputFormat(context) !== 'table') printValue(context, manifest);
    else {
      const files = [manifest.full, ...manifest.deltas].map(
        (file) => `${file.file} (${megabytes(file.bytes)})`,
      );
      context.out(`${files.join(', ')}, ${manifest.signature === '' ? 'not signed' : 'signed'}\n`);
    }
    return EXIT.ok;
  },
};

export const dbImport: Command = {
  name: 'db import',
  summary: 'take the database from a folder or file of db export',
  usage: 'FOLDER|FILE',
  options: { ...TRUST_OPTION, ...DB_OPTIONS, ...OUTPUT_OPTION },
  examples: [
    'guardcell db import ./mirror',
    'guardcell db import advisories.db.zst --trust-key publisher.pem',
  ],
  async run(context) {
    const [source] = context.positionals;
    if (source === undefined || !existsSync(source)) {
      throw new CodedError('GC_USAGE', 'there is no such file or folder', {
        at: source ?? '',
        hint: 'guardcell db import FOLDER.',
      });
    }
    const target = databaseFile(context);
    await importDatabase({ source: resolve(source), target, trustedKeys: trustedKeys(context) });
    const database = openDatabase(target);
    const info = database.info();
    database.close();
    if (outputFormat(context) !== 'table') printValue(context, info);
    else context.out(`${target}: built ${info.builtAt}, ${info.vulnerabilities} vulnerabilities\n`);
    return EXIT.ok;
  },
};
