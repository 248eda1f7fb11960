// `--ignore-file` and `--vex`: decisions about findings, read from files.
import { existsSync } from 'node:fs';
import type { ScanError } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import type { Decisions } from '@guardcell/scan';
import { type IgnoreRules, readIgnoreRules, readVex, type VexStatement } from '@guardcell/vuln';
import { parse } from 'yaml';
import { type CommandContext, text, texts } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';

const DEFAULT_FILE = '.guardcell.yaml';

export interface ReadDecisions {
  readonly decisions: Decisions;
  /** Rules and statements that were not taken. */
  readonly problems: readonly ScanError[];
}

/** @throws CodedError GC_USAGE for files that cannot be read at all. */
export function decisionsOf(context: CommandContext): ReadDecisions {
  const ignore = ignoreRules(context);
  const vex: VexStatement[] = [];
  const problems: ScanError[] = [...ignore.problems];
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
  return { decisions: { rules: ignore.rules, vex }, problems };
}

function ignoreRules(context: CommandContext): IgnoreRules {
  const given = text(context.options, 'ignore-file');
  if (given === undefined && !existsSync(DEFAULT_FILE)) return { rules: [], problems: [] };
  const file = given ?? DEFAULT_FILE;
  return readIgnoreRules(parsed(file, parse), file);
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
