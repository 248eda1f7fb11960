// Checks of the accounts of a system. What is told is the name of an account, never its password or hash.
import type { Severity } from '@guardcell/core';
import type { Account, AccountFile } from '../artifact/facts.ts';
import { type Check, type Hit, hit, type Text } from '../check.ts';

type Find = (file: AccountFile) => readonly Hit[];

const SHADOW = 'root:*:19700:0:99999:7:::\nann:$y$j9T$salt$hash:19700:0:99999:7:::\n';
const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n';

function accounts(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  find: Find,
  bad: string,
  good = SHADOW,
): Check<'accounts'> {
  return { id: `GC-ACCOUNT-${id}`, kind: 'accounts', severity, title, fix, find, good, bad };
}

function each(test: (account: Account, file: AccountFile) => boolean): Find {
  return (file) =>
    file.accounts
      .filter((account) => test(account, file))
      .map((account) => ({
        ...hit({ startLine: account.line, endLine: account.line }, account.name),
        ...(file.layer === undefined ? {} : { layer: file.layer }),
      }));
}

const isKept = ({ password }: Account): boolean => !['none', 'locked', 'elsewhere'].includes(password);

export const ACCOUNT_CHECKS: readonly Check<'accounts'>[] = [
  accounts(
    '001',
    'high',
    ['An account has no password', '账户没有密码'],
    ['Lock it (passwd -l) or set a password.', '锁定该账户（passwd -l）或设置密码。'],
    each(({ password }) => password === 'none'),
    'root::19700:0:99999:7:::\n',
  ),
  accounts(
    '002',
    'high',
    ['A password is kept as a DES hash', '密码以 DES 散列保存'],
    [
      'Set it again with yescrypt or SHA-512; only its first eight characters count now.',
      '改用 yescrypt 或 SHA-512 重新设置；目前只有前八个字符有效。',
    ],
    each(({ password }) => password === 'des'),
    'ann:ab01fXKqNzYtk:19700:0:99999:7:::\n',
  ),
  accounts(
    '003',
    'high',
    ['A password is kept as an MD5 hash', '密码以 MD5 散列保存'],
    [
      'Set it again with yescrypt or SHA-512: MD5 is guessed in hours.',
      '改用 yescrypt 或 SHA-512 重新设置：MD5 数小时即可被猜出。',
    ],
    each(({ password }) => password === 'md5'),
    'ann:$1$salt$qJH7.N4xYta3aEG/dfqo/0:19700:0:99999:7:::\n',
  ),
  accounts(
    '004',
    'high',
    ['A second account has all rights (uid 0)', '存在第二个拥有全部权限的账户（uid 0）'],
    ['Give it a number of its own, or remove it.', '为其分配独立的编号，或删除该账户。'],
    each(({ uid, name }) => uid === 0 && name !== 'root'),
    'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n',
    PASSWD,
  ),
  accounts(
    '005',
    'high',
    ['A password hash stands where everybody can read it', '密码散列保存在任何人都可读取的文件中'],
    [
      'Move it to /etc/shadow with pwconv, readable by root alone.',
      '用 pwconv 将其移至仅 root 可读的 /etc/shadow。',
    ],
    each((account, { mode }) => isKept(account) && (account.uid !== undefined || (mode & 0o004) !== 0)),
    'ann:$6$salt$hash:1000:1000::/home/ann:/bin/sh\n',
    PASSWD,
  ),
  accounts(
    '006',
    'critical',
    ['A password is one of those that everybody tries first', '密码属于最先被尝试的弱密码'],
    ['Change it, or lock the account.', '更换密码，或锁定该账户。'],
    each(({ isTrivial }) => isTrivial),
    'admin:$6$salt$admin:19700:0:99999:7:::\n',
  ),
  accounts(
    '007',
    'high',
    ['A password is kept as an NT hash', '密码以 NT 散列保存'],
    [
      'Set it again with yescrypt or SHA-512: equal passwords have the same hash, and MD4 is guessed in minutes.',
      '改用 yescrypt 或 SHA-512 重新设置：NT 散列没有盐，相同密码散列相同，MD4 数分钟即可被猜出。',
    ],
    each(({ password }) => password === 'nt'),
    'ann:$3$$8846f7eaee8fb117ad06bdd830b7586c:19700:0:99999:7:::\n',
  ),
];
