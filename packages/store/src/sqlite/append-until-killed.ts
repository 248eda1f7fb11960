// Started by kill.test.ts: stores alerts in three lanes at once and prints `<seq> <position>` of what was acknowledged.
// Arguments: folder, seq before the first (a little before where the run before ended, as an agent sends again whose
// acknowledgement was lost).
import { writeSync } from 'node:fs';
import { silentLogger, systemClock } from '@guardcell/kit';
import { NOON_MS, sampleItem } from '../conformance/sample-alert.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const [dir = '', first = '0'] = process.argv.slice(2);
const store = await openSqliteEventStore({ dir, logger: silentLogger, clock: systemClock });
let seq = Number(first);

async function lane(): Promise<never> {
  for (;;) {
    const items = Array.from({ length: 1 + (seq % 40) }, () => {
      seq += 1;
      return sampleItem(seq, { timeMs: NOON_MS + seq * 40_000 });
    });
    const { positions } = await store.append(items);
    writeSync(1, items.map((item, index) => `${item.seq} ${positions[index]}\n`).join(''));
  }
}

await Promise.all([lane(), lane(), lane()]);
