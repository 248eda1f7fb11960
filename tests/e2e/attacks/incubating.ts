// Attacks on the 31 incubating official rules, each derived from the condition of its rule.
import { type OfficialAttack, perl } from './official-attack.ts';
import { SITE_NAMESPACE } from './official-bench.ts';
import {
  MAY_ADD_ADDRESS,
  ownAddress,
  PUBLIC_IP,
  perlAs,
  programNamed,
  tcpConnect,
  tcpExchange,
  udpConnect,
} from './snippets.ts';

const METADATA_IP = '169.254.169.254';
const NEIGHBOUR_IP = '169.254.169.253';
const BPF = { mapLookUp: 1, programLoad: 5 } as const;
/** Become the user and group of that number for good. */
const becoming = (id: number): string => `$(=$)=${id};$<=$>=${id};`;

const FILES: readonly OfficialAttack[] = [
  {
    rule: 'Modify Shell Configuration File',
    where: 'container',
    sh: '/bin/touch /root/.bashrc',
    benign: '/bin/touch /root/notes',
  },
  {
    rule: 'Schedule Cron Jobs',
    where: 'container',
    sh: '/bin/touch /etc/cron.d/job',
    benign: '/bin/touch /etc/motd',
  },
  {
    rule: 'Read ssh information',
    where: 'container',
    sh: 'mkdir /root/.ssh; echo x > /root/.ssh/known_hosts; /bin/cat /root/.ssh/known_hosts',
    benign: 'echo x > /root/notes; /bin/cat /root/notes',
  },
  {
    rule: 'Adding ssh keys to authorized_keys',
    where: 'container',
    sh: 'mkdir -p /home/app/.ssh; echo x >> /home/app/.ssh/authorized_keys',
    benign: 'mkdir -p /home/app/.ssh; echo x >> /home/app/.ssh/known_hosts',
  },
  {
    rule: 'Create files below dev',
    where: 'container',
    sh: 'echo x > /dev/hidden',
    benign: 'echo x > /tmp/hidden; echo x > /dev/null',
  },
  {
    rule: 'Delete or rename shell history',
    where: 'container',
    sh: 'echo x > /root/.ash_history; /bin/rm /root/.ash_history',
    benign: 'echo x > /root/notes; /bin/rm /root/notes',
    // Each of the calls that the rule covers has one of them.
    absent: ['fd.name', 'evt.arg.name', 'evt.arg.oldpath', 'evt.arg.path'],
  },
  {
    rule: 'Set Setuid or Setgid bit',
    where: 'container',
    sh: 'cp /bin/busybox /tmp/x; /bin/chmod u+s /tmp/x',
    benign: 'cp /bin/busybox /tmp/x; /bin/chmod u+x /tmp/x',
    // Only fchmod has a descriptor; this is chmod.
    absent: ['evt.arg.fd'],
  },
  {
    rule: 'Read environment variable from /proc files',
    where: 'container',
    sh: '/bin/cat /proc/1/environ',
    benign: '/bin/cat /proc/1/status',
  },
  {
    rule: 'Exfiltrating Artifacts via Kubernetes Control Plane',
    where: 'container',
    // The program that the runtime starts in the container must be tar itself.
    sh: 'exec /bin/tar -cf /dev/null /data/report.txt',
    benign: '/bin/tar -cf /dev/null /data/report.txt; true',
  },
  {
    rule: 'Backdoored library loaded into SSHD (CVE-2024-3094)',
    where: 'container',
    sh: `${perlAs('sshd')}; echo x > /tmp/liblzma.so.5.6.1; ${perl('open(F,"<","/tmp/liblzma.so.5.6.1") or die', '/tmp/sshd')}`,
    benign: `${perlAs('sshd')}; echo x > /tmp/liblzma.so.5.4.1; ${perl('open(F,"<","/tmp/liblzma.so.5.4.1") or die', '/tmp/sshd')}`,
  },
];

const PROGRAMS: readonly OfficialAttack[] = [
  {
    rule: 'DB program spawned process',
    where: 'container',
    sh: `${perlAs('mysqld')}; ${perl('system("/bin/id")', '/tmp/mysqld')}`,
    benign: perl('system("/bin/id")'),
  },
  {
    rule: 'Program run with disallowed http proxy env',
    where: 'container',
    sh: 'HTTP_PROXY=http://127.0.0.1:1 /bin/wget -T 1 http://127.0.0.1:2/',
    benign: '/bin/wget -T 1 http://127.0.0.1:2/',
  },
  {
    rule: 'Potential Local Privilege Escalation via Environment Variables Misuse',
    where: 'container',
    sh: 'GLIBC_TUNABLES=glibc.malloc.mxfast=x /bin/id',
    benign: 'TUNABLES=x /bin/id',
  },
  {
    rule: 'User mgmt binaries',
    where: 'host',
    // An unknown name of busybox: it does nothing but complain.
    sh: 'ln -s /bin/busybox "$DIR/usermod"; "$DIR/usermod"',
    benign: 'ln -s /bin/busybox "$DIR/uname"; "$DIR/uname"',
  },
  {
    rule: 'Launch Suspicious Network Tool on Host',
    where: 'host',
    sh: 'ln -s /bin/busybox "$DIR/nc"; "$DIR/nc" --help',
    benign: 'ln -s /bin/busybox "$DIR/cat"; "$DIR/cat" --help',
  },
  {
    rule: 'Launch Suspicious Network Tool in Container',
    where: 'container',
    sh: '/bin/nc -w 1 127.0.0.1 9',
    benign: '/bin/id',
  },
  {
    rule: 'Launch Package Management Process in Container',
    where: 'container',
    sh: `${programNamed('apk')}; /tmp/apk`,
    benign: `${programNamed('app')}; /tmp/app`,
  },
  {
    rule: 'Launch Remote File Copy Tools in Container',
    where: 'container',
    sh: `${programNamed('scp')}; /tmp/scp`,
    benign: '/bin/cp /data/report.txt /tmp',
  },
  {
    rule: 'Launch Ingress Remote File Copy Tools in Container',
    where: 'container',
    sh: '/bin/wget -T 1 http://127.0.0.1:2/',
    benign: '/bin/cp /data/report.txt /tmp',
  },
];

