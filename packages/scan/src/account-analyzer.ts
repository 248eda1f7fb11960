// Looks at /etc/passwd and /etc/shadow in the same pass that looks for packages. Keeps no password, and no hash either.
import type { ScanError } from '@guardcell/core';
import type { Analyzer, AnalyzerResult, FoundFragment } from '@guardcell/image';
import { type Account, checkDocument, readAccounts, type UntriedPassword } from '@guardcell/posture';
import { judgePasswords } from './passwords/trivial-password.ts';
import { findingsOf } from './posture-findings.ts';

const MAX_BYTES = 2 * 2 ** 20;
const SHOWN_NAMES = 10;
const PLACES: readonly string[] = ['/etc/shadow', '/etc/passwd'];

interface AccountsFragment {
  readonly mode: number;
  readonly accounts: readonly Account[];
}

const REASONS: Readonly<Record<UntriedPassword, string>> = {
  kind: 'their hashes are of kinds that are not known here',
  cost: 'a try would take too much memory or time',
  time: 'there are too many',
};

/** What was not tried is told: a report without a finding must not read as if the password were good. */
function untriedNotes({ location, value }: FoundFragment<AccountsFragment>): readonly ScanError[] {
  return Object.entries(REASONS).flatMap(([reason, text]): ScanError[] => {
    const names = value.accounts.filter(({ untried }) => untried === reason).map(({ name }) => name);
    if (names.length === 0) return [];
    const shown = names
      .slice(0, SHOWN_NAMES)
      .map((name) => name.slice(0, 64))
      .join(', ');
    const more = names.length > SHOWN_NAMES ? ' …' : '';
    const message = `usual passwords were not all tried for ${names.length} accounts, ${text}: ${shown}${more}`;
    return [{ code: 'GC_PASSWORDS_UNTRIED', message, at: location.path, hint: '', level: 'note' }];
  });
}

function assemble(found: readonly FoundFragment<AccountsFragment>[]): AnalyzerResult {
  return {
    packages: [],
    misconfigurations: found.flatMap(({ location, value }) =>
      findingsOf(checkDocument('accounts', location.path, { ...value, ...location })),
    ),
    notes: found.flatMap(untriedNotes),
  };
}

export const ACCOUNT_ANALYZER: Analyzer<AccountsFragment> = {
  id: 'accounts',
  version: 3,
  maxBytes: MAX_BYTES,
  places: PLACES,
  wants: ({ path, size }) => size > 0 && PLACES.includes(path),
  analyze({ bytes, mode }) {
    const accounts = readAccounts(new TextDecoder().decode(bytes), (kept) => judgePasswords(kept));
    return accounts.length === 0 ? undefined : { value: { mode, accounts } };
  },
  assemble,
};
