// What the sensor reports only because rules ask for it: data that is received, and reads of files that they name.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { SensorInterest } from '@guardcell/sensor';
import { type Recorder, record, type SeenEvent, sensorSkipReason } from './sensor-recorder.ts';

const skip = sensorSkipReason();

/** Events of one run of a perl program while the sensor has this interest. */
function seen(recorder: Recorder, interest: SensorInterest, program: string): readonly SeenEvent[] {
  recorder.sensor.setInterest(interest);
  const { pid, status, stderr } = spawnSync('perl', ['-e', program], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  recorder.settle();
  return recorder.events.filter((event) => event.pid === pid);
}

const ADDRESS = 'sub a{pack("SnC4x8",2,$_[0],127,0,0,1)} sub port{(unpack("Sn",getsockname($_[0])))[1]}';
const DATAGRAMS = `${ADDRESS}
  socket(S,2,2,0);bind(S,a(0));socket(A,2,2,0);bind(A,a(0));socket(B,2,2,0);bind(B,a(0));
  for my $from (*A,*A,*B){send($from,"hello",0,a(port(*S)));recv(S,$got,99,0)}`;
const STREAM = `${ADDRESS}
  socket(L,2,1,0);bind(L,a(0));listen(L,1);socket(S,2,1,0);connect(S,a(port(*L)));accept(C,L);
  syswrite(C,"x" x 20 . "\\xca\\xfe\\xba\\xbe" . "y" x 200);recv(S,$got,4096,0);`;

describe('of what is received the sensor reports', { skip }, () => {
  test('datagrams of each new sender once, as the server that they came to', () => {
    using recorder = record();
    const events = seen(recorder, { eventTypes: ['recvfrom'] }, DATAGRAMS);
    assert.equal(events.length, 2);
    for (const { fd, result, params } of events) {
      assert.equal(result, 5);
      assert.equal(fd?.role, 'server');
      assert.equal(fd?.nameChanged, true);
      assert.equal(fd?.connected, false);
      assert.equal(fd?.l4proto, 'udp');
      assert.equal(fd?.name, `127.0.0.1:${fd?.client?.port}->127.0.0.1:${fd?.server?.port}`);
      assert.equal(params['tuple'], fd?.name);
    }
    assert.notEqual(events[0]?.fd?.client?.port, events[1]?.fd?.client?.port);
    assert.equal(events[0]?.fd?.server?.port, events[1]?.fd?.server?.port);
  });

  test('streams only when somebody looks at the data, and then its first 80 bytes', () => {
    using recorder = record();
    assert.deepEqual(seen(recorder, { eventTypes: ['recvfrom'] }, STREAM), []);
    const interest = { eventTypes: ['recvfrom', 'accept', 'connect'], dataTypes: ['recvfrom'] };
    const events = seen(recorder, interest, STREAM);
    const received = events.find(({ type }) => type === 'recvfrom');
    assert.equal(received?.result, 224);
    assert.equal(received?.fd?.role, 'client');
    const data = received?.params['data'];
    assert.ok(data instanceof Uint8Array);
    assert.equal(data.length, 80);
    assert.equal(Buffer.from(data).indexOf(Buffer.from('cafebabe', 'hex')), 20);
  });

  test('messages as well', () => {
    using recorder = record();
    const program = `${ADDRESS}
      socket(S,2,2,0);bind(S,a(0));socket(A,2,2,0);send(A,"hello",0,a(port(*S)));
      $n="\\0" x 16;$b="\\0" x 99;$v=pack("PQ",$b,99);$m=pack("PLx4PQQQQ",$n,16,$v,1,0,0,0);
      syscall(47,fileno(S),$m,0)==5 or die "recvmsg: $!";`;
    const [event] = seen(recorder, { eventTypes: ['recvmsg'], dataTypes: ['recvmsg'] }, program);
    assert.equal(event?.result, 5);
    assert.equal(event?.fd?.role, 'server');
    assert.equal(Buffer.from(event?.params['data'] as Uint8Array).toString(), 'hello');
  });
});

describe('of files that are read the sensor reports', { skip }, () => {
  test('those that rules name, from then on and no longer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gc-asked-'));
    try {
      using recorder = record();
      const files = ['gcrc', 'other', 'data.bin'].map((name) => join(folder, name));
      for (const file of files) writeFileSync(file, '');
      const program = files.map((file) => `open(F,"<","${file}");`).join('');
      const eventTypes = ['open', 'openat'];
      const read = (interest: Partial<SensorInterest>): readonly (string | undefined)[] =>
        seen(recorder, { eventTypes, ...interest }, program)
          .map(({ fd }) => fd?.name)
          .filter((name) => name?.startsWith(folder));
      const [gcrc, other, data] = files;
      assert.deepEqual(read({}), []);
      assert.deepEqual(read({ openPaths: ['/*/gcrc'] }), [gcrc]);
      assert.deepEqual(read({ openPaths: [`${folder}/o*`] }), [other]);
      assert.deepEqual(read({ openPaths: [`${folder}/**`] }), [gcrc, other, data]);
      assert.deepEqual(read({ allOpens: true }), [gcrc, other, data]);
      assert.deepEqual(read({ openPaths: ['no pattern'] }), [gcrc, other, data]);
      assert.deepEqual(read({ openPrograms: ['perl'] }), [gcrc, other, data]);
      assert.deepEqual(read({ openPrograms: ['per', 'perl5'] }), []);
      assert.deepEqual(read({ openUpward: true }), []);
      assert.deepEqual(read({ openPaths: [] }), []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('paths that lead upward as given, also when nothing is there', () => {
    using recorder = record();
    const program =
      'chdir "/usr";open(F,"<",$_) for "/usr/../etc/hostname","../no/such",".../x","/usr/..x/y","a../b","/etc/hostname"';
    const events = seen(recorder, { eventTypes: ['open', 'openat'], openUpward: true }, program);
    const texts = events.map(({ fd }) => fd?.nameRaw).filter((text) => text?.includes('..'));
    assert.deepEqual(texts, ['/usr/../etc/hostname', '../no/such', '.../x', 'a../b']);
    assert.equal(events.find(({ fd }) => fd?.nameRaw === '../no/such')?.fd?.name, '/no/such');
  });
});
