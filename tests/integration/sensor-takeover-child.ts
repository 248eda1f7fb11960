// The sensor of the takeover test, run as a process of its own that the test kills. It appends what it sees to a file
// before it commits; a line of the file is `<marker> <identity>`.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { bareContainer } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { openSensor } from '@guardcell/sensor';

const [instance = '', seenFile = '', marker = '', ringSize = '16777216'] = process.argv.slice(2);
const seen = openSync(seenFile, 'a');
let lines: string[] = [];
const unsafe: number[] = [];

const sensor = openSensor({
  logger: silentLogger,
  containerById: bareContainer,
  instance,
  ringSizeBytes: Number(ringSize),
  deferCommit: true,
  eventTypes: ['open', 'openat', 'openat2', 'creat'],
  onEvent: (event) => {
    const name = basename(event.fd?.name ?? '');
    if (name.startsWith(marker)) lines.push(`${name} ${event.identity}\n`);
  },
  onBatchEnd: (batch) => {
    unsafe.push(batch);
  },
});

/** As an agent does: results become safe some time after the batch ended. */
function save(): void {
  const batch = unsafe.at(-1);
  if (batch === undefined) return;
  unsafe.length = 0;
  if (lines.length > 0) {
    writeSync(seen, lines.join(''));
    fsyncSync(seen);
    lines = [];
  }
  sensor.commit(batch);
}

const timer = setInterval(save, 20);
process.on('SIGTERM', () => {
  clearInterval(timer);
  while (sensor.drain() > 0);
  save();
  sensor.close();
  closeSync(seen);
});
sensor.start();
process.stdout.write(`ready ${sensor.ring().isResumed}\n`);
