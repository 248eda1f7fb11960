// Attacks on the 37 sandbox official rules, each derived from the condition of its rule.
import { type OfficialAttack, perl } from './official-attack.ts';
import { MINER_POOL_IP } from './official-bench.ts';
import { MAY_ADD_ADDRESS, ownAddress, PUBLIC_IP, perlAs, programNamed, tcpExchange } from './snippets.ts';

/** Of calls that have a descriptor and no second path. */
const NO_NEW_PATH = ['evt.arg.newpath'];
/** Of calls on paths, which open nothing. */
const NO_DESCRIPTOR = ['fd.name'];
const SECCOMP_OFF = ['--security-opt', 'seccomp=unconfined'];
/** An address that the official file allows connections from. */
const ALLOWED_IP = '10.77.0.1';

const NETCAT = 'system("/bin/nc","-w","1","127.0.0.1","9")';

/** Perl that writes a file, run under the name of a program that may. */
function writtenBy(name: string, path: string): string {
  return `${perlAs(name)}; ${perl(`open(F,">","${path}") or die`, `/tmp/${name}`)}`;
}

/** A web server that starts a program and waits for it. */
function webServerRuns(...command: readonly string[]): string {
  const quoted = command.map((word) => `q{${word}}`).join(',');
  return `${perlAs('nginx')}; ${perl(`system(${quoted})`, '/tmp/nginx')}`;
}

const WRITES: readonly OfficialAttack[] = [
  {
    rule: 'Update Package Repository',
    where: 'container',
    sh: 'mkdir -p /etc/apt; echo deb http://x > /etc/apt/sources.list',
    benign: `mkdir -p /etc/apt; ${writtenBy('apt-get', '/etc/apt/sources.list')}`,
    absent: NO_NEW_PATH,
  },
  {
    rule: 'Write below binary dir',
    where: 'container',
    sh: 'echo x > /usr/bin/backdoor',
    benign: writtenBy('dpkg', '/usr/bin/tool'),
  },
  {
    rule: 'Write below monitored dir',
    where: 'container',
    sh: 'mkdir -p /usr/local/bin; echo x > /usr/local/bin/backdoor',
    benign: 'mkdir -p /usr/local/share; echo x > /usr/local/share/notes',
  },
  {
    rule: 'Write below etc',
    where: 'container',
    sh: 'echo x > /etc/ld.so.preload',
    benign: 'echo welcome > /etc/motd; cat /etc/passwd',
  },
  {
    rule: 'Write below root',
    where: 'container',
    sh: 'echo x > /root/implant',
    benign: 'echo ls > /root/.bash_history; echo x > /tmp/x',
  },
  {
    rule: 'Write below rpm database',
    where: 'container',
    sh: 'mkdir -p /var/lib/rpm; echo x > /var/lib/rpm/Packages',
    benign: `mkdir -p /var/lib/rpm; ${writtenBy('rpm', '/var/lib/rpm/Packages')}`,
  },
  {
    rule: 'Modify binary dirs',
    where: 'container',
    sh: 'mv /bin/ls /tmp/ls',
    benign: 'echo x > /tmp/a; mv /tmp/a /tmp/b; rm /tmp/b',
    absent: NO_DESCRIPTOR,
  },
  {
    rule: 'Mkdir binary dirs',
    where: 'container',
    sh: 'mkdir /bin/stash',
    benign: 'mkdir /tmp/stash',
  },
  {
    rule: 'Create Hidden Files or Directories',
    where: 'container',
    sh: 'echo x > /tmp/.implant',
    benign: 'echo x > /tmp/report',
    absent: NO_NEW_PATH,
  },
  {
    rule: 'Container Drift Detected (chmod)',
    where: 'container',
    sh: 'echo x > /tmp/implant; chmod 755 /tmp/implant',
    benign: 'echo x > /tmp/report; chmod 640 /tmp/report',
    absent: ['evt.arg.name'],
  },
  {
    rule: 'Container Drift Detected (open+create)',
    where: 'container',
    sh: perl('sysopen(F,"/tmp/implant",65,0755) or die'),
    benign: perl('sysopen(F,"/tmp/report",65,0644) or die'),
    absent: ['evt.arg.filename'],
  },
  {
    rule: 'Modify Container Entrypoint',
    where: 'container',
    sh: perl('open(F,"<","/bin/busybox");open(W,"+<","/proc/self/fd/".fileno(F)) or die'),
    benign: perl('open(F,"<","/bin/busybox");open(W,"<","/proc/self/fd/".fileno(F)) or die'),
  },
];

