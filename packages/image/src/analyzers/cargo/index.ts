// Rust crates of Cargo.lock and of programs built with cargo-auditable.

import type { Analyzer } from '../../analyzer.ts';
import { sectionBytes } from '../executable/executable-image.ts';
import { MAX_EXECUTABLE_BYTES, readExecutable, wantsExecutable } from '../executable/read-executable.ts';
import { assembleFound, type FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { needSimple } from '../intricacy.ts';
import { packageUrl } from '../package-url.ts';
import { basename, decodeText, guarded, isProblem, type Parsed } from '../text-analyzer.ts';
import { AUDIT_SECTIONS, parseAuditData } from './parse-audit-data.ts';
import { parseCargoLock } from './parse-cargo-lock.ts';

/** The file is small; programs are not. */
const MAX_LOCK_BYTES = 32 * 1024 * 1024;

function packagesOfLock(bytes: Uint8Array): Parsed {
  if (bytes.length > MAX_LOCK_BYTES) return { problem: `more than ${MAX_LOCK_BYTES} bytes` };
  return guarded('not readable as Cargo.lock', () => {
    needSimple(bytes);
    return parseCargoLock(decodeText(bytes));
  });
}

function packagesOfProgram(bytes: Uint8Array): Parsed {
  const image = readExecutable(bytes);
  const section = image?.sections.find(({ name }) => AUDIT_SECTIONS.has(name));
  return image === undefined || section === undefined ? [] : parseAuditData(sectionBytes(image, section));
}

export const cargoAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'cargo',
  version: 3,
  maxBytes: MAX_EXECUTABLE_BYTES,
  wants: (entry) =>
    (entry.link === undefined && basename(entry.path) === 'Cargo.lock' && !isWithinInstalled(entry.path)) ||
    wantsExecutable(entry),
  analyze(file) {
    const parsed =
      basename(file.path) === 'Cargo.lock' ? packagesOfLock(file.bytes) : packagesOfProgram(file.bytes);
    if (isProblem(parsed)) return parsed;
    return parsed.length === 0 ? undefined : { value: parsed };
  },
  assemble: (found) =>
    assembleFound(found, 'cargo', ({ name, version }) => packageUrl({ type: 'cargo', name, version })),
};
