// One scan in a process of its own; see scan-child.ts. It writes the upload and the index of files itself, so that neither ever
// is in the agent's memory, and sleeps whenever it has taken more than its share of the CPU.
import { createWriteStream, renameSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ScanReport } from '@guardcell/core';
import { CodedError, errorFacts } from '@guardcell/kit';
import { reportFormat } from '@guardcell/report';
import { type ScanPart, scanTarget } from '@guardcell/scan';
import { encodeOwnership, type PackageFilesInput, packageFiles } from '@guardcell/vuln/in-use';
import { isProcessOf } from './container-process.ts';
import { startOfProcess } from './running-files.ts';
import type { ScanReply, ScanTask } from './scan-child.ts';

const PARTS: ReadonlySet<ScanPart> = new Set(['packages', 'secrets', 'misconfig', 'malware', 'licenses']);
const SLEEP_MAX_MS = 2000;

/** Sleeps as long as is needed to stay below `share` of one CPU since the last call. */
function throttle(share: number): () => void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let wallMs = performance.now();
  let used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    const owedMs = (user + system) / 1000 / share - (performance.now() - wallMs);
    if (owedMs > 1) Atomics.wait(sleeper, 0, 0, Math.min(owedMs, SLEEP_MAX_MS));
    wallMs = performance.now();
    used = process.cpuUsage();
  };
}

function* uploadText({ job, sensorId }: ScanTask, report: ScanReport): Iterable<string> {
  const format = reportFormat('json');
  if (format === undefined) throw new CodedError('GC_INTERNAL', 'there is no JSON');
  const { requestId, subject } = job;
  yield `${JSON.stringify({ sensorId, requestId, subject }).slice(0, -1)},"report":`;
  yield* format.write(report, {});
  yield '}';
}

/** A container that ends takes its files along, and what is left of them would look like all there was. */
function checkTarget({ subject, pid }: ScanTask['job'], start: string): void {
  if (subject.kind === 'host') return;
  const folder = `/proc/${pid}`;
  const isSame = start !== '' && startOfProcess(folder) === start;
  if (isSame && isProcessOf(folder, subject.containerId)) return;
  throw new CodedError('GC_SCAN_TARGET_GONE', 'the container ended while it was scanned', {
    at: subject.name,
  });
}

async function scan(task: ScanTask): Promise<ScanReply> {
  const { subject, pid } = task.job;
  const start = startOfProcess(`/proc/${pid}`);
  checkTarget(task.job, start);
  const rest = throttle(task.cpuShare);
  let files: PackageFilesInput | undefined;
  const report = await scanTarget(
    subject.kind === 'host' ? { kind: 'host' } : { kind: 'container', name: subject.name, pid },
    {
      only: PARTS,
      onProgress: rest,
      onOwnership: (found) => {
        files = found;
      },
    },
  );
  checkTarget(task.job, start);
  await pipeline(
    Readable.from(uploadText(task, report)),
    createGzip(),
    createWriteStream(`${task.outFile}.new`, { mode: 0o600 }),
  );
  if (files !== undefined) {
    writeFileSync(`${task.ownersFile}.new`, encodeOwnership(packageFiles(files)), { mode: 0o600 });
    renameSync(`${task.ownersFile}.new`, task.ownersFile);
  }
  renameSync(`${task.outFile}.new`, task.outFile);
  return { ok: true, packages: report.packages.length };
}

// The agent itself runs at a high priority, which its children have from it.
setPriority(constants.priority.PRIORITY_LOW);
process.once('disconnect', () => process.exit(0));
process.once('message', (task: ScanTask) => {
  scan(task)
    .catch((thrown: unknown): ScanReply => ({ ok: false, problem: errorFacts(thrown) }))
    .then((reply) => process.send?.(reply, () => process.exit(0)));
});
