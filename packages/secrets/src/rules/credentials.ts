// Passwords in addresses, connection strings, headers and command lines, and values whose name says that they are secret.
import { assigned, type SecretRule, token } from '../rule.ts';

const USER = '[^\\s:@/"\'`<>$%{}]{1,100}';
const PASSWORD = '([^\\s:@/"\'`<>{}()$]{4,200})';

function url(
  id: string,
  severity: SecretRule['severity'],
  en: string,
  zh: string,
  schemes: readonly string[],
): SecretRule {
  return token(id, severity, en, zh, `(?:${schemes.join('|')})://(?:${USER})?:${PASSWORD}@[\\w.\\[-]`, {
    keywords: schemes.map((scheme) => `${scheme.replace('\\', '')}://`),
    open: true,
    minEntropy: 1.5,
    check: 'password',
  });
}

/** Passwords may be words; the place says what they are. */
function loose(rule: SecretRule): SecretRule {
  const { check: _check, ...rest } = rule;
  return rest;
}

export const CREDENTIAL_RULES: readonly SecretRule[] = [
  loose(
    url('database-url-postgres', 'high', 'PostgreSQL address with password', '带密码的 PostgreSQL 地址', [
      'postgresql',
      'postgres',
    ]),
  ),
  loose(
    url(
      'database-url-mysql',
      'high',
      'MySQL or MariaDB address with password',
      '带密码的 MySQL 或 MariaDB 地址',
      ['mysql', 'mariadb', 'mysql2'],
    ),
  ),
  loose(
    url('database-url-mongodb', 'high', 'MongoDB address with password', '带密码的 MongoDB 地址', [
      'mongodb\\+srv',
      'mongodb',
    ]),
  ),
  loose(
    url('database-url-redis', 'high', 'Redis address with password', '带密码的 Redis 地址', [
      'rediss',
      'redis',
      'valkey',
    ]),
  ),
  loose(
    url('message-broker-url', 'high', 'Message broker address with password', '带密码的消息队列地址', [
      'amqps',
      'amqp',
      'nats',
      'mqtts',
      'mqtt',
      'stomp',
    ]),
  ),
  loose(
    url('database-url-other', 'high', 'Database address with password', '带密码的数据库地址', [
      'clickhouse',
      'sqlserver',
      'mssql',
      'oracle',
      'cockroachdb',
      'couchdb',
      'neo4j',
      'bolt',
      'cassandra',
      'dm',
      'kingbase',
    ]),
  ),
  loose(
    url('directory-mail-url', 'medium', 'Mail or directory address with password', '带密码的邮件或目录地址', [
      'smtps',
      'smtp',
      'imaps',
      'imap',
      'ldaps',
      'ldap',
    ]),
  ),
  loose(
    url('file-transfer-url', 'medium', 'File transfer address with password', '带密码的文件传输地址', [
      'sftp',
      'ftps',
      'ftp',
      'smb',
      'ssh',
    ]),
  ),
  url('http-url-password', 'medium', 'Web address with password', '带密码的网址', [
    'https',
    'http',
    'socks5',
  ]),
  token(
    'cloudinary-url',
    'high',
    'Cloudinary address with secret',
    '带密钥的 Cloudinary 地址',
    'cloudinary://[0-9]{10,20}:([\\w-]{20,40})@',
    { open: true },
  ),
  token(
    'jdbc-password',
    'high',
    'JDBC address with password',
    '带密码的 JDBC 地址',
    'jdbc:[^\\s"\'`?;]{3,300}[?;](?:(?:password=([^&;\\s"\'`<>{}$]{3,100})|[\\w.]{1,40}=[^&;\\s"\'`]{0,100})(?:&amp;|[&;])?){1,30}',
    { keywords: ['jdbc:'], open: true, minEntropy: 1.5 },
  ),
  token(
    'connection-string-password',
    'high',
    'Connection string with password',
    '带密码的连接串',
    '(?:password|pwd)\\s*=\\s*([^\\s;"\'`<>{}$]{4,100});',
    { keywords: ['password', 'pwd'], ignoreCase: true, open: true, minEntropy: 2, check: 'password' },
  ),
  token(
    'authorization-basic',
    'high',
    'Authorization header with password',
    '带密码的 Authorization 头',
    'Authorization["\']?\\s*[:=]\\s*["\']?Basic\\s+([0-9A-Za-z+/]{8,400}={0,2})',
    { keywords: ['authorization'], ignoreCase: true, check: 'basic-auth', open: true },
  ),
  token(
    'authorization-bearer',
    'medium',
    'Authorization header with token',
    '带令牌的 Authorization 头',
    'Authorization["\']?\\s*[:=,]\\s*["\']?(?:Bearer|Token)\\s+([\\w.~+/-]{20,800}={0,2})',
    {
      keywords: ['authorization'],
      ignoreCase: true,
      minEntropy: 3.5,
      check: 'letters-and-digits',
      open: true,
      generic: true,
    },
  ),
  token(
    'curl-user',
    'medium',
    'Password on the command line of curl',
    'curl 命令行中的密码',
    'curl (?:(?:-[A-Za-tv-z]{1,8}|--[a-tv-z][\\w-]{0,30}|[^\\s-][^\\s]{0,200})\\s+){0,20}(?:--user|-u)[ =]?["\']?[^\\s:"\'$]{1,80}:([^\\s"\'$]{4,100})',
    { open: true, minEntropy: 2 },
  ),
  token(
    'sshpass-password',
    'high',
    'Password on the command line of sshpass',
    'sshpass 命令行中的密码',
    'sshpass\\s+-p\\s*["\']?([^\\s"\'$]{4,100})',
    { open: true, minEntropy: 1.5, keywords: ['sshpass'] },
  ),
  token(
    'mysql-password',
    'high',
    'Password on the command line of MySQL',
    'MySQL 命令行中的密码',
    'mysql(?:dump|admin)?\\s+(?:-[uhP]\\s*[\\w.-]{1,60}\\s+){0,3}-p([^\\s"\'$;|&-][^\\s"\'$;|&]{3,100})',
    { keywords: ['mysql'], open: true, minEntropy: 2, check: 'password' },
  ),
  token(
    'redis-cli-password',
    'high',
    'Password on the command line of redis-cli',
    'redis-cli 命令行中的密码',
    'redis-cli\\s+(?:-[hpn]\\s*[\\w.-]{1,60}\\s+){0,3}-a\\s+["\']?([^\\s"\'$]{4,100})',
    { keywords: ['redis-cli'], open: true, minEntropy: 2 },
  ),
  token(
    'netrc-password',
    'high',
    'Password in .netrc',
    '.netrc 中的密码',
    'machine\\s+[\\w.-]{1,120}\\s+login\\s+[^\\s]{1,120}\\s+password\\s+([^\\s"\'`<>$]{4,200})',
    { keywords: ['machine '], open: true, minEntropy: 1.5 },
  ),
  token(
    'git-url-token',
    'high',
    'Git address with token',
    '带令牌的 Git 地址',
    'https://([0-9A-Za-z_-]{20,255})@(?:github\\.com|gitlab\\.com|bitbucket\\.org|gitee\\.com|dev\\.azure\\.com)',
    { keywords: ['https://'], open: true, generic: true, minEntropy: 3 },
  ),
  token(
    'smb-credentials',
    'medium',
    'Password of a network share',
    '网络共享密码',
    '(?:username|user)=[^,\\s]{1,60},(?:password|pass)=([^,\\s"\'`$]{4,100})',
    { keywords: ['username=', 'user='], open: true, minEntropy: 2, check: 'password' },
  ),
  token(
    'android-keystore-password',
    'medium',
    'Android signing password',
    'Android 签名密码',
    '(?:storePassword|keyPassword)(?:\\s*[=(]\\s*|\\s+)["\']([^"\'$\\n]{6,64})["\']',
    { keywords: ['storePassword', 'keyPassword'], open: true, minEntropy: 2, check: 'password' },
  ),
  assigned(
    'generic-password',
    'medium',
    'Password',
    '密码',
    ['password', 'passwd', 'passphrase', 'pass_word', 'db_pass', 'dbpass', 'mima'],
    '[^\\s"\'`<>,;]{6,80}',
    { hints: [], minEntropy: 2.4, check: 'password', generic: true, quotedInCode: true, open: true },
  ),
  assigned('generic-secret', 'medium', 'Secret value', '机密值', ['secret'], '[\\w+/.=~-]{16,150}', {
    hints: [],
    minEntropy: 3.5,
    check: 'letters-and-digits',
    generic: true,
    quotedInCode: true,
  }),
  assigned(
    'generic-api-key',
    'medium',
    'API key',
    'API 密钥',
    [
      'api_key',
      'apikey',
      'api-key',
      'access_key',
      'accesskey',
      'access-key',
      'app_key',
      'appkey',
      'private_key',
      'encryption_key',
      'signing_key',
      'auth_key',
    ],
    '[\\w+/.=~-]{16,150}',
    { hints: [], minEntropy: 3.5, check: 'letters-and-digits', generic: true, quotedInCode: true },
  ),
  assigned('generic-token', 'medium', 'Access token', '访问令牌', ['token'], '[\\w+/.=~-]{20,300}', {
    hints: [],
    minEntropy: 3.6,
    check: 'letters-and-digits',
    generic: true,
    quotedInCode: true,
  }),
  assigned(
    'generic-credential',
    'medium',
    'Credential',
    '凭证',
    ['credential', 'auth_pass', 'authpass'],
    '[\\w+/.=~-]{12,150}',
    { hints: [], minEntropy: 3.5, check: 'letters-and-digits', generic: true, quotedInCode: true },
  ),
];
