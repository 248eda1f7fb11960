// `--config`, `--yara-rules`, `--malware-hashes`: rules of the user for what lies in files.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ScanError } from '@guardcell/core';
import { BUILT_IN_MALWARE_RULES, createMalwareScanner, readMalwareSources } from '@guardcell/malware';
import type { ScanOptions } from '@guardcell/scan';
import { readSecretSettings } from '@guardcell/secrets';
import { type CommandContext, type OptionSpec, text, texts } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { DEFAULT_SETTINGS_FILE } from './decisions.ts';
import { type MalwareSection, readMalwareSection } from './malware-section.ts';

export const CONTENT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  config: {
    type: 'string',
    value: 'FILE',
    help: `rules for secrets and malware, and ignore rules (default: ${DEFAULT_SETTINGS_FILE})`,
  },
  'yara-rules': {
    type: 'string',
    multiple: true,
    value: 'PATH',
    help: 'YARA rule file, or folder of .yar and .yara files; repeatable',
  },
  'malware-hashes': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'list of MD5, SHA-1 or SHA-256 of malware; repeatable',
  },
};

export interface ContentSettings {
  readonly options: Pick<ScanOptions, 'secretSettings' | 'malware'>;
  /** Entries that were not taken. */
  readonly problems: readonly ScanError[];
}

const NO_SECTION: MalwareSection = { rules: [], hashes: [], disabled: [], problems: [] };

/** @throws CodedError GC_USAGE, GC_MALWARE_SOURCE, GC_MALWARE_SOURCE_TOO_LARGE for files that cannot be read. */
export function contentSettings(context: CommandContext): ContentSettings {
  const given = text(context.options, 'config');
  const file = given ?? (existsSync(DEFAULT_SETTINGS_FILE) ? DEFAULT_SETTINGS_FILE : undefined);
  const content = file === undefined ? undefined : readNamedFile(file);
  const secrets = content === undefined ? undefined : readSecretSettings(file ?? '', content);
  const section = content === undefined ? NO_SECTION : readMalwareSection(file ?? '', content);
  const folder = dirname(resolve(file ?? '.'));
  const sources = {
    rules: [...section.rules.map((path) => resolve(folder, path)), ...texts(context.options, 'yara-rules')],
    hashes: [
      ...section.hashes.map((path) => resolve(folder, path)),
      ...texts(context.options, 'malware-hashes'),
    ],
    disabled: section.disabled,
  };
  const malware = malwareOptions(sources);
  return {
    options: { ...(secrets === undefined ? {} : { secretSettings: secrets.settings }), ...malware.options },
    problems: [
      ...(secrets?.problems ?? []).map(({ line, column, code, message, hint }) => ({
        code,
        message,
        at: `${file ?? ''}:${line}:${column}`,
        hint,
      })),
      ...section.problems,
      ...malware.problems,
    ],
  };
}

function malwareOptions(sources: Parameters<typeof readMalwareSources>[0]): ContentSettings {
  const known = new Set(BUILT_IN_MALWARE_RULES.map(({ id }) => id));
  const unknown: ScanError[] = (sources.disabled ?? [])
    .filter((id) => !known.has(id))
    .map((id) => ({
      code: 'GC_MALWARE_SETTINGS',
      message: `no built-in malware rule is called ${id}`,
      at: id,
      hint: 'Take the id from a finding.',
    }));
  const isPlain = sources.rules.length + sources.hashes.length + (sources.disabled?.length ?? 0) === 0;
  if (isPlain) return { options: {}, problems: [] };
  const { settings, problems } = readMalwareSources(sources);
  let scanner: ReturnType<typeof createMalwareScanner> | undefined;
  // Made when the first file asks for it, and used for all targets of the command.
  return {
    options: { malware: () => (scanner ??= createMalwareScanner({ settings })) },
    problems: [...unknown, ...problems],
  };
}
