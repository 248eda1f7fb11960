// Attacks on the 25 stable official rules, each derived from the condition of its rule.
import { type OfficialAttack, perl } from './official-attack.ts';
import { API_SERVER_IP } from './official-bench.ts';
import { MAY_ADD_ADDRESS, ownAddress, PUBLIC_IP, perlAs, programNamed, tcpConnect } from './snippets.ts';

const PTRACE = { traceMe: 0, attach: 16, detach: 17 } as const;

/** The rule's output names a file, but the event that it waits for is an exec. */
const EXEC_HAS_NO_FILE = ['fd.name'] as const;

const FILES: readonly OfficialAttack[] = [
  {
    rule: 'Directory traversal monitored file read',
    where: 'container',
    // The reader's parent must not be a shell.
    sh: perl('if(!fork){open(F,"<","/var/log/../../etc/passwd");exit} wait'),
    benign: perl('if(!fork){open(F,"<","/etc/passwd");exit} wait'),
  },
  {
    rule: 'Read sensitive file trusted after startup',
    where: 'container',
    sh: `${perlAs('nginx')}; ${perl('select(undef,undef,undef,5.2);open(F,"<","/etc/shadow")', '/tmp/nginx')}`,
    benign: `${perlAs('nginx')}; ${perl('open(F,"<","/etc/shadow")', '/tmp/nginx')}`,
  },
  {
    rule: 'Read sensitive file untrusted',
    where: 'container',
    sh: '/bin/cat /etc/shadow',
    benign: '/bin/cat /etc/passwd',
  },
  {
    rule: 'Clear Log Activities',
    where: 'container',
    sh: 'echo x > /var/log/syslog; : > /var/log/syslog',
    benign: 'echo x >> /var/log/syslog; : > /tmp/x',
  },
  {
    rule: 'Create Symlink Over Sensitive Files',
    where: 'container',
    sh: '/bin/ln -s /etc/shadow /tmp/link',
    benign: '/bin/ln -s /data/report.txt /tmp/link',
  },
  {
    rule: 'Create Hardlink Over Sensitive Files',
    where: 'container',
    sh: '/bin/ln /etc/shadow /etc/link',
    benign: '/bin/ln /data/report.txt /data/link',
  },
  {
    rule: 'Detect release_agent File Container Escapes',
    where: 'container',
    runArgs: ['--cap-add', 'SYS_ADMIN'],
    sh: 'echo x > /tmp/release_agent',
    benign: 'echo x > /tmp/release_agent',
    benignRunArgs: [],
  },
];

const PROGRAMS: readonly OfficialAttack[] = [
  {
    rule: 'Run shell untrusted',
    where: 'container',
    sh: `${perlAs('nginx')}; ${perl('system("/bin/sh","-c","id")', '/tmp/nginx')}`,
    benign: perl('system("/bin/sh","-c","id")'),
  },
  {
    rule: 'System user interactive',
    where: 'container',
    sh: `${perlAs('sshd')}; ${perl('$(=$)=33;$<=$>=33;system("/bin/id")', '/tmp/sshd')}`,
    benign: `${perlAs('sshd')}; ${perl('system("/bin/id")', '/tmp/sshd')}; ${perl('$(=$)=33;$<=$>=33;system("/bin/id")')}`,
  },
  {
    rule: 'Terminal shell in container',
    where: 'container',
    runArgs: ['--tty'],
    sh: 'true',
    benign: 'sh -c true',
    benignRunArgs: [],
  },
  {
    rule: 'Netcat Remote Code Execution in Container',
    where: 'container',
    sh: '/bin/nc 127.0.0.1 9 -e /bin/id',
    benign: '/bin/nc -w 1 127.0.0.1 9',
  },
  {
    rule: 'Search Private Keys or Passwords',
    where: 'container',
    sh: '/bin/grep -r "BEGIN RSA PRIVATE" /data',
    benign: '/bin/grep -r figures /data',
  },
  {
    rule: 'Find AWS Credentials',
    where: 'container',
    sh: '/bin/grep -r aws_secret_access_key /data',
    benign: '/bin/grep -r figures /data',
  },
  {
    rule: 'Remove Bulk Data from Disk',
    where: 'container',
    sh: '/bin/shred -n 1 /data/report.txt',
    benign: '/bin/rm /data/report.txt',
    absent: EXEC_HAS_NO_FILE,
  },
  {
    rule: 'Debugfs Launched in Privileged Container',
    where: 'container',
    runArgs: ['--privileged'],
    sh: `${programNamed('debugfs')}; /tmp/debugfs`,
    benign: `${programNamed('debugfs')}; /tmp/debugfs`,
    benignRunArgs: [],
    needs: 'privileged containers',
  },
  {
    rule: 'Execution from /dev/shm',
    where: 'container',
    runArgs: ['--tmpfs', '/dev/shm:exec'],
    sh: 'cp /bin/busybox /dev/shm/id; /dev/shm/id',
    benign: 'cp /bin/busybox /tmp/id; cp /bin/busybox /dev/shm/id; /tmp/id',
    absent: EXEC_HAS_NO_FILE,
  },
  {
    rule: 'Drop and execute new binary in container',
    where: 'container',
    // Not the shell itself becomes it: its start would be before the file's.
    sh: 'cp /bin/busybox /tmp/id; /tmp/id; true',
    benign: '/bin/id; true',
  },
  {
    rule: 'Fileless execution via memfd_create',
    where: 'container',
    sh: perl(
      'open(B,"<:raw","/bin/busybox");read(B,$b,9e6);$f=syscall(319,$n="x",0);syscall(1,$f,$b,length $b);exec{"/proc/self/fd/$f"}"id"',
    ),
    benign: 'cp /bin/busybox /tmp/id; /tmp/id',
  },
];

