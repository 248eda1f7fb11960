// Options that all scans share.
import { defaultCacheDirectory, type LayerCache, openLayerCache } from '@guardcell/image';
import { REPORT_FORMATS } from '@guardcell/report';
import { parseScanParts, type ScanPart } from '@guardcell/scan';
import { type CommandContext, flag, type OptionSpec, text } from '../../command.ts';
import { AGE_OPTION, DB_OPTIONS, TRUST_OPTION } from '../db/options.ts';
import { CONTENT_OPTIONS } from './content-settings.ts';
import { FAIL_ON_WORDS } from './fail-on.ts';
import { LANGUAGE_OPTION } from './report-language.ts';

export const SCAN_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  only: {
    type: 'string',
    value: 'PARTS',
    help: 'packages,vulnerabilities,secrets,misconfig,malware,licenses: some of them',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    help: `${REPORT_FORMATS.map(({ id }) => id).join(', ')}; by default table`,
  },
  template: { type: 'string', value: 'FILE', help: 'template for -o template' },
  'only-new': { type: 'string', value: 'BASELINE', help: 'leave out what this earlier report (-o json) has' },
  'fail-on': {
    type: 'string',
    value: 'WORDS',
    help: `exit with 1 from this severity on, or for denied licences: ${FAIL_ON_WORDS.join(', ')}`,
  },
  severity: {
    type: 'string',
    value: 'LIST',
    help: 'show only findings of these severities, as high,critical or high+; --fail-on judges what is shown',
  },
  'ignore-unfixed': { type: 'boolean', help: 'leave out vulnerabilities that no version fixes' },
  'ignore-file': {
    type: 'string',
    value: 'FILE',
    help: 'ignore rules with reasons (default: the file of --config)',
  },
  'license-policy': {
    type: 'string',
    value: 'FILE',
    help: 'allowed and denied licences (default: licenses of the ignore file)',
  },
  vex: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'VEX document (OpenVEX, CSAF, CycloneDX); repeatable',
  },
  explain: {
    type: 'string',
    value: 'CVE',
    help: 'how this vulnerability came into the report, step by step',
  },
  ...LANGUAGE_OPTION,
  ...CONTENT_OPTIONS,
  ...AGE_OPTION,
  ...DB_OPTIONS,
  ...TRUST_OPTION,
};

export const CACHE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'cache-dir': { type: 'string', value: 'DIR', help: 'where layers that were read are kept' },
  'no-cache': { type: 'boolean', help: 'read every layer, keep nothing' },
};

export function partsOf(context: CommandContext): ReadonlySet<ScanPart> | undefined {
  const only = text(context.options, 'only');
  return only === undefined ? undefined : parseScanParts(only);
}

export function cacheOf(context: CommandContext): LayerCache | undefined {
  if (flag(context.options, 'no-cache')) return undefined;
  return openLayerCache({
    directory: text(context.options, 'cache-dir') ?? defaultCacheDirectory(process.env),
    onWarning: (message) => context.err(`warning: ${message}\n`),
  });
}