const READS: readonly OfficialAttack[] = [
  {
    rule: 'Read Shell Configuration File',
    where: 'container',
    sh: 'echo true > /root/.bashrc; cat /root/.bashrc',
    benign: 'echo true > /root/.bashrc; . /root/.bashrc; cat /data/report.txt',
  },
  {
    rule: 'Privileged Container Device Access',
    where: 'container',
    // An unused loop device under the name of a disk: nothing of the host is read.
    runArgs: ['--device-cgroup-rule', 'b 7:7 r'],
    sh: 'mknod /dev/sdz b 7 7; head -c 1 /dev/sdz',
    benign: 'mknod /dev/loop7 b 7 7; head -c 1 /dev/loop7',
    needs: 'loop devices',
  },
  {
    rule: 'Container Access to Host Sensitive Paths',
    where: 'container',
    runArgs: ['-v', '/usr/share:/host/usr/share:ro'],
    sh: 'cat /host/usr/share/perl5/* /host/usr/share/*/* 2>/dev/null | head -c 1',
    benign: 'cat /data/share/*/* 2>/dev/null | head -c 1',
    benignRunArgs: ['-v', '/usr/share:/data/share:ro'],
  },
];

const CONTAINERS: readonly OfficialAttack[] = [
  {
    rule: 'Launch Sensitive Mount Container',
    where: 'container',
    runArgs: ['-v', '/etc:/mnt/etc:ro'],
    sh: 'true',
    benign: 'true',
    benignRunArgs: ['-v', '/usr/share:/mnt/share:ro'],
  },
  {
    rule: 'Launch Disallowed Container',
    where: 'container',
    // The site allows every container but those of this label.
    runArgs: ['--label', 'site=rogue'],
    sh: 'true',
    benign: 'true',
    benignRunArgs: ['--label', 'site=shop'],
  },
  {
    rule: 'Container Run as Root User',
    where: 'container',
    sh: 'true',
    benign: 'true',
    benignRunArgs: ['--user', '65534'],
  },
  {
    rule: 'Unprivileged Delegation of Page Faults Handling to a Userspace Process',
    where: 'container',
    runArgs: [...SECCOMP_OFF, '--user', '65534'],
    // 1: faults of user space only, which no sysctl keeps from users
    sh: perl('syscall(323,1)>=0 or die "userfaultfd: $!"'),
    benign: perl('syscall(323,1)>=0 or die "userfaultfd: $!"'),
    benignRunArgs: SECCOMP_OFF,
    needs: 'userfaultfd',
  },
];

const PROGRAMS: readonly OfficialAttack[] = [
  {
    rule: 'Sudo Potential Privilege Escalation',
    where: 'container',
    sh: `${programNamed('sudoedit')}; /tmp/sudoedit -s '\\'`,
    benign: `${programNamed('sudoedit')}; /tmp/sudoedit -s /tmp/notes`,
  },
  {
    rule: 'Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)',
    where: 'container',
    sh: `${programNamed('pkexec')}; /tmp/pkexec`,
    benign: `${programNamed('pkexec')}; /tmp/pkexec id`,
  },
  {
    rule: 'Kubernetes Client Tool Launched in Container',
    where: 'container',
    sh: `${programNamed('kubectl')}; /tmp/kubectl get pods`,
    benign: `${programNamed('kubelet')}; /tmp/kubelet get pods`,
  },
  {
    rule: 'Decoding Payload in Container',
    where: 'container',
    sh: 'echo aWQK | /bin/base64 -d',
    benign: 'echo id | /bin/base64',
  },
  {
    rule: 'Detect crypto miners using the Stratum protocol',
    where: 'container',
    sh: `${programNamed('worker')}; /tmp/worker -o stratum+tcp://pool.example:3333`,
    benign: `${programNamed('worker')}; /tmp/worker -o tcp://pool.example:3333`,
  },
  {
    rule: 'Known Cryptominer Process Executed',
    where: 'container',
    sh: `${programNamed('xmrig')}; /tmp/xmrig`,
    benign: `${programNamed('worker')}; /tmp/worker xmrig`,
  },
  {
    rule: 'Basic Interactive Reconnaissance',
    where: 'container',
    runArgs: ['--tty'],
    // What is typed leads its process group, what a program starts does not.
    sh: 'exec /bin/whoami',
    benign: `${perl('system("/bin/whoami")')}; true`,
  },
  {
    rule: 'Netcat/Socat Remote Code Execution on Host',
    where: 'host',
    sh: 'cp /bin/busybox nc; ./nc 127.0.0.1 9 -e /bin/true',
    benign: 'cp /bin/busybox nc; ./nc -w 1 127.0.0.1 9',
  },
  {
    rule: 'Network Tool Executed During NPM Package Install',
    where: 'container',
    sh: `${perlAs('npm')}; ${perl(NETCAT, '/tmp/npm')}`,
    benign: `${perl(NETCAT)}; ${perlAs('npm')}; ${perl('system("/bin/date")', '/tmp/npm')}`,
  },
  {
    rule: 'Web Server Spawned Shell',
    where: 'container',
    sh: webServerRuns('/bin/sh', '-c', '/bin/id; true'),
    benign: `${webServerRuns('/bin/date')}; ${perl('system("/bin/sh","-c","id; true")')}`,
  },
  {
    rule: 'Web Server Spawned Suspicious Child Process',
    where: 'container',
    sh: webServerRuns('/bin/wget', '-T', '1', 'http://127.0.0.1:9/x'),
    benign: webServerRuns('/bin/date'),
  },
  {
    rule: 'Reverse Shell from Web Server',
    where: 'container',
    sh: webServerRuns('/bin/sh', '-c', ': bash -i > /dev/null < /dev/null'),
    benign: webServerRuns('/bin/sh', '-c', ': backup'),
  },
];

