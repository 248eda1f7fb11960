// `--ignore-file`, `--license-policy` and `--vex`: decisions about findings, read from files.
import { existsSync } from 'node:fs';
import { isObject, type ScanError } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { type LicensePolicy, type ReadLicensePolicy, readLicensePolicy } from '@guardcell/report';
import type { Decisions } from '@guardcell/scan';
import { readIgnoreRules, readVex, type VexStatement } from '@guardcell/vuln';
import { type CommandContext, text, texts } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';

/** Of the folder the command runs in, never of what is scanned: a target must not silence its own findings. */
export const DEFAULT_SETTINGS_FILE = '.guardcell.yaml';

export interface ReadDecisions {
  readonly decisions: Decisions;
  readonly licensePolicy: LicensePolicy;
  /** Rules and statements that were not taken. */
  readonly problems: readonly ScanError[];
}

/** @throws CodedError GC_USAGE for files that cannot be read at all. */
export async function decisionsOf(context: CommandContext): Promise<ReadDecisions> {
  const configuration = await configurationOf(context);
  const ignore = readIgnoreRules(configuration.value, configuration.file);
  const licenses = await licensePolicyOf(context, configuration);
  const vex: VexStatement[] = [];
  const problems: ScanError[] = [...unknownSections(configuration), ...ignore.problems, ...licenses.problems];
  for (const file of texts(context.options, 'vex')) {
    const reading = readVex(parsed(file, JSON.parse), file);
    if (reading === undefined) {
      throw new CodedError('GC_USAGE', 'this is no VEX document', {
        at: file,
        hint: 'OpenVEX, CSAF and CycloneDX (JSON) are read.',
      });
    }
    vex.push(...reading.statements);
    problems.push(
      ...reading.problems.map((message) => ({ code: 'GC_VEX_PART', message, at: file, hint: '' })),
    );
  }
  return { decisions: { rules: ignore.rules, vex }, licensePolicy: licenses.policy, problems };
}

const SECTIONS: readonly string[] = ['ignore', 'exclude', 'licenses', 'secrets', 'malware'];

/** A misspelt section would be a policy that nobody follows. */
function unknownSections({ file, value }: Configuration): readonly ScanError[] {
  if (!isObject(value)) return [];
  return Object.keys(value)
    .filter((key) => !SECTIONS.includes(key))
    .map((key) => ({
      code: 'GC_SETTINGS_KEY',
      message: `unknown key '${key}'`,
      at: file,
      hint: `Known keys: ${SECTIONS.join(', ')}.`,
    }));
}

interface Configuration {
  readonly file: string;
  readonly value: unknown;
}

async function configurationOf(context: CommandContext): Promise<Configuration> {
  const given = text(context.options, 'ignore-file') ?? text(context.options, 'config');
  if (given === undefined && !existsSync(DEFAULT_SETTINGS_FILE))
    return { file: DEFAULT_SETTINGS_FILE, value: undefined };
  const file = given ?? DEFAULT_SETTINGS_FILE;
  const value = await parsedYaml(file);
  // A list of ids, as other scanners have it, would silence nothing and say nothing.
  if (value !== undefined && value !== null && !isObject(value)) {
    throw new CodedError('GC_USAGE', 'the file is no settings file', {
      at: file,
      hint: 'It is YAML with lists of entries: ignore: [{ id: CVE-2024-0001, reason: why, until: 2027-03-31 }].',
    });
  }
  return { file, value };
}

/** A file of its own may have the lists at its top. */
async function licensePolicyOf(
  context: CommandContext,
  configuration: Configuration,
): Promise<ReadLicensePolicy> {
  const file = text(context.options, 'license-policy');
  if (file === undefined) return readLicensePolicy(memberOf(configuration.value), configuration.file);
  const value = await parsedYaml(file);
  return readLicensePolicy(memberOf(value) ?? value, file);
}

function memberOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'licenses' in value ? value.licenses : undefined;
}

/** Most scans have no such file: the parser is loaded for those that do. */
async function parsedYaml(file: string): Promise<unknown> {
  const { parse } = await import('yaml');
  return parsed(file, parse);
}

function parsed(file: string, read: (content: string) => unknown): unknown {
  const content = readNamedFile(file);
  try {
    return read(content);
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw new CodedError('GC_USAGE', `the file cannot be read: ${message}`, { at: file, cause });
  }
}
