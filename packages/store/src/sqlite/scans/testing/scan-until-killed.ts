// Started by scan-faults.test.ts: scans and matches in three lanes and prints what was acknowledged. Argument: the file.
import { writeSync } from 'node:fs';
import { silentLogger, systemClock } from '@guardcell/kit';
import { openSqliteScanStore } from '../sqlite-scan-store.ts';
import { digest, match, NOON_MS, names, sampleFinding, samplePackage, sampleReport } from './samples.ts';

const [file = ''] = process.argv.slice(2);
const store = await openSqliteScanStore({ file, logger: silentLogger, clock: systemClock });
let number = Math.floor(Math.random() * 1e9);

async function lane(): Promise<never> {
  for (;;) {
    number += 1;
    const packages = Array.from({ length: 40 }, (_, at) => samplePackage(`package-${(number + at) % 500}`));
    const id = digest(`${number}`);
    await store.putScan(names({ manifestDigest: id }), sampleReport(packages), NOON_MS);
    writeSync(1, `scanned ${id}\n`);
    await match(
      store,
      id,
      packages.map((pkg, at) => sampleFinding(`CVE-${(number + at) % 300}`, pkg)),
    );
    writeSync(1, `matched ${id}\n`);
  }
}

await Promise.all([lane(), lane(), lane()]);
