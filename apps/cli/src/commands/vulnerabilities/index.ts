// `guardcell vulnerabilities list`: what is vulnerable over everything that the platform has scanned.
import type { VulnerabilityGroup } from '@guardcell/contract';
import { IN_USE, SEVERITIES } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { type Command, EXIT, flag, text, texts } from '../../command.ts';
import { type Column, OUTPUT_OPTION, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

const COLUMNS: readonly Column<VulnerabilityGroup>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'SEVERITY', value: ({ severity }) => severity },
  { title: 'RISK', value: ({ score }) => String(score) },
  { title: 'EXPLOITED', value: ({ exploited }) => (exploited ? 'yes' : '') },
  { title: 'IN USE', value: ({ inUse }) => inUse },
  { title: 'FIX', value: ({ fixable }) => (fixable ? 'yes' : '') },
  { title: 'IMAGES', value: ({ artifacts }) => String(artifacts) },
  { title: 'RUNNING', value: ({ running }) => String(running) },
  { title: 'PACKAGES', value: ({ packages }) => packages.join(', '), max: 40 },
];

function known(given: readonly string[], of: readonly string[], option: string): readonly string[] {
  const wrong = given.find((each) => !of.includes(each));
  if (wrong === undefined) return given;
  throw new CodedError('GC_USAGE', `--${option} does not know '${wrong}'`, {
    hint: `One of: ${of.join(', ')}.`,
  });
}

export const vulnerabilitiesList: Command = {
  name: 'vulnerabilities list',
  summary: 'list vulnerabilities over everything that the platform has scanned, highest risk first',
  usage: '[WORD]',
  options: {
    severity: {
      type: 'string',
      multiple: true,
      value: 'SEVERITY',
      help: 'only of this severity; repeatable',
    },
    'in-use': {
      type: 'string',
      multiple: true,
      value: 'GRADE',
      help: `only in packages that were ${IN_USE.join(', ')}; repeatable`,
    },
    fixable: { type: 'boolean', help: 'only those with a fixed version' },
    exploited: { type: 'boolean', help: 'only those that are known to be exploited' },
    exposed: { type: 'boolean', help: 'only in what others than its host reach now' },
    running: { type: 'boolean', help: 'only in what runs now' },
    accepted: { type: 'boolean', help: 'those that somebody has accepted' },
    limit: { type: 'string', value: 'N', help: 'at most so many, 1 to 500 (default 50)' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell vulnerabilities list --severity critical --running',
    'guardcell vulnerabilities list openssl',
  ],
  async run(context) {
    const { options, positionals } = context;
    const [q] = positionals;
    const limit = text(options, 'limit') ?? '50';
    if (!/^\d{1,3}$/.test(limit)) throw new CodedError('GC_USAGE', '--limit takes a number from 1 to 500');
    const query = {
      limit,
      ...(q !== undefined && { q }),
      severity: known(texts(options, 'severity'), SEVERITIES, 'severity'),
      inUse: known(texts(options, 'in-use'), IN_USE, 'in-use'),
      ...(flag(options, 'fixable') && { fixable: true }),
      ...(flag(options, 'exploited') && { exploited: true }),
      ...(flag(options, 'exposed') && { exposed: true }),
      ...(flag(options, 'running') && { running: true }),
      ...(flag(options, 'accepted') && { accepted: true }),
    };
    const page = await connect(context).call<{ items: VulnerabilityGroup[] }>(
      'GET',
      '/api/v1/vulnerabilities',
      {
        query,
      },
    );
    print(context, page, page.items, COLUMNS);
    return EXIT.ok;
  },
};