const KERNEL: readonly OfficialAttack[] = [
  {
    rule: 'PTRACE attached to process',
    where: 'container',
    sh: perl(
      `if(!($p=fork)){sleep 5;exit} syscall(101,${PTRACE.attach},$p,0,0);waitpid($p,0);syscall(101,${PTRACE.detach},$p,0,0);kill 9,$p`,
    ),
    benign: perl(`if(!($p=fork)){sleep 5;exit} syscall(101,${PTRACE.detach},$p,0,0);kill 9,$p`),
  },
  {
    rule: 'PTRACE anti-debug attempt',
    where: 'container',
    sh: perl(`syscall(101,${PTRACE.traceMe},0,0,0)`),
    benign: perl(`syscall(101,${PTRACE.detach},1,0,0)`),
  },
  {
    rule: 'Linux Kernel Module Injection Detected',
    where: 'container',
    runArgs: ['--cap-add', 'SYS_MODULE'],
    sh: 'echo x > /tmp/none.ko; insmod /tmp/none.ko',
    benign: 'lsmod',
    needs: 'loadable kernel modules',
  },
];

const NETWORK: readonly OfficialAttack[] = [
  {
    rule: 'Contact K8S API Server From Container',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(API_SERVER_IP)}; ${perl(tcpConnect(API_SERVER_IP, 443))}`,
    benign: `${ownAddress('10.43.0.2')}; ${perl(tcpConnect('10.43.0.2', 443))}`,
  },
  {
    rule: 'Packet socket created in container',
    where: 'container',
    sh: perl('socket(S,17,3,0) or die'),
    benign: perl('socket(S,2,2,0) or die'),
    // Such a socket has neither address nor port.
    absent: ['fd.name', 'fd.lport', 'fd.rport', 'fd.l4proto'],
  },
  {
    rule: 'Redirect STDOUT/STDIN to Network Connection in Container',
    where: 'container',
    sh: perl(`${tcpConnect('127.0.0.1', 4444)}syscall(33,fileno(S),0)`),
    benign: perl(
      `${tcpConnect('127.0.0.1', 4444)}syscall(33,fileno(S),9);open(F,"<","/data/report.txt");syscall(33,fileno(F),0)`,
    ),
  },
  {
    rule: 'Disallowed SSH Connection Non Standard Port',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(PUBLIC_IP)}; ${perlAs('ssh')}; ${perl(tcpConnect(PUBLIC_IP, 443), '/tmp/ssh')}`,
    benign: `${ownAddress(PUBLIC_IP)}; ${perlAs('ssh')}; ${perl(tcpConnect(PUBLIC_IP, 22), '/tmp/ssh')}`,
  },
];

export const STABLE_ATTACKS: readonly OfficialAttack[] = [...FILES, ...PROGRAMS, ...KERNEL, ...NETWORK];
