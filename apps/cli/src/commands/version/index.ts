// `guardcell version`
import { release } from 'node:os';
import type { Command } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat } from '../../output.ts';
import { VERSION } from '../../version.ts';

export const version: Command = {
  name: 'version',
  summary: 'print the version',
  usage: '',
  options: OUTPUT_OPTION,
  examples: ['guardcell version', 'guardcell version -o json'],
  run(context) {
    const facts = {
      version: VERSION,
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      kernel: release(),
    };
    context.out(outputFormat(context) === 'table' ? `guardcell ${VERSION}\n` : `${JSON.stringify(facts)}\n`);
    return Promise.resolve(0);
  },
};
