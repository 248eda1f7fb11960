// Vulnerabilities that the fake platform knows: public identifiers, packages, versions and scores.
import type { PackageType, Severity } from '@guardcell/core';

export interface FakeCve {
  readonly id: string;
  readonly type: PackageType;
  /** Source package of a distribution, or the package itself. */
  readonly source: string;
  /** First version that is not affected; empty when there is none. */
  readonly fixed: string;
  readonly cvss: number;
  readonly epss: number;
  /** K: known to be exploited; R: by ransomware too; W: will not be fixed. */
  readonly marks: string;
  readonly summary: string;
}

/** Id, type, source, fixed, CVSS, EPSS, marks, summary; `-` for none. */
const TABLE = `
CVE-2024-5535  deb openssl 3.0.15-1~deb12u1 9.1 0.064 - Buffer overread in SSL_select_next_proto
CVE-2024-4741  deb openssl 3.0.15-1~deb12u1 7.5 0.021 - Use after free in SSL_free_buffers
CVE-2024-9143  deb openssl 3.0.16-1~deb12u1 4.3 0.006 - Out-of-bounds write with low-level GF(2^m) parameters
CVE-2024-13176 deb openssl 3.0.16-1~deb12u1 4.1 0.002 - Timing side channel in ECDSA signatures
CVE-2024-2961  deb glibc 2.36-9+deb12u6 8.8 0.921 - iconv writes past its buffer for ISO-2022-CN-EXT
CVE-2024-33599 deb glibc 2.36-9+deb12u7 8.1 0.019 - Stack overflow in the netgroup cache of nscd
CVE-2025-0395  deb glibc 2.36-9+deb12u10 6.2 0.004 - assert() writes past its buffer
CVE-2019-9192  deb glibc - 7.5 0.011 W Unbounded recursion in regular expressions
CVE-2010-4756  deb glibc - 4 0.005 W glob() uses up memory and processor
CVE-2023-45853 deb zlib - 9.8 0.042 W MiniZip overflows on long file names
CVE-2024-45490 deb expat 2.5.0-1+deb12u1 9.8 0.013 - XML_ParseBuffer accepts a negative length
CVE-2024-45491 deb expat 2.5.0-1+deb12u1 9.8 0.012 - Integer overflow of nDefaultAtts on 32-bit platforms
CVE-2024-50602 deb expat 2.5.0-1+deb12u2 5.9 0.008 - XML_ResumeParser crashes an unstarted parser
CVE-2023-52425 deb expat - 7.5 0.017 - Large tokens are parsed again and again
CVE-2023-31484 deb perl 5.36.0-7+deb12u3 8.1 0.014 - CPAN.pm does not check certificates
CVE-2024-56406 deb perl 5.36.0-7+deb12u2 8.6 0.002 - Overflow in the tr operator
CVE-2024-28085 deb util-linux 2.38.1-5+deb12u1 3.3 0.031 - wall passes escape sequences to terminals
CVE-2022-0563  deb util-linux - 5.5 0.001 W chfn and chsh read files through readline
CVE-2025-6020  deb pam 1.5.2-6+deb12u2 7.8 0.001 - pam_namespace follows symbolic links of users
CVE-2024-22365 deb pam 1.5.2-6+deb12u2 5.5 0.001 - pam_namespace blocks on a FIFO
CVE-2023-50387 deb systemd 252.23-1~deb12u1 7.5 0.433 - DNSSEC validation uses up the processor (KeyTrap)
CVE-2013-4392  deb systemd - 3.3 0.002 W Race when permissions are changed
CVE-2011-3374  deb apt - 3.7 0.012 W apt-key does not validate GPG keys of net-update
CVE-2005-2541  deb tar - 10 0.028 W Setuid bits survive extraction without a warning
CVE-2016-2781  deb coreutils - 6.5 0.002 W chroot lets programs push characters into the terminal
CVE-2024-37371 deb krb5 1.20.1-2+deb12u2 9.1 0.009 - Invalid memory read in GSS message tokens
CVE-2024-28834 deb gnutls28 3.7.9-2+deb12u3 5.3 0.006 - Deterministic signatures leak the key (Minerva)
CVE-2023-44487 deb nghttp2 1.52.0-1+deb12u1 7.5 0.944 K HTTP/2 rapid reset exhausts the server
CVE-2024-28182 deb nghttp2 1.52.0-1+deb12u2 5.3 0.31 - CONTINUATION frames without an end
CVE-2024-2398  deb curl 7.88.1-10+deb12u6 8.6 0.023 - HTTP/2 push leaks headers in memory
CVE-2023-38545 deb curl 7.88.1-10+deb12u4 9.8 0.266 - SOCKS5 handshake overflows the heap
CVE-2025-6965  deb sqlite3 - 7.2 0.003 - More aggregates than columns corrupt memory
CVE-2025-24928 deb libxml2 2.9.14+dfsg-1.3~deb12u2 7.8 0.001 - Stack overflow when DTD errors are reported
CVE-2024-56171 deb libxml2 2.9.14+dfsg-1.3~deb12u2 7.8 0.001 - Use after free in schema validation
CVE-2024-38475 deb apache2 2.4.62-1~deb12u1 9.1 0.938 K mod_rewrite maps URLs to files that are not served
CVE-2024-38476 deb apache2 2.4.62-1~deb12u1 9.8 0.071 - Backend headers choose a handler
CVE-2025-1094  deb postgresql-17 17.3-1.pgdg120+1 8.1 0.812 - Quoting functions let SQL through
CVE-2025-49844 binary redis 8.2.2 9.9 0.092 - Lua scripts reach freed memory (RediShell)
CVE-2025-46817 binary redis 8.2.2 7 0.018 - Integer overflow in Lua scripts
CVE-2024-4577  binary php 8.3.8 9.8 0.944 KR Arguments reach php-cgi through best-fit characters
CVE-2023-42366 apk busybox 1.36.1-r16 5.5 0.002 - Heap overflow in awk next_token
CVE-2023-42363 apk busybox 1.36.1-r17 5.5 0.001 - Use after free in awk xasprintf
CVE-2024-6119  apk openssl 3.3.2-r0 7.5 0.052 - Certificate name checks read freed memory
CVE-2021-44228 maven org.apache.logging.log4j:log4j-core 2.15.0 10 0.944 KR JNDI lookups in log messages run code (Log4Shell)
CVE-2021-45046 maven org.apache.logging.log4j:log4j-core 2.16.0 9 0.943 KR Thread context lookups run code
CVE-2022-22965 maven org.springframework:spring-beans 5.3.18 9.8 0.944 K Data binding reaches the class loader (Spring4Shell)
CVE-2022-1471  maven org.yaml:snakeyaml 2.0 9.8 0.938 - Constructor makes objects of any class
CVE-2025-24813 maven org.apache.tomcat.embed:tomcat-embed-core 9.0.99 9.8 0.941 K Partial PUT runs uploaded sessions
CVE-2020-36518 maven com.fasterxml.jackson.core:jackson-databind 2.12.6.1 7.5 0.007 - Deeply nested objects end the process
CVE-2022-42889 maven org.apache.commons:commons-text 1.10.0 9.8 0.941 - Interpolation runs scripts (Text4Shell)
CVE-2021-23337 npm lodash 4.17.21 7.2 0.011 - template() runs code
CVE-2020-8203  npm lodash 4.17.19 7.4 0.022 - zipObjectDeep changes the prototype
CVE-2024-39338 npm axios 1.7.4 7.5 0.006 - Relative addresses reach other hosts
CVE-2024-4068  npm braces 3.0.3 7.5 0.005 - Unbalanced braces use up memory
CVE-2022-25883 npm semver 7.5.2 7.5 0.004 - Slow expression in ranges
CVE-2024-29041 npm express 4.19.2 6.1 0.002 - Redirects to addresses of others
CVE-2024-37890 npm ws 8.17.1 7.5 0.005 - Many headers end the server
CVE-2025-55182 npm react-server-dom-webpack 19.0.1 10 0.756 KR Server functions run code from requests
CVE-2024-24790 golang stdlib 1.21.11 9.8 0.004 - IPv4-mapped addresses are taken for public ones
CVE-2024-34156 golang stdlib 1.22.7 7.5 0.003 - Deeply nested gob values end the program
CVE-2023-45288 golang golang.org/x/net 0.23.0 7.5 0.665 - Endless CONTINUATION frames
CVE-2024-45337 golang golang.org/x/crypto 0.31.0 9.1 0.336 - ServerConfig callbacks are misused for authorization
CVE-2024-21626 golang github.com/opencontainers/runc 1.1.12 8.6 0.061 - A leaked file descriptor leads to the host
CVE-2023-4863  pypi pillow 10.0.1 8.8 0.941 K libwebp writes past its buffer
CVE-2023-50447 pypi pillow 10.2.0 8.1 0.012 - ImageMath.eval runs code
CVE-2024-56326 pypi jinja2 3.1.5 7.8 0.001 - str.format leaves the sandbox
CVE-2024-22195 pypi jinja2 3.1.3 6.1 0.003 - xmlattr lets attributes in
CVE-2024-35195 pypi requests 2.32.0 5.6 0.001 - Certificate checks stay off for a session
CVE-2024-37891 pypi urllib3 2.2.2 4.4 0.002 - Proxy-Authorization goes to other hosts
CVE-2025-47273 pypi setuptools 78.1.1 8.8 0.004 - PackageIndex writes outside its folder
CVE-2024-52804 pypi tornado 6.4.2 7.5 0.014 - Cookies are parsed in quadratic time
`;

const orNothing = (word = ''): string => (word === '-' ? '' : word);

export const FAKE_CVES: readonly FakeCve[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [id = '', type = '', source = '', fixed, cvss, epss, marks, ...summary] = line.split(/ +/);
    return {
      id,
      type: type as PackageType,
      source,
      fixed: orNothing(fixed),
      cvss: Number(cvss),
      epss: Number(epss),
      marks: orNothing(marks),
      summary: summary.join(' '),
    };
  });

export function severityOf({ cvss, marks }: FakeCve): Severity {
  if (marks.includes('W')) return cvss >= 7 ? 'low' : 'info';
  if (cvss >= 9) return 'critical';
  if (cvss >= 7) return 'high';
  return cvss >= 4 ? 'medium' : 'low';
}
