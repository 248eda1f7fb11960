// Looks at bits and capabilities of files, and at accounts, in the same pass that looks for packages.
import type { ScanError } from '@guardcell/core';
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

type ModeFragment = Pick<FileFact, 'mode' | 'size' | 'isDirectory' | 'capabilities'> | 'root';

/** Archives tell them. Of files on a disk they are in an attribute that Node cannot read. */
const NO_CAPABILITIES: ScanError = {
  code: 'GC_CAPABILITIES_NOT_READ',
  level: 'note',
  message: 'capabilities of files were not looked at: they are read from images alone',
  at: '/',
  hint: 'Scan the image, or run getcap -r / 2>/dev/null.',
};

function modes({ isImage, mayBeProject }: HygieneOptions): Analyzer<ModeFragment> {
  return {
    id: `file-modes${isImage ? '-image' : ''}${mayBeProject ? '-project' : ''}`,
    version: 2,
    maxBytes: NOT_READ,
    wants: () => false,
    notice({ path, mode, size, capabilities }, isDirectory) {
      if (!isImage && ROOT_MARK.test(path)) return 'root';
      const told = { mode, size, isDirectory, ...(capabilities === undefined ? {} : { capabilities }) };
      return standsOut({ path, ...told }, isImage) ? told : undefined;
    },
    analyze: () => undefined,
    assemble: (found) => {
      const isSystem = found.some(({ value }) => value === 'root');
      if (mayBeProject && !isSystem) return { packages: [] };
      const files = found.flatMap(({ location, value }) =>
        value === 'root' ? [] : [{ ...value, ...location }],
      );
      return {
        packages: [],
        misconfigurations: findingsOf(checkDocument('files', '/', files)),
        ...(isSystem ? { notes: [NO_CAPABILITIES] } : {}),
      };
    },
  };
}

/** Neither keeps anything of a password, not even its hash. */
export function hygieneAnalyzers(options: HygieneOptions): readonly Analyzer[] {
  return [modes(options) as Analyzer, ACCOUNT_ANALYZER as Analyzer];
}
