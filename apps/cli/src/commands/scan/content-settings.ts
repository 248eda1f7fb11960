// `--config`, `--yara-rules`, `--malware-hashes`, `--exclude`: rules of the user for what lies in files.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ScanError } from '@guardcell/core';
import type { MalwareScanner, MalwareSources } from '@guardcell/malware';
import type { ScanOptions } from '@guardcell/scan';
import { type CommandContext, type OptionSpec, text, texts } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { DEFAULT_SETTINGS_FILE } from './decisions.ts';
import { type ExcludeOption, excludesOf } from './exclude.ts';
import type { MalwareSection } from './malware-section.ts';

export const CONTENT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  config: {
    type: 'string',
    value: 'FILE',
    help: `rules for secrets and malware, paths to exclude and ignore rules (default: ${DEFAULT_SETTINGS_FILE})`,
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
  readonly options: Pick<ScanOptions, 'secretSettings' | 'malware' | 'exclude'>;
  /** Entries that were not taken. */
  readonly problems: readonly ScanError[];
}

const NO_SECTION: MalwareSection = { rules: [], hashes: [], disabled: [], problems: [] };

/**
 * Reads what the user brings; without it nothing of it is loaded.
 * @throws CodedError GC_USAGE, GC_MALWARE_SOURCE, GC_MALWARE_SOURCE_TOO_LARGE for files that cannot be read.
 */
export async function contentSettings(
  context: CommandContext,
  excludeOption: ExcludeOption,
): Promise<ContentSettings> {
  const asked = excludesOf(context.options, excludeOption);
  const given = text(context.options, 'config');
  const file = given ?? (existsSync(DEFAULT_SETTINGS_FILE) ? DEFAULT_SETTINGS_FILE : undefined);
  const read = file === undefined ? undefined : await readFileSettings(file);
  const section = read?.section ?? NO_SECTION;
  const folder = dirname(resolve(file ?? '.'));
  const absolute = (path: string): string => resolve(folder, path);
  const malware = await malwareSettings({
    rules: [...section.rules.map(absolute), ...texts(context.options, 'yara-rules')],
    hashes: [...section.hashes.map(absolute), ...texts(context.options, 'malware-hashes')],
    disabled: section.disabled,
  });
  return {
    options: {
      ...read?.options,
      ...malware.options,
      exclude: [...asked, ...(read?.options.exclude ?? [])],
    },
    problems: [...(read?.problems ?? []), ...section.problems, ...malware.problems],
  };
}

async function readFileSettings(
  file: string,
): Promise<ContentSettings & { readonly section: MalwareSection }> {
  const content = readNamedFile(file);
  const { readSecretSettings } = await import('@guardcell/secrets');
  const { readMalwareSection } = await import('./malware-section.ts');
  const { readExcludeSection } = await import('./exclude-section.ts');
  const exclude = readExcludeSection(file, content);
  const { settings, problems } = readSecretSettings(file, content);
  return {
    options: { secretSettings: settings, exclude: exclude.rules },
    section: readMalwareSection(file, content),
    problems: [
      ...problems.map(({ line, column, code, message, hint }) => ({
        code,
        message,
        at: `${file}:${line}:${column}`,
        hint,
      })),
      ...exclude.problems,
    ],
  };
}

async function malwareSettings(sources: MalwareSources): Promise<ContentSettings> {
  const { rules, hashes, disabled = [] } = sources;
  if (rules.length + hashes.length + disabled.length === 0) return { options: {}, problems: [] };
  const { BUILT_IN_MALWARE_RULES, createMalwareScanner, readMalwareSources } = await import(
    '@guardcell/malware'
  );
  const unknown = disabled.filter((id) => BUILT_IN_MALWARE_RULES.every((rule) => rule.id !== id));
  const { settings, problems } = readMalwareSources(sources);
  let scanner: MalwareScanner | undefined;
  return {
    // Made when the first target asks for it, and used for all targets of the command.
    options: { malware: () => (scanner ??= createMalwareScanner({ settings })) },
    problems: [
      ...unknown.map((id) => ({
        code: 'GC_MALWARE_SETTINGS',
        message: `no built-in malware rule is called ${id}`,
        at: id,
        hint: 'Take the id from a finding.',
      })),
      ...problems,
    ],
  };
}