/** Perl that receives what a server of its own has sent, which is `bytes` in hexadecimal. */
function received(bytes: string): string {
  return `${tcpExchange('127.0.0.1', 8443)}syswrite(C,pack("H*","${bytes}"));recv(S,$got,4096,0);`;
}

const NETWORK: readonly OfficialAttack[] = [
  {
    rule: 'Unexpected inbound connection source',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(PUBLIC_IP)}; ${perl(tcpExchange(PUBLIC_IP, 8080))}`,
    benign: `${ownAddress(ALLOWED_IP)}; ${perl(tcpExchange(ALLOWED_IP, 8080))}`,
  },
  {
    rule: 'Interpreted procs inbound network activity',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(PUBLIC_IP)}; ${perl(tcpExchange(PUBLIC_IP, 8080))}`,
    benign: `${ownAddress(PUBLIC_IP)}; ${perlAs('server')}; ${perl(tcpExchange(PUBLIC_IP, 8080), '/tmp/server')}; ${perl(tcpExchange('127.0.0.1', 8081))}`,
  },
  {
    rule: 'Interpreted procs outbound network activity',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(PUBLIC_IP)}; ${perl(tcpExchange(PUBLIC_IP, 8080))}`,
    benign: `${ownAddress(ALLOWED_IP)}; ${perl(tcpExchange(ALLOWED_IP, 8080))}`,
  },
  {
    rule: 'Unexpected K8s NodePort Connection',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(ALLOWED_IP)}; ${perl(tcpExchange(ALLOWED_IP, 30080))}`,
    benign: `${ownAddress(ALLOWED_IP)}; ${perl(tcpExchange(ALLOWED_IP, 8080))}`,
  },
  {
    rule: 'Detect outbound connections to common miner pool ports',
    where: 'container',
    runArgs: MAY_ADD_ADDRESS,
    sh: `${ownAddress(MINER_POOL_IP)}; ${perl(tcpExchange(MINER_POOL_IP, 443))}`,
    benign: `${ownAddress(MINER_POOL_IP)}; ${perl(tcpExchange(MINER_POOL_IP, 8443))}; ${ownAddress(PUBLIC_IP)}; ${perl(tcpExchange(PUBLIC_IP, 443))}`,
  },
  {
    rule: 'Java Process Class File Download',
    where: 'container',
    sh: `${perlAs('java')}; ${perl(received('485454502f312e310d0a0d0acafebabe00000034'), '/tmp/java')}`,
    benign: `${perlAs('java')}; ${perl(received('485454502f312e310d0a0d0a7b7d'), '/tmp/java')}`,
  },
];

export const SANDBOX_ATTACKS: readonly OfficialAttack[] = [
  ...WRITES,
  ...READS,
  ...CONTAINERS,
  ...PROGRAMS,
  ...NETWORK,
];
