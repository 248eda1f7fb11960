// Well-known ports by service name, for fd.*proto and for ports given by name.

const TABLE =
  'tcpmux:1 echo:7 discard:9 systat:11 daytime:13 netstat:15 chargen:19 ftp-data:20 ftp:21 ssh:22 telnet:23 smtp:25 ' +
  'time:37 whois:43 domain:53 bootps:67 bootpc:68 tftp:69 gopher:70 finger:79 http:80 kerberos:88 pop3:110 sunrpc:111 ' +
  'auth:113 nntp:119 ntp:123 netbios-ns:137 netbios-dgm:138 netbios-ssn:139 imap2:143 snmp:161 snmp-trap:162 bgp:179 ' +
  'irc:194 ldap:389 https:443 microsoft-ds:445 isakmp:500 exec:512 login:513 shell:514 syslog:514 printer:515 ' +
  'submission:587 ipp:631 ldaps:636 rsync:873 ftps:990 imaps:993 pop3s:995 socks:1080 openvpn:1194 ms-sql-s:1433 ' +
  'ms-sql-m:1434 radius:1812 nfs:2049 docker:2375 mysql:3306 svn:3690 iscsi-target:3260 epmd:4369 sip:5060 ' +
  'xmpp-client:5222 postgresql:5432 amqp:5672 x11:6000 redis:6379 ircd:6667 http-alt:8080 git:9418';

const PORT_OF = new Map<string, number>();
const NAME_OF = new Map<number, string>();
for (const entry of TABLE.split(' ')) {
  const [name = '', port = ''] = entry.split(':');
  PORT_OF.set(name, Number(port));
  if (!NAME_OF.has(Number(port))) NAME_OF.set(Number(port), name);
}

/** The port of a service; undefined when the name is not known. */
export function servicePort(name: string): number | undefined {
  return PORT_OF.get(name);
}

/** The service at a port, else the number as text. 514 is `syslog` over UDP and `shell` over TCP. */
export function serviceName(port: number, l4proto: string): string {
  if (port === 514 && l4proto === 'udp') return 'syslog';
  return NAME_OF.get(port) ?? String(port);
}
