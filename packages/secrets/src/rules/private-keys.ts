// Private keys, signed tokens and stored password hashes.
import { assigned, type SecretRule, token } from '../rule.ts';

/** What may stand between the header and the first line of the key, in a file or within a quoted text. */
const GAP = '(?:\\\\[nrt]|[\\s"\'+,>|\\\\-])*';
/** The first lines of the key: it is not needed whole to be sure. */
const BODY = '((?:[0-9A-Za-z+/=]{1,76}(?:\\\\[nrt]|[\\s"\'+,|\\\\])*){1,200})';

function pem(id: string, en: string, zh: string, label: string): SecretRule {
  return token(id, 'critical', en, zh, `-----BEGIN ${label}-----${GAP}${BODY}`, {
    keywords: [`-----BEGIN ${label}-----`],
    placeholders: false,
    open: true,
    minEntropy: 3.5,
  });
}

export const PRIVATE_KEY_RULES: readonly SecretRule[] = [
  pem('private-key', 'Private key', '私钥', 'PRIVATE KEY'),
  pem('private-key-rsa', 'RSA private key', 'RSA 私钥', 'RSA PRIVATE KEY'),
  pem('private-key-ec', 'EC private key', 'EC 私钥', 'EC PRIVATE KEY'),
  pem('private-key-dsa', 'DSA private key', 'DSA 私钥', 'DSA PRIVATE KEY'),
  pem('private-key-openssh', 'OpenSSH private key', 'OpenSSH 私钥', 'OPENSSH PRIVATE KEY'),
  pem('private-key-sm2', 'SM2 private key', '国密 SM2 私钥', 'SM2 PRIVATE KEY'),
  {
    ...pem('private-key-encrypted', 'Encrypted private key', '加密的私钥', 'ENCRYPTED PRIVATE KEY'),
    severity: 'medium',
  },
  token(
    'private-key-rsa-encrypted',
    'medium',
    'Encrypted RSA, EC or DSA private key',
    '加密的 RSA、EC 或 DSA 私钥',
    `-----BEGIN (?:RSA|EC|DSA) PRIVATE KEY-----\\r?\\nProc-Type: 4,ENCRYPTED\\r?\\nDEK-Info: [\\w,-]{10,80}\\r?\\n${GAP}${BODY}`,
    { keywords: ['PRIVATE KEY-----'], lead: { of: '[A-Z -]', max: 15 }, placeholders: false, open: true },
  ),
  token(
    'private-key-pgp',
    'critical',
    'PGP private key',
    'PGP 私钥',
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\\s*(?:[A-Z][A-Za-z]{2,20}: [^\\n]{0,200}\\n)*${GAP}${BODY}`,
    { keywords: ['-----BEGIN PGP PRIVATE'], placeholders: false, open: true },
  ),
  token(
    'private-key-putty',
    'critical',
    'PuTTY private key',
    'PuTTY 私钥',
    'Private-Lines: [0-9]{1,3}\\r?\\n([0-9A-Za-z+/=]{20,64})',
    { placeholders: false, open: true },
  ),
  token(
    'private-key-base64',
    'critical',
    'Private key, encoded once more',
    '再次编码的私钥',
    'LS0tLS1CRUdJTi[0-9A-Za-z+/]{60,8000}={0,2}',
    { check: 'base64-pem', placeholders: false, open: true },
  ),
  token(
    'jwk-private',
    'critical',
    'Private JSON Web Key',
    'JSON Web Key 私钥',
    '"d"\\s*:\\s*"([\\w-]{42,700})"',
    { keywords: ['"d"'], placeholders: false, open: true, minEntropy: 4.2 },
  ),
  token(
    'jwt',
    'medium',
    'JSON Web Token',
    'JSON Web Token（JWT）令牌',
    'eyJ[\\w-]{10,2000}\\.eyJ[\\w-]{10,6000}\\.[\\w-]{20,1000}',
    { check: 'jwt', keywords: ['eyJ'] },
  ),
  assigned(
    'wireguard-key',
    'critical',
    'WireGuard private key',
    'WireGuard 私钥',
    ['privatekey', 'presharedkey', 'wg_private', 'wireguard'],
    '[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=',
    { open: true, minEntropy: 4 },
  ),
  assigned(
    'ethereum-private-key',
    'critical',
    'Ethereum private key',
    '以太坊私钥',
    ['private_key', 'privatekey', 'eth_key', 'ethereum', 'wallet_key', 'deployer'],
    '(?:0x)?[0-9a-fA-F]{64}',
    { minEntropy: 3.2 },
  ),
  token(
    'bitcoin-extended-key',
    'critical',
    'Bitcoin extended private key',
    '比特币扩展私钥',
    'xprv[1-9A-HJ-NP-Za-km-z]{107}',
  ),
  token(
    'password-hash-sha',
    'medium',
    'Stored password hash (crypt)',
    '已存储的口令散列（crypt）',
    // Digest and salt; numbers, salt and digest; both in one.
    '\\$(?:[56]\\$(?:rounds=[0-9]{1,9}\\$)?[0-9A-Za-z./]{1,16}\\$[0-9A-Za-z./]{43,86}|g?y\\$[0-9A-Za-z./]{3,20}\\$[0-9A-Za-z./]{0,86}\\$[0-9A-Za-z./]{43}|7\\$[0-9A-Za-z./]{11,97}\\$[0-9A-Za-z./]{43})',
    { placeholders: false, keywords: ['$6$', '$5$', '$y$', '$gy$', '$7$'] },
  ),
  token(
    'password-hash-bcrypt',
    'low',
    'Stored password hash (bcrypt)',
    '已存储的口令散列（bcrypt）',
    '\\$2[abxy]\\$[0-9]{2}\\$[0-9A-Za-z./]{53}',
    { placeholders: false, keywords: ['$2a$', '$2b$', '$2x$', '$2y$'] },
  ),
  token(
    'password-hash-apr1',
    'medium',
    'Stored password hash (htpasswd)',
    '已存储的口令散列（htpasswd）',
    '\\$apr1\\$[0-9A-Za-z./]{1,8}\\$[0-9A-Za-z./]{22}',
    { placeholders: false },
  ),
];
