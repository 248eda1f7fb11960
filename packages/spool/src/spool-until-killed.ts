// Started by kill.test.ts: spools alerts and prints `<seq> <text>`; delivers some and prints `d <seq> <text>` of each.
// Arguments: folder, number of the run (part of each text, so that no two alerts are equal).
import { writeSync } from 'node:fs';
import { silentLogger, systemClock } from '@guardcell/kit';
import { keyOfText } from './recent-keys.ts';
import { openSpool } from './spool.ts';

const [dir = '', run = ''] = process.argv.slice(2);
const spool = openSpool({ dir, clock: systemClock, logger: silentLogger });
let count = 0;

function spoolSome(): void {
  for (let i = 0; i < 20; i++) {
    const text = `${run}:${count}`;
    count += 1;
    const payload = JSON.stringify(`${text}:${'x'.repeat(count % 5000)}`);
    writeSync(
      1,
      `${spool.append(() => payload, { critical: count % 50 === 0, key: keyOfText(text) })} ${text}\n`,
    );
  }
}

function deliverSome(): void {
  const entries = spool.read(spool.stats().ackedSeq + 1, 30, 1_000_000);
  const last = entries.at(-1);
  if (last === undefined) return;
  for (const { seq, payload } of entries) {
    writeSync(1, `d ${seq} ${String(JSON.parse(payload)).split(':', 2).join(':')}\n`);
  }
  spool.ack(last.seq);
}

setInterval(() => {
  spoolSome();
  if (count % 3 === 0) deliverSome();
}, 0);
