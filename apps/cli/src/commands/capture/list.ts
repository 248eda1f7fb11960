// `guardcell capture list`: the recordings around matches that this machine's agent keeps.
import { join } from 'node:path';
import { listCaptures } from '@guardcell/capture';
import { CodedError, needOwnFolder } from '@guardcell/kit';
import { type Command, EXIT, text } from '../../command.ts';
import { OUTPUT_OPTION, print } from '../../output.ts';
import { dataDir } from '../../paths.ts';
import { sizeText } from './size.ts';

export const captureList: Command = {
  name: 'capture list',
  summary: 'list the recordings around matches on this machine',
  usage: '',
  options: {
    data: { type: 'string', value: 'DIR', help: "the platform's data folder" },
    ...OUTPUT_OPTION,
  },
  examples: ['guardcell capture list', 'guardcell capture list -o json'],
  async run(context) {
    if (context.positionals.length > 0) {
      throw new CodedError('GC_USAGE', 'capture list takes no arguments');
    }
    const folder = dataDir(text(context.options, 'data'));
    needOwnFolder(folder);
    const captures = listCaptures(join(folder, 'agent', 'captures')).map((capture) => ({
      path: capture.path,
      bytes: capture.bytes,
      modifiedAt: new Date(capture.modifiedAtMs).toISOString(),
    }));
    print(context, { captures }, captures, [
      { title: 'WRITTEN', value: (capture) => capture.modifiedAt },
      { title: 'SIZE', value: (capture) => sizeText(capture.bytes) },
      { title: 'PATH', value: (capture) => capture.path },
    ]);
    return EXIT.ok;
  },
};