const PRIVILEGES: readonly OfficialAttack[] = [
  {
    rule: 'Change thread namespace',
    where: 'container',
    runArgs: ['--cap-add', 'SYS_ADMIN'],
    sh: perl('open(F,"<","/proc/1/ns/uts") or die;syscall(308,fileno(F),0)==0 or die $!'),
    benign: perl('open(F,"<","/proc/1/ns/uts") or die'),
  },
  {
    rule: 'Change namespace privileges via unshare',
    where: 'container',
    sh: '/bin/unshare -U /bin/true',
    benign: '/bin/unshare -m /bin/true',
    benignRunArgs: ['--cap-add', 'SYS_ADMIN'],
  },
  {
    rule: 'Launch Privileged Container',
    where: 'container',
    runArgs: ['--privileged'],
    sh: 'true',
    benign: 'true',
    benignRunArgs: [],
    needs: 'privileged containers',
  },
  {
    rule: 'Launch Excessively Capable Container',
    where: 'container',
    runArgs: ['--cap-add', 'SYS_PTRACE'],
    sh: 'true',
    benign: 'true',
    benignRunArgs: [],
  },
  {
    rule: 'Mount Launched in Privileged Container',
    where: 'container',
    runArgs: ['--privileged'],
    sh: 'mkdir /tmp/m; /bin/mount -t tmpfs none /tmp/m',
    benign: '/bin/mount',
    needs: 'privileged containers',
  },
  {
    rule: 'Non sudo setuid',
    where: 'container',
    sh: perl(`${becoming(999)}syscall(105,999)==0 or die`),
    benign: perl(`${becoming(33)}syscall(105,33)==0 or die`),
  },
  {
    rule: 'BPF Program Not Profiled',
    where: 'container',
    runArgs: ['--cap-add', 'SYS_ADMIN'],
    // Refused for want of a program, which the rule does not ask about.
    sh: perl(`$a="\\0"x128;syscall(321,${BPF.programLoad},$a,128)`),
    benign: perl(`$a="\\0"x128;syscall(321,${BPF.mapLookUp},$a,128)`),
  },
];

const NETWORK: readonly OfficialAttack[] = [
  {
    rule: 'System procs network activity',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(PUBLIC_IP)}; ${perlAs('cat')}; ${perl(tcpExchange(PUBLIC_IP, 80), '/tmp/cat')}`,
    benign: `${ownAddress(PUBLIC_IP)}; ${perl(tcpExchange(PUBLIC_IP, 80))}`,
  },
  {
    rule: 'Unexpected UDP Traffic',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(PUBLIC_IP)}; ${perl(udpConnect(PUBLIC_IP, 4000))}`,
    benign: `${ownAddress(PUBLIC_IP)}; ${perl(udpConnect(PUBLIC_IP, 53))}`,
  },
  {
    rule: 'Contact EC2 Instance Metadata Service From Container',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(METADATA_IP)}; ${perl(tcpConnect(METADATA_IP, 80))}`,
    benign: `${ownAddress(NEIGHBOUR_IP)}; ${perl(tcpConnect(NEIGHBOUR_IP, 80))}`,
  },
  {
    rule: 'Contact cloud metadata service from container',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(METADATA_IP)}; ${perl(tcpConnect(METADATA_IP, 80))}`,
    benign: `${ownAddress(NEIGHBOUR_IP)}; ${perl(tcpConnect(NEIGHBOUR_IP, 80))}`,
  },
  {
    rule: 'Network Connection outside Local Subnet',
    where: 'container',
    runArgs: [
      ...MAY_ADD_ADDRESS,
      '--label=io.kubernetes.pod.name=cart-0',
      `--label=io.kubernetes.pod.namespace=${SITE_NAMESPACE}`,
    ],
    sh: `${ownAddress(PUBLIC_IP)}; ${perl(tcpExchange(PUBLIC_IP, 80))}`,
    benign: `${ownAddress('10.1.2.3')}; ${perl(tcpExchange('10.1.2.3', 80))}`,
    // Nobody asked a name server for this address.
    absent: ['fd.rip.name', 'fd.lip.name', 'fd.cip.name', 'fd.sip.name'],
  },
];

export const INCUBATING_ATTACKS: readonly OfficialAttack[] = [
  ...FILES,
  ...PROGRAMS,
  ...PRIVILEGES,
  ...NETWORK,
];
