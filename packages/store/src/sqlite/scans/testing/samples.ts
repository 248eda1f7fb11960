// Scans, findings and stores for tests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type PackageType,
  type ScanReport,
  type SoftwarePackage,
  UNKNOWN_EXPOSURE,
  type VulnerabilityFinding,
} from '@guardcell/core';
import { manualClock, silentLogger } from '@guardcell/kit';
import type { ArtifactNames, RunningContainer } from '../../../scan-ports.ts';
import { openSqliteScanStore, type SqliteScanStore } from '../sqlite-scan-store.ts';

export const NOON_MS: number = Date.parse('2026-05-01T12:00:00Z');

export function digest(text: string): string {
  return `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0')}`;
}

export function samplePackage(
  name: string,
  version = '1.0',
  more: Partial<SoftwarePackage> = {},
): SoftwarePackage {
  const type: PackageType = more.type ?? 'deb';
  return {
    name,
    version,
    type,
    purl: `pkg:${type}/${name}@${version}`,
    locations: [{ path: `/var/lib/${name}`, layer: 'sha256:layer1' }],
    licenses: ['MIT'],
    ...more,
  };
}

export function sampleReport(
  packages: readonly SoftwarePackage[],
  more: Partial<ScanReport> = {},
): ScanReport {
  return {
    schemaVersion: 1,
    createdAt: '2026-05-01T11:59:00.000Z',
    artifact: {
      kind: 'image',
      name: 'shop/web:1',
      digest: '',
      platform: 'linux/amd64',
      os: { id: 'debian', idLike: [], versionId: '12', codename: 'bookworm', prettyName: 'Debian 12' },
      layers: ['sha256:layer1', 'sha256:layer2'],
      size: 1000,
    },
    packages,
    vulnerabilities: [],
    secrets: [],
    misconfigurations: [],
    malware: [],
    licenses: [],
    errors: [],
    ...more,
  };
}

export function sampleFinding(
  id: string,
  pkg: SoftwarePackage,
  more: Partial<VulnerabilityFinding> = {},
): VulnerabilityFinding {
  return {
    id,
    aliases: [],
    package: pkg.purl,
    packageName: pkg.name,
    installed: pkg.version,
    fixed: '2.0',
    severity: 'high',
    cvss: 7.5,
    score: 40,
    factors: [
      { name: 'cvss', value: '7.5', effect: 30 },
      { name: 'fix', value: 'fixed in 2.0', effect: 4 },
    ],
    status: 'fixed',
    inUse: 'unknown',
    summary: `what ${id} is`,
    references: [`https://example.com/${id}`],
    explain: {
      feed: 'debian',
      advisory: id,
      ecosystem: 'Debian:12',
      matchedName: pkg.name,
      range: '< 2.0',
      comparison: `${pkg.version} < 2.0 (deb)`,
    },
    ...more,
  };
}

export function names(more: Partial<ArtifactNames>): ArtifactNames {
  return { id: '', manifestDigest: '', imageId: '', reference: '', registry: '', ...more };
}

export function container(id: string, more: Partial<RunningContainer> = {}): RunningContainer {
  return {
    id,
    name: `web-${id}`,
    hostname: 'n1',
    namespace: 'shop',
    pod: 'p',
    image: 'shop/web:1',
    manifestDigest: '',
    imageId: '',
    exposure: UNKNOWN_EXPOSURE,
    ...more,
  };
}

export interface OpenedScans extends AsyncDisposable {
  readonly store: SqliteScanStore;
  readonly dir: string;
  readonly file: string;
  readonly clock: ReturnType<typeof manualClock>;
  /** The one that is open now. */
  current(): SqliteScanStore;
  /** Closes the store and opens the file again. */
  reopen(): Promise<SqliteScanStore>;
}

export async function openScans(idleMs?: number): Promise<OpenedScans> {
  const dir = await mkdtemp(join(tmpdir(), 'gc-scans-'));
  const file = join(dir, 'scans.sqlite');
  const clock = manualClock(NOON_MS);
  const open = (): Promise<SqliteScanStore> =>
    openSqliteScanStore({ file, logger: silentLogger, clock, ...(idleMs !== undefined && { idleMs }) });
  const opened = [await open()];
  return {
    store: opened[0] as SqliteScanStore,
    dir,
    file,
    clock,
    current: () => opened.at(-1) as SqliteScanStore,
    async reopen() {
      await opened.at(-1)?.close();
      const store = await open();
      opened.push(store);
      return store;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((store) => store.close()));
      await rm(dir, { recursive: true });
    },
  };
}

/** Matches what was scanned last under the id. */
export async function match(
  store: SqliteScanStore,
  id: string,
  findings: readonly VulnerabilityFinding[],
  atMs = NOON_MS,
): Promise<Awaited<ReturnType<SqliteScanStore['putMatches']>>> {
  const input = await store.matchInput(id);
  if (input === undefined) throw new Error(`no artifact ${id}`);
  return store.putMatches(input, findings, 'db1', atMs);
}
