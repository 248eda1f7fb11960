// Java archives and what is packed into them.
import type { Analysis, Analyzer, FileEntry } from '../../analyzer.ts';
import { type FileContent, heldContent } from '../../content/file-content.ts';
import { assembleFound, type FoundPackage } from '../found-package.ts';
import { mavenUrl } from '../maven/index.ts';
import { guarded } from '../text-analyzer.ts';
import { JAVA_ARCHIVE, readJar } from './read-jar.ts';

const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;

function look({ path }: FileEntry, file: FileContent): Analysis<readonly FoundPackage[]> {
  const content = guarded('not readable as Java archive', () => readJar(file, path));
  if ('problem' in content) return content;
  const problem = content.problems.join('; ');
  const passing = content.isPassing ? ({ isPassing: true } as const) : {};
  if (content.packages.length === 0) return problem === '' ? undefined : { problem, ...passing };
  return { value: content.packages, ...(problem === '' ? {} : { incomplete: problem, ...passing }) };
}

export const jarAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'jar',
  version: 4,
  maxBytes: MAX_ARCHIVE_BYTES,
  wants: (entry) => entry.link === undefined && entry.size > 0 && JAVA_ARCHIVE.test(entry.path),
  analyze: (file) => look(file, heldContent(file.bytes)),
  analyzeStored: (file) => look(file, file.content),
  assemble: (found) => assembleFound(found, 'maven', mavenUrl),
};
