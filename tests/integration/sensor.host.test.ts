// The kernel sensor on this machine's kernel: every family of events is triggered by a real program and looked for.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Recorder, record, type SeenEvent, sensorSkipReason } from './sensor-recorder.ts';

const skip = sensorSkipReason();
/** Where sensors keep their attachments. */
const PINS = '/sys/fs/bpf/guardcell';
const IMAGE = 'gc-test/busybox:1';

function perl(script: string, cwd = '/'): number {
  const done = spawnSync('perl', ['-e', script], { cwd, encoding: 'utf8', timeout: 20_000 });
  assert.equal(done.error, undefined);
  return done.pid;
}

/** Runs a script and returns the events of that very process. */
function eventsOf(recorder: Recorder, script: string, cwd = '/'): SeenEvent[] {
  recorder.settle();
  const pid = perl(script, cwd);
  recorder.settle();
  return recorder.events.filter((event) => event.pid === pid);
}

function only(events: readonly SeenEvent[], type: string): SeenEvent {
  const found = events.filter((event) => event.type === type);
  assert.ok(
    found.length > 0,
    `no ${type} among ${[...new Set(events.map((event) => event.type))].join(' ')}`,
  );
  return found.at(-1) as SeenEvent;
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, {
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function hasImage(): boolean {
  return spawnSync('docker', ['image', 'inspect', IMAGE], { stdio: 'ignore' }).status === 0;
}

describe('the sensor sees', { skip }, () => {
  function withFolder(run: (folder: string) => void): void {
    const folder = mkdtempSync(join(tmpdir(), 'gc-sensor-'));
    try {
      run(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  test('files being opened, with the resolved path, the path as given and the flags of the event table', () => {
    withFolder((folder) => {
      using recorder = record();
      const events = eventsOf(
        recorder,
        `mkdir 'd'; symlink '${folder}/d', 'l'; open(F, '>', 'l/../d/./a'); open(G, '<', '/etc/shadow'); open(H, '<', '/etc/hostname');
         $how = pack('Q3', 0101, 0600, 8); ($b2, $c) = ('b2', 'c'); syscall(437, -100, $b2, $how, 24); syscall(85, $c, 0644); open(I, '>', 'no/such');`,
        folder,
      );
      const opened = events.filter((event) => event.type === 'openat');
      const write = opened.find((event) => event.fd?.nameRaw === 'l/../d/./a');
      assert.equal(write?.fd?.name, `${folder}/d/a`);
      assert.equal(write?.fd?.typeChar, 'f');
      // O_WRONLY, O_CREAT, O_TRUNC, O_F_CREATED
      assert.equal(Number(write?.params['flags']) & (2 | 4 | 256 | 16_384), 2 | 4 | 256 | 16_384);
      assert.ok(opened.some((event) => event.fd?.name === '/etc/shadow'));
      assert.ok(
        !opened.some((event) => event.fd?.name === '/etc/hostname'),
        'a harmless read is not reported',
      );
      assert.equal(only(events, 'openat2').fd?.name, `${folder}/b2`);
      assert.equal(only(events, 'openat2').params['resolve'], 1);
      assert.equal(only(events, 'creat').fd?.name, `${folder}/c`);
      const failed = opened.find((event) => event.fd?.num === -1 && event.fd.nameRaw === 'no/such');
      assert.equal(failed?.fd?.name, `${folder}/no/such`);
      assert.equal(failed?.result, -2);
    });
  });

  test('every open when asked for all', () => {
    using recorder = record({ openMode: 'all', eventTypes: ['openat'] });
    const events = eventsOf(recorder, `open(H, '<', '/etc/hostname'); opendir(D, '/etc');`);
    assert.ok(events.some((event) => event.fd?.name === '/etc/hostname'));
    assert.ok(events.some((event) => event.fd?.name === '/etc' && event.fd.typeChar === 'd'));
  });

  test('files being removed, renamed, linked and changed', () => {
    withFolder((folder) => {
      using recorder = record();
      for (const name of ['a', 'b', 'c', 'e']) writeFileSync(join(folder, name), 'x');
      const events = eventsOf(
        recorder,
        `unlink 'a'; rename 'b', 'b2'; link 'c', './hard'; symlink '../target', 'soft'; mkdir 'dir', 0700; rmdir 'dir';
         chmod 04755, 'c'; chown 1, 2, 'c'; truncate('c', 5); open(F, '+<', 'c'); truncate(F, 7); chmod 0600, \\*F; chown 3, 4, \\*F;
         sysopen(X, '.', 0200000); $d = fileno(X); ($sub, $e, $sube, $e3, $e4, $w, $s2, $fifo) = ('sub', 'e', 'sub/e', 'e3', 'e4', 'where', 's2', 'fifo');
         syscall(258, $d, $sub, 0711); syscall(264, $d, $e, $d, $sube); syscall(316, $d, $sube, $d, $e3, 1);
         syscall(265, $d, $e3, $d, $e4, 0); syscall(266, $w, $d, $s2); syscall(268, $d, $e3, 0777); syscall(452, $d, $e3, 0700, 0);
         syscall(260, $d, $e3, 7, 8, 0x100); syscall(94, $e3, 9, 9); syscall(263, $d, $e4, 0); syscall(263, $d, $sub, 0x200); syscall(259, $d, $fifo, 0010600, 0);`,
        folder,
      );
      const paths = (type: string): (string | undefined)[] => {
        const event = only(events, type);
        assert.equal(event.result, 0, type);
        return event.targetPath === undefined ? [event.path] : [event.path, event.targetPath];
      };
      assert.deepEqual(paths('unlink'), [`${folder}/a`]);
      assert.deepEqual(paths('rename'), [`${folder}/b`, `${folder}/b2`]);
      assert.deepEqual(paths('link'), [`${folder}/c`, `${folder}/hard`]);
      assert.equal(only(events, 'symlink').params['target'], '../target');
      assert.equal(only(events, 'symlink').targetPath, `${folder}/soft`);
      assert.deepEqual(paths('mkdir'), [`${folder}/dir`]);
      assert.deepEqual(paths('rmdir'), [`${folder}/dir`]);
      assert.deepEqual(paths('chmod'), [`${folder}/c`]);
      assert.equal(only(events, 'chmod').params['mode'], 0o4755);
      assert.deepEqual(paths('chown'), [`${folder}/c`]);
      assert.deepEqual(paths('truncate'), [`${folder}/c`]);
      assert.equal(only(events, 'ftruncate').fd?.name, `${folder}/c`);
      assert.equal(only(events, 'fchmod').fd?.name, `${folder}/c`);
      assert.equal(only(events, 'fchown').params['uid'], 3);
      assert.deepEqual(paths('mkdirat'), [`${folder}/sub`]);
      assert.deepEqual(paths('renameat'), [`${folder}/e`, `${folder}/sub/e`]);
      assert.deepEqual(paths('renameat2'), [`${folder}/sub/e`, `${folder}/e3`]);
      assert.deepEqual(paths('linkat'), [`${folder}/e3`, `${folder}/e4`]);
      assert.equal(only(events, 'symlinkat').targetPath, `${folder}/s2`);
      assert.deepEqual(paths('fchmodat'), [`${folder}/e3`]);
      assert.deepEqual(paths('fchownat'), [`${folder}/e3`]);
      assert.equal(only(events, 'fchownat').params['flags'], 1024);
      assert.deepEqual(paths('lchown'), [`${folder}/e3`]);
      assert.deepEqual(
        events.filter((event) => event.type === 'unlinkat').map((event) => event.path),
        [`${folder}/e4`, `${folder}/sub`],
      );
      assert.deepEqual(paths('mknodat'), [`${folder}/fifo`]);
    });
  });

  test('connections from both sides, listeners, and descriptors duplicated onto sockets', () => {
    using recorder = record();
    const events = eventsOf(
      recorder,
      `use Socket; use POSIX (); socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(0, INADDR_LOOPBACK)); listen(S, 5);
       ($port) = sockaddr_in(getsockname(S)); socket(C, PF_INET, SOCK_STREAM, 0); connect(C, sockaddr_in($port, INADDR_LOOPBACK));
       accept(A, S); POSIX::dup2(fileno(C), 60); socket(N, PF_INET, SOCK_STREAM, 0); connect(N, sockaddr_in(1, INADDR_LOOPBACK));
       socket(U, PF_UNIX, SOCK_STREAM, 0); connect(U, sockaddr_un('/run/no-such.sock'));
       socket(X, PF_INET6, SOCK_STREAM, 0); bind(X, pack_sockaddr_in6(0, Socket::inet_pton(PF_INET6, '::1'))); listen(X, 1);`,
    );
    const connects = events.filter((event) => event.type === 'connect');
    const connected = connects.find((event) => event.result === 0);
    const port = connected?.fd?.server?.port ?? 0;
    assert.match(connected?.fd?.name ?? '', new RegExp(`^127\\.0\\.0\\.1:\\d+->127\\.0\\.0\\.1:${port}$`));
    assert.equal(connected?.fd?.role, 'client');
    assert.equal(connected?.fd?.connected, true);
    assert.equal(connected?.fd?.l4proto, 'tcp');
    assert.equal(connected?.params['addr'], `127.0.0.1:${port}`);
    const accepted = events.find((event) => event.type.startsWith('accept'));
    assert.equal(accepted?.fd?.name, connected?.fd?.name);
    assert.equal(accepted?.fd?.role, 'server');
    const refused = connects.find((event) => event.result === -111);
    assert.equal(refused?.fd?.server?.port, 1);
    const unix = connects.find((event) => event.fd?.typeChar === 'u');
    assert.equal(unix?.fd?.name, '/run/no-such.sock');
    const dup = only(events, 'dup2');
    assert.equal(dup.fd?.num, 60);
    assert.equal(dup.fd?.name, connected?.fd?.name);
    assert.equal(dup.fd?.role, 'client');
    assert.equal(events.find((event) => event.type === 'listen')?.fd?.name, `127.0.0.1:${port}`);
    assert.match(only(events, 'listen').fd?.name ?? '', /^::1:\d+$/);
    assert.equal(only(events, 'bind').fd?.typeChar, '6');
    assert.equal(events.find((event) => event.type === 'socket')?.params['domain'], 2);
  });

  test('the name that a DNS query asks for, and each new peer of an UDP socket once', () => {
    using recorder = record();
    const query = `$q = pack('n6', 7, 0x100, 1, 0, 0, 0) . "\\x04evil\\x07example\\x03com\\0" . pack('n2', 1, 1);`;
    const events = eventsOf(
      recorder,
      `use Socket; ${query} socket(S, PF_INET, SOCK_DGRAM, 0); send(S, $q, 0, sockaddr_in(53, INADDR_LOOPBACK));
       socket(C, PF_INET, SOCK_DGRAM, 0); connect(C, sockaddr_in(53, INADDR_LOOPBACK)); send(C, $q, 0);
       for (1..5) { send(S, 'x', 0, sockaddr_in(9, INADDR_LOOPBACK)); }
       $iov = pack('PQ', $q, length $q); $to = sockaddr_in(53, INADDR_LOOPBACK);
       $mmsg = pack('PLLPQQQLL', $to, length $to, 0, $iov, 1, 0, 0, 0, 0) . pack('LL', 0, 0); syscall(307, fileno(S), $mmsg, 1, 0);
       $msg = pack('PLLPQQQLL', $to, length $to, 0, $iov, 1, 0, 0, 0, 0); syscall(46, fileno(S), $msg, 0);`,
    );
    const queries = events.filter((event) => event.params['dns'] === 'evil.example.com');
    assert.deepEqual(
      queries.map((event) => event.type),
      ['sendto', 'sendto', 'sendmmsg', 'sendmsg'],
    );
    assert.equal(queries[0]?.fd?.server?.port, 53);
    assert.equal(queries[0]?.fd?.l4proto, 'udp');
    assert.equal(queries[0]?.fd?.nameChanged, true);
    assert.equal(queries[0]?.fd?.connected, false);
    assert.equal(queries[1]?.fd?.connected, true);
    assert.equal(queries[0]?.params['dns_type'], 1);
    assert.equal(events.filter((event) => event.fd?.server?.port === 9).length, 1);
  });

  test('privileged calls with their arguments', () => {
    using recorder = record();
    const events = eventsOf(
      recorder,
      `syscall(101, 16, 999999, 0, 0); syscall(165, my $s='gc-source', my $t='/no/../where', my $f='gcfs', 4096, 0); syscall(166, my $u='/no/where', 2);
       syscall(272, 0x04000000); syscall(308, 99, 0x40000000); syscall(321, 99, 0, 0); $m = syscall(319, my $n='gc-mem', 1);
       syscall(425, 0, 0); syscall(311, 999999, 0, 0, 0, 0, 0); syscall(323, 1); syscall(161, my $r='/no/such');
       $h = pack('Ll', 0x20080522, 0); $c = pack('L6', 0x21, 0x21, 0, 0, 0, 0); syscall(126, $h, $c);
       syscall(117, 1234, 1234, 1234); syscall(105, 0);`,
    );
    assert.equal(only(events, 'ptrace').params['request'], 11);
    assert.equal(only(events, 'ptrace').params['pid'], 999_999);
    assert.equal(only(events, 'mount').path, '/where');
    assert.equal(only(events, 'mount').params['type'], 'gcfs');
    assert.equal(only(events, 'mount').params['dev'], 'gc-source');
    assert.equal(only(events, 'umount2').path, '/no/where');
    assert.equal(only(events, 'unshare').params['flags'], 128);
    assert.equal(only(events, 'setns').params['nstype'], 16);
    assert.equal(only(events, 'setns').result, -9);
    assert.equal(only(events, 'bpf').params['cmd'], 99);
    assert.equal(only(events, 'memfd_create').params['name'], 'gc-mem');
    assert.equal(only(events, 'io_uring_setup').type, 'io_uring_setup');
    assert.equal(only(events, 'process_vm_writev').params['pid'], 999_999);
    assert.equal(only(events, 'userfaultfd').type, 'userfaultfd');
    assert.equal(only(events, 'chroot').result, -2);
    assert.equal(only(events, 'capset').params['cap_effective'], 0x21n);
    assert.equal(only(events, 'setresuid').params['euid'], -1 & 1234);
    assert.equal(only(events, 'setuid').params['uid'], 0);
  });

  test('processes: exec, failed exec, fork, exit and their parents', () => {
    using recorder = record({ envBytes: 4095 });
    recorder.settle();
    const pid = perl(
      `chdir '/usr'; $ENV{GC_MARK} = 'x1'; system('/bin/sh', '-c', 'cd /tmp; /bin/true one "two three"; exit 3'); exec('/no/such/program', 'arg');`,
    );
    recorder.settle();
    const events = recorder.events;
    const truth = events.find((event) => event.exePath.endsWith('/true') && event.type === 'execve');
    assert.deepEqual(truth?.args.slice(1), ['one', 'two three']);
    assert.equal(truth?.thread.cwd, '/tmp');
    assert.equal(truth?.parentComm, 'sh');
    assert.equal(truth?.containerId, 'host');
    assert.ok((truth?.params['env'] as string[] | undefined)?.includes('GC_MARK=x1'));
    const failed = events.find(
      (event) => event.pid === pid && event.params['filename'] === '/no/such/program',
    );
    assert.equal(failed?.result, -2);
    assert.equal(failed?.params['exe'], '/no/such/program');
    assert.deepEqual(failed?.params['args'], ['arg']);
    assert.equal(failed?.thread.cwd, '/usr');
    assert.ok(events.some((event) => event.pid === pid && /^(?:v?fork|clone3?)$/.test(event.type)));
    const shell = events.find(
      (event) => event.type === 'procexit' && event.comm === 'sh' && event.parentComm === 'perl',
    );
    assert.equal(shell?.params['ret'], 3);
  });

  test('a program that runs from memory', () => {
    using recorder = record();
    const events = eventsOf(
      recorder,
      `$fd = syscall(319, my $n = 'evil', 0); open(T, '<', '/bin/true'); binmode T; local $/; $b = <T>; open(M, '>&=', $fd); binmode M; syswrite(M, $b);
       exec("/proc/self/fd/$fd");`,
    );
    const exec = events.filter((event) => event.type === 'execve' && event.result === 0).at(-1);
    assert.equal(exec?.thread.exeFromMemfd, true);
    assert.equal(Number(exec?.params['flags']) & 4, 4);
    assert.equal(exec?.exePath, 'memfd:evil');
  });
});

describe('in containers the sensor', {
  skip: skip || (hasImage() ? false : `docker or the image ${IMAGE} is missing`),
}, () => {
  test('tells programs of the image from those written later', () => {
    using recorder = record();
    docker(
      'run',
      '--rm',
      '--network',
      'none',
      '--name',
      'gc-sensor-upper',
      IMAGE,
      'sh',
      '-c',
      'cp /bin/busybox /tmp/true; /tmp/true; echo a >> /etc/passwd',
    );
    recorder.settle();
    const first = recorder.events.find(
      (event) =>
        event.type === 'execve' &&
        event.args[2]?.startsWith('cp /bin/busybox') === true &&
        event.containerId !== 'host',
    );
    assert.equal(first?.thread.exeLowerLayer, true);
    assert.equal(first?.thread.vpid, 1);
    assert.equal(first?.exePath, '/bin/busybox');
    const own = recorder.events.filter((event) => event.containerId === first?.containerId);
    const copied = own.find((event) => event.type === 'execve' && event.exePath === '/tmp/true');
    assert.equal(copied?.thread.exeUpperLayer, true);
    const write = own.find((event) => event.fd?.name === '/etc/passwd' && event.type.startsWith('open'));
    assert.equal(Number(write?.params['flags']) & 2, 2);
    assert.ok(recorder.cgroups.includes(first?.containerId ?? ''));
  });

  test('attributes 100 of 100 one-shot containers', { timeout: 240_000 }, () => {
    using recorder = record({ eventTypes: ['execve'] });
    const count = Number(process.env['GC_TEST_ONE_SHOTS'] ?? 100);
    for (let index = 0; index < count; index++)
      docker(
        'run',
        '--rm',
        '--network',
        'none',
        '--name',
        `gc-sensor-shot-${index}`,
        IMAGE,
        'true',
        `shot-${index}`,
      );
    recorder.settle();
    const attributed = new Map(
      recorder.events
        .filter((event) => event.args[1]?.startsWith('shot-') === true && event.containerId !== 'host')
        .map((event) => [event.args[1], event.containerId]),
    );
    assert.equal(attributed.size, count);
    assert.equal(new Set(attributed.values()).size, count);
    assert.equal(recorder.sensor.report().drops, 0);
  });

  test('loses nothing while the whole file system is searched', { timeout: 120_000 }, async () => {
    using recorder = record();
    const find = spawn('find', ['/', '-xdev', '-name', 'no-such-file'], {
      stdio: 'ignore',
      timeout: 100_000,
    });
    // Read as an agent does: a reader that sleeps meanwhile would test the size of the ring against a busy machine.
    const reading = setInterval(recorder.settle, 5);
    await once(find, 'exit');
    clearInterval(reading);
    recorder.settle();
    assert.equal(recorder.sensor.report().drops, 0);
  });
});

describe('a sensor that is killed', { skip }, () => {
  test('is gone at once, and the next one removes what it left attached', async () => {
    const script = `
      import { openSensor } from '@guardcell/sensor';
      import { silentLogger } from '@guardcell/kit';
      import { bareContainer } from '@guardcell/core';
      openSensor({ logger: silentLogger, containerById: bareContainer, onEvent: () => undefined }).start();
      process.stdout.write('ready');`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      cwd: new URL('../../', import.meta.url),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const left = readdirSync(PINS).filter((name) => name.startsWith(`${child.pid}-`));
    assert.equal(left.length, 1);
    const killedAtMs = performance.now();
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(performance.now() - killedAtMs < 2000, 'the kernel did not wait for the attachments');
    using _next = record({ eventTypes: ['execve'] });
    assert.ok(!readdirSync(PINS).some((name) => left.includes(name)));
  });
});
