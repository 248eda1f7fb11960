// Looks at bits of files and at accounts in the same pass that looks for packages.
import type { MisconfigurationFinding } from '@guardcell/core';
import type { Analyzer, FoundFragment } from '@guardcell/image';
import {
  type Account,
  checkDocument,
  type FileFact,
  type PostureResult,
  readAccounts,
  standsOut,
} from '@guardcell/posture';
import { isTrivialPassword } from './trivial-password.ts';

const MAX_BYTES = 2 * 2 ** 20;
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

interface AccountsFragment {
  readonly mode: number;
  readonly accounts: readonly Account[];
}

const ACCOUNTS: Analyzer<AccountsFragment> = {
  id: 'accounts',
  version: 1,
  maxBytes: MAX_BYTES,
  wants: ({ path, size }) => size > 0 && (path === '/etc/shadow' || path === '/etc/passwd'),
  analyze({ bytes, mode }) {
    const accounts = readAccounts(new TextDecoder().decode(bytes), isTrivialPassword());
    return accounts.length === 0 ? undefined : { value: { mode, accounts } };
  },
  assemble: (found) => ({ packages: [], misconfigurations: found.flatMap(accountFindings) }),
};

function accountFindings({
  location,
  value,
}: FoundFragment<AccountsFragment>): readonly MisconfigurationFinding[] {
  return findingsOf(checkDocument('accounts', location.path, { ...value, ...location }));
}

/** Of more hits than are listed the last one says how many there are. */
function findingsOf({ findings, problems }: PostureResult): readonly MisconfigurationFinding[] {
  const told = problems.map(({ message }) => message).join('; ');
  return told === ''
    ? findings
    : findings.map((one, i) =>
        i === findings.length - 1 ? { ...one, message: `${one.message}; ${told}` } : one,
      );
}

/** Neither keeps anything of a password, not even its hash. */
export function hygieneAnalyzers(options: HygieneOptions): readonly Analyzer[] {
  return [modes(options) as Analyzer, ACCOUNTS as Analyzer];
}
