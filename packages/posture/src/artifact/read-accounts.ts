// Reads /etc/passwd and /etc/shadow (passwd(5), shadow(5), crypt(5)); hashes are judged and forgotten.
import type { Account, PasswordKind, UntriedPassword } from './facts.ts';

/** A hash with the name of its account. */
export interface KeptPassword {
  readonly name: string;
  readonly hash: string;
}

/** `trivial`: a password that everybody tries first fits; `other`: none of them does; or why not all were tried. */
export type PasswordJudgement = 'trivial' | 'other' | UntriedPassword;

/** One for each hash; hashing is the caller's, this package has none. */
export type JudgePasswords = (kept: readonly KeptPassword[]) => readonly PasswordJudgement[];

const MAX_LINES = 100_000;
const PASSWD_FIELDS = 7;

const KINDS: readonly (readonly [RegExp, PasswordKind])[] = [
  [/^$/, 'none'],
  [/^[!*]|^(?:NP|LK|\*LK\*)$/, 'locked'],
  [/^x$/, 'elsewhere'],
  [/^\$1\$|^\$md5/, 'md5'],
  [/^\$3\$/, 'nt'],
  [/^\$2[abxy]?\$/, 'blowfish'],
  [/^\$5\$/, 'sha256'],
  [/^\$6\$/, 'sha512'],
  [/^\$(?:y|gy|7)\$/, 'yescrypt'],
  // Traditional, bigcrypt (each eight characters by themselves), and BSDi's extension.
  [/^[./0-9A-Za-z]{13}(?:[./0-9A-Za-z]{11}){0,15}$|^_[./0-9A-Za-z]{19}$/, 'des'],
];

function kindOf(field: string): PasswordKind {
  return KINDS.find(([pattern]) => pattern.test(field))?.[1] ?? 'other';
}

const NO_HASHES: ReadonlySet<PasswordKind> = new Set(['none', 'locked', 'elsewhere']);

/** The accounts of either file; lines that are none are left out. Without `judge` no password is tried. */
export function readAccounts(text: string, judge: JudgePasswords = () => []): readonly Account[] {
  const lines = text.split('\n', MAX_LINES).flatMap((line, index) => {
    const fields = line.split(':');
    const [name = '', hash = '', uid = ''] = fields;
    // `+` and `-` begin entries of NIS.
    if (fields.length < 2 || !/^[^\s#+-]/.test(name)) return [];
    const isPasswd = fields.length === PASSWD_FIELDS && /^\d{1,10}$/.test(uid);
    const uidOf = isPasswd ? { uid: Number(uid) } : {};
    return [{ hash, account: { name, line: index + 1, password: kindOf(hash), ...uidOf } }];
  });
  const kept = lines.filter(({ account }) => !NO_HASHES.has(account.password));
  const judged = judge(kept.map(({ hash, account }) => ({ name: account.name, hash })));
  const judgements = new Map(kept.map(({ account }, i) => [account.line, judged[i] ?? 'other']));
  return lines.map(({ account }) => {
    const judgement = judgements.get(account.line) ?? 'other';
    if (judgement === 'other' || judgement === 'trivial')
      return { ...account, isTrivial: judgement === 'trivial' };
    return { ...account, isTrivial: false, untried: judgement };
  });
}
