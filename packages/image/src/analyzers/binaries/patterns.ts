// Versions that well-known programs carry as text. Each pattern has a literal that is searched for with the speed of
// memory, and an expression for the few bytes around it; both were taken from the programs themselves.

export interface VersionPattern {
  /** As advisories for applications call it. */
  readonly name: string;
  /** Of the file's name: what is not called like the program is not looked at. */
  readonly file: RegExp;
  /** Must be in the file; the search goes on behind a place where the expression does not match. */
  readonly literal: string;
  /** Matched in Latin-1 text from `before` bytes ahead of the literal to 96 bytes after its start; group 1 is the version. */
  readonly version: RegExp;
  readonly before?: number;
  /** The file name has the first two numbers (`python3.11`), and the version must begin with them. */
  readonly named?: true;
}

export const VERSION_PATTERNS: readonly VersionPattern[] = [
  {
    name: 'nginx',
    file: /^nginx(?:-debug)?$/,
    literal: 'nginx version: nginx/',
    version: /^nginx version: nginx\/(\d+\.\d+\.\d+)/,
  },
  {
    name: 'openresty',
    file: /^(?:nginx|openresty)$/,
    literal: 'nginx version: openresty/',
    version: /^nginx version: openresty\/(\d+(?:\.\d+){2,3})/,
  },
  {
    name: 'node',
    file: /^node(?:js)?$/,
    literal: 'node.js/v',
    version: /^node\.js\/v(\d+\.\d+\.\d+)/,
  },
  {
    name: 'python',
    file: /^(?:python[23](?:\.\d+)?|libpython[23]\.\d+m?\.so(?:\.\d+)*)$/,
    literal: '\x002.7.',
    version: /^\0(2\.7\.\d{1,2})\0/,
  },
  {
    name: 'python',
    file: /^(?:python3(?:\.\d+)?|libpython3\.\d+m?\.so(?:\.\d+)*)$/,
    literal: '\x003.',
    named: true,
    version: /^\0(3\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d+)?)\0/,
  },
  {
    name: 'php',
    file: /^(?:php(?:\d(?:\.\d+)?)?(?:-fpm|-cgi)?\d?(?:\.\d+)?|libphp\d?(?:\.\d+)?\.so|php-fpm\d?(?:\.\d+)?)$/,
    literal: 'X-Powered-By: PHP/',
    version: /^X-Powered-By: PHP\/(\d+\.\d+\.\d+)/,
  },
  {
    name: 'apache',
    file: /^(?:httpd|apache2)$/,
    literal: 'Apache/2.',
    version: /^Apache\/(2\.\d+\.\d+)/,
  },
  {
    name: 'postgresql',
    file: /^postgres$/,
    literal: 'PostgreSQL ',
    version: /^PostgreSQL (\d+\.\d+(?:\.\d+)?)[ \0]/,
  },
  {
    name: 'mariadb',
    file: /^(?:mariadbd|mysqld|mariadb|mysql)$/,
    literal: '-MariaDB',
    before: 16,
    version: /(?:^|[^\d.])(\d+\.\d+\.\d+)-MariaDB/,
  },
  {
    name: 'mysql',
    file: /^mysqld?$/,
    literal: 'mysql-',
    version: /^mysql-(\d+\.\d+\.\d+)[/\0]/,
  },
  {
    name: 'openssl',
    file: /^(?:openssl|lib(?:ssl|crypto)\.so(?:\.[\d.]+)?)$/,
    literal: 'OpenSSL ',
    version: /^OpenSSL (\d+\.\d+\.\d+[a-z]{0,2})(?:-fips)?(?:-dev)?\s+\d{1,2} [A-Z][a-z]{2} \d{4}/,
  },
  {
    name: 'busybox',
    file: /^busybox(?:\.\w+)?$/,
    literal: 'BusyBox v',
    version: /^BusyBox v(\d+\.\d+\.\d+)/,
  },
  {
    name: 'bash',
    file: /^bash$/,
    literal: '@(#)Bash version ',
    version: /^@\(#\)Bash version (\d+\.\d+\.\d+)\(/,
  },
  {
    name: 'perl',
    file: /^(?:perl|perl5\.\d+\.\d+|libperl\.so(?:\.[\d.]+)?)$/,
    literal: '\0v5.',
    version: /^\0v(5\.\d+\.\d+)\0/,
  },
  {
    name: 'ruby',
    file: /^(?:ruby(?:\d\.\d)?|libruby(?:-\d\.\d)?\.so(?:\.[\d.]+)?)$/,
    literal: 'ruby ',
    version: /^ruby (\d+\.\d+\.\d+)(?:p\d+)? \(\d{4}-\d{2}-\d{2} /,
  },
  {
    name: 'haproxy',
    file: /^haproxy$/,
    literal: ', released 20',
    before: 48,
    version: /version (\d+\.\d+\.\d+)[-\w.+~]{0,40}, released 20/,
  },
  {
    name: 'haproxy',
    file: /^haproxy$/,
    literal: 'HAProxy version ',
    version: /^HAProxy version (\d+\.\d+\.\d+)/,
  },
  {
    name: 'memcached',
    file: /^memcached$/,
    literal: 'memcached ',
    version: /^memcached (\d+\.\d+\.\d+)[\s\0]/,
  },
  {
    name: 'lighttpd',
    file: /^lighttpd$/,
    literal: 'lighttpd/',
    version: /^lighttpd\/(\d+\.\d+\.\d+)/,
  },
  {
    name: 'curl',
    file: /^(?:curl|libcurl(?:-\w+)?\.so(?:\.[\d.]+)?)$/,
    literal: 'libcurl/',
    version: /^libcurl\/(\d+\.\d+\.\d+)/,
  },
];

export interface LoneVersionPattern {
  readonly name: string;
  readonly file: RegExp;
  /** Text that only this program has. */
  readonly witness: string;
  /** Between zero bytes. */
  readonly version: RegExp;
  /** What the version begins with, to search for. */
  readonly literals: readonly string[];
  /**
   * `highest`: others are the versions since which something exists, hence lower. `only`: two texts claim nothing.
   */
  readonly pick: 'highest' | 'only';
}

/** Programs whose version stands alone, without words around it. */
export const LONE_PATTERNS: readonly LoneVersionPattern[] = [
  {
    name: 'redis',
    // Debian's `redis-server` is a link to `redis-check-rdb`: they are one program.
    file: /^redis-(?:server|sentinel|check-rdb|check-aof)$/,
    witness: 'redis_version:%s',
    version: /^\0(\d\.\d{1,2}\.\d{1,2})\0/,
    literals: ['\x007.', '\x008.', '\x006.', '\x005.', '\x004.'],
    pick: 'highest',
  },
  {
    name: 'valkey',
    file: /^valkey-(?:server|sentinel|check-rdb|check-aof)$/,
    witness: 'valkey_version:%s',
    version: /^\0(\d\.\d{1,2}\.\d{1,2})\0/,
    literals: ['\x008.', '\x009.', '\x007.'],
    pick: 'highest',
  },
  {
    name: 'envoy',
    file: /^envoy$/,
    witness: 'envoy.config.bootstrap',
    version: /^\0(1\.\d{2}\.\d{1,2})\0/,
    literals: ['\x001.'],
    pick: 'only',
  },
];
