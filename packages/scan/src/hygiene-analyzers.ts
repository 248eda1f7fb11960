// Looks at bits of files, and at accounts, in the same pass that looks for packages.
import type { Analyzer } from '@guardcell/image';
import { checkDocument, type FileFact, standsOut } from '@guardcell/posture';
import { ACCOUNT_ANALYZER } from './account-analyzer.ts';
import { findingsOf } from './posture-findings.ts';

const NOT_READ = 0;
/** Files that only the root of a system has. */
const ROOT_MARK = /^\/etc\/(?:passwd|os-release|debian_version)$/;

export interface HygieneOptions {
  /** Caches and shell histories have their place on machines, not in images. */
  readonly isImage: boolean;
  /** A folder that may be a project: its `/bin` is that of a system only when there is a `/etc/passwd` too. */
  readonly mayBeProject: boolean;
}

type ModeFragment = Pick<FileFact, 'mode' | 'size' | 'isDirectory'> | 'root';

function modes({ isImage, mayBeProject }: HygieneOptions): Analyzer<ModeFragment> {
  return {
    id: `file-modes${isImage ? '-image' : ''}${mayBeProject ? '-project' : ''}`,
    version: 1,
    maxBytes: NOT_READ,
    wants: () => false,
    notice({ path, mode, size }, isDirectory) {
      if (mayBeProject && ROOT_MARK.test(path)) return 'root';
      return standsOut({ path, mode, size, isDirectory }, isImage) ? { mode, size, isDirectory } : undefined;
    },
    analyze: () => undefined,
    assemble: (found) => {
      if (mayBeProject && !found.some(({ value }) => value === 'root')) return { packages: [] };
      const files = found.flatMap(({ location, value }) =>
        value === 'root' ? [] : [{ ...value, ...location }],
      );
      return { packages: [], misconfigurations: findingsOf(checkDocument('files', '/', files)) };
    },
  };
}

/** Neither keeps anything of a password, not even its hash. */
export function hygieneAnalyzers(options: HygieneOptions): readonly Analyzer[] {
  return [modes(options) as Analyzer, ACCOUNT_ANALYZER as Analyzer];
}
