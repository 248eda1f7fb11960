// Rust crates of Cargo.lock and of programs built with cargo-auditable.

import type { Analysis, Analyzer, FileEntry } from '../../analyzer.ts';
import { type FileContent, heldContent } from '../../content/file-content.ts';
import { sectionContent } from '../executable/executable-image.ts';
import { MAX_EXECUTABLE_BYTES, readExecutable, wantsExecutable } from '../executable/read-executable.ts';
import { assembleFound, type FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { packageUrl } from '../package-url.ts';
import { basename, guarded, isProblem, type Parsed } from '../text-analyzer.ts';
import { needSign, structuredTextOf } from '../untyped.ts';
import { AUDIT_SECTIONS, parseAuditData } from './parse-audit-data.ts';
import { parseCargoLock } from './parse-cargo-lock.ts';

/** The file is small; programs are not. */
const MAX_LOCK_BYTES = 32 * 1024 * 1024;
/** Compressed; what comes out of it is bounded too. */
const MAX_AUDIT_BYTES = 8 * 1024 * 1024;

function packagesOfLock(content: FileContent): Parsed {
  if (content.size > MAX_LOCK_BYTES) return { problem: `more than ${MAX_LOCK_BYTES} bytes` };
  const bytes = content.read(0, content.size);
  return guarded('not readable as Cargo.lock', () => {
    const text = structuredTextOf(bytes);
    needSign(text, /^(?:\[\[package\]\]|\[root\]|version = \d)/m);
    return parseCargoLock(text);
  });
}

function packagesOfProgram(content: FileContent): Parsed {
  const image = readExecutable(content);
  const section = image?.sections.find(({ name }) => AUDIT_SECTIONS.has(name));
  if (image === undefined || section === undefined) return [];
  const data = sectionContent(image, section);
  if (data.size > MAX_AUDIT_BYTES)
    return { problem: `dependency list of cargo-auditable: more than ${MAX_AUDIT_BYTES} bytes` };
  return parseAuditData(data.read(0, data.size));
}

function look({ path }: FileEntry, content: FileContent): Analysis<readonly FoundPackage[]> {
  const parsed = basename(path) === 'Cargo.lock' ? packagesOfLock(content) : packagesOfProgram(content);
  if (isProblem(parsed)) return parsed;
  return parsed.length === 0 ? undefined : { value: parsed };
}

export const cargoAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'cargo',
  version: 5,
  maxBytes: MAX_EXECUTABLE_BYTES,
  wants: (entry) =>
    (entry.link === undefined && basename(entry.path) === 'Cargo.lock' && !isWithinInstalled(entry.path)) ||
    wantsExecutable(entry),
  analyze: (file) => look(file, heldContent(file.bytes)),
  analyzeStored: (file) => look(file, file.content),
  assemble: (found) =>
    assembleFound(found, 'cargo', ({ name, version }) => packageUrl({ type: 'cargo', name, version })),
};
