// Java archives and what is packed into them.
import type { Analyzer } from '../../analyzer.ts';
import { bufferOver } from '../executable/read-executable.ts';
import { assembleFound, type FoundPackage } from '../found-package.ts';
import { mavenUrl } from '../maven/index.ts';
import { guarded } from '../text-analyzer.ts';
import { JAVA_ARCHIVE, readJar } from './read-jar.ts';

const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;

export const jarAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'jar',
  version: 2,
  maxBytes: MAX_ARCHIVE_BYTES,
  wants: (entry) => entry.link === undefined && entry.size > 0 && JAVA_ARCHIVE.test(entry.path),
  analyze(file) {
    const content = guarded('not readable as Java archive', () => readJar(bufferOver(file.bytes), file.path));
    if ('problem' in content) return content;
    const problem = content.problems.join('; ');
    if (content.packages.length === 0) return problem === '' ? undefined : { problem };
    return { value: content.packages, ...(problem === '' ? {} : { incomplete: problem }) };
  },
  assemble: (found) => assembleFound(found, 'maven', mavenUrl),
};
