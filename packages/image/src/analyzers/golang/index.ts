// Go modules of go.mod files and of programs.

import type { Analysis, Analyzer, FileEntry } from '../../analyzer.ts';
import { type FileContent, heldContent } from '../../content/file-content.ts';
import { MAX_EXECUTABLE_BYTES, readExecutable, wantsExecutable } from '../executable/read-executable.ts';
import { assembleFound, type FoundPackage, slashedPackageUrl } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { basename } from '../text-analyzer.ts';
import { decodedText } from '../untyped.ts';
import { packagesOf, parseBuildInfo } from './parse-build-info.ts';
import { parseGoMod } from './parse-go-mod.ts';
import { readBuildInfo } from './read-build-info.ts';

function packagesOfProgram(content: FileContent): readonly FoundPackage[] {
  const image = readExecutable(content);
  const raw = image && readBuildInfo(image);
  return raw === undefined ? [] : packagesOf(parseBuildInfo(raw));
}

/** Far above real ones. */
const MAX_GO_MOD_BYTES = 16 * 1024 * 1024;

function look({ path }: FileEntry, content: FileContent): Analysis<readonly FoundPackage[]> {
  const isGoMod = basename(path) === 'go.mod';
  if (isGoMod && content.size > MAX_GO_MOD_BYTES) return { problem: `more than ${MAX_GO_MOD_BYTES} bytes` };
  const value = isGoMod ? parseGoMod(decodedText(content.read(0, content.size))) : packagesOfProgram(content);
  return value.length === 0 ? undefined : { value };
}

/** Module cache and vendored trees hold go.mod files of others, not of what runs. */
const wantsGoMod = (path: string): boolean =>
  basename(path) === 'go.mod' && !/\/(?:vendor|testdata)\//.test(path) && !isWithinInstalled(path);

export const golangAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'golang',
  version: 3,
  maxBytes: MAX_EXECUTABLE_BYTES,
  wants: (entry) => (entry.link === undefined && wantsGoMod(entry.path)) || wantsExecutable(entry),
  analyze: (file) => look(file, heldContent(file.bytes)),
  analyzeStored: (file) => look(file, file.content),
  assemble: (found) =>
    assembleFound(found, 'golang', ({ name, version }) =>
      // The specification wants lower case; advisories are looked up by the name, which keeps its case.
      slashedPackageUrl('golang', name.toLowerCase(), version),
    ),
};
