// Go modules of go.mod files and of programs.

import type { Analyzer } from '../../analyzer.ts';
import { MAX_EXECUTABLE_BYTES, readExecutable, wantsExecutable } from '../executable/read-executable.ts';
import { assembleFound, type FoundPackage, slashedPackageUrl } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { basename, decodeText } from '../text-analyzer.ts';
import { packagesOf, parseBuildInfo } from './parse-build-info.ts';
import { parseGoMod } from './parse-go-mod.ts';
import { readBuildInfo } from './read-build-info.ts';

function packagesOfProgram(bytes: Uint8Array): readonly FoundPackage[] {
  const image = readExecutable(bytes);
  const raw = image && readBuildInfo(image);
  return raw === undefined ? [] : packagesOf(parseBuildInfo(raw));
}

/** Module cache and vendored trees hold go.mod files of others, not of what runs. */
const wantsGoMod = (path: string): boolean =>
  basename(path) === 'go.mod' && !/\/(?:vendor|testdata)\//.test(path) && !isWithinInstalled(path);

export const golangAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'golang',
  version: 2,
  maxBytes: MAX_EXECUTABLE_BYTES,
  wants: (entry) => (entry.link === undefined && wantsGoMod(entry.path)) || wantsExecutable(entry),
  analyze(file) {
    const value =
      basename(file.path) === 'go.mod' ? parseGoMod(decodeText(file.bytes)) : packagesOfProgram(file.bytes);
    return value.length === 0 ? undefined : { value };
  },
  assemble: (found) =>
    assembleFound(found, 'golang', ({ name, version }) =>
      // The specification wants lower case; advisories are looked up by the name, which keeps its case.
      slashedPackageUrl('golang', name.toLowerCase(), version),
    ),
};
