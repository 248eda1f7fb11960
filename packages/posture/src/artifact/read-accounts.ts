// Reads /etc/passwd and /etc/shadow (passwd(5), shadow(5), crypt(5)); hashes are judged and forgotten.
import type { Account, PasswordKind } from './facts.ts';

/** Whether a password that everybody tries first fits the hash; hashing is the caller's, this package has none. */
export type TrivialPassword = (name: string, hash: string) => boolean;

const MAX_LINES = 100_000;
const PASSWD_FIELDS = 7;

const KINDS: readonly (readonly [RegExp, PasswordKind])[] = [
  [/^$/, 'none'],
  [/^[!*]|^(?:NP|LK|\*LK\*)$/, 'locked'],
  [/^x$/, 'elsewhere'],
  [/^\$1\$|^\$md5/, 'md5'],
  [/^\$2[abxy]?\$/, 'blowfish'],
  [/^\$5\$/, 'sha256'],
  [/^\$6\$/, 'sha512'],
  [/^\$(?:y|gy|7)\$/, 'yescrypt'],
  // Traditional, and BSDi's extension of it.
  [/^[./0-9A-Za-z]{13}$|^_[./0-9A-Za-z]{19}$/, 'des'],
];

function kindOf(field: string): PasswordKind {
  return KINDS.find(([pattern]) => pattern.test(field))?.[1] ?? 'other';
}

const HASHES: ReadonlySet<PasswordKind> = new Set(['des', 'md5', 'sha256', 'sha512']);

/** The accounts of either file; lines that are none are left out. */
export function readAccounts(text: string, isTrivial: TrivialPassword = () => false): readonly Account[] {
  return text.split('\n', MAX_LINES).flatMap((line, index) => {
    const fields = line.split(':');
    const [name = '', field = '', uid = ''] = fields;
    // `+` and `-` begin entries of NIS.
    if (fields.length < 2 || !/^[^\s#+-]/.test(name)) return [];
    const password = kindOf(field);
    const isPasswd = fields.length === PASSWD_FIELDS && /^\d{1,10}$/.test(uid);
    return [
      {
        name,
        line: index + 1,
        password,
        isTrivial: HASHES.has(password) && isTrivial(name, field),
        ...(isPasswd ? { uid: Number(uid) } : {}),
      },
    ];
  });
}
