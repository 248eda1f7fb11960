// Reports, uploads and vulnerability databases for tests of scanning.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDatabase, databasePath, findInputs } from '@guardcell/advisories';
import type { ScanUpload } from '@guardcell/contract';
import type { MalwareFinding, ScanReport, SecretFinding } from '@guardcell/core';
import { CONTAINER_ID, SENSOR } from './sample-alerts.ts';

export const MANIFEST: string = `sha256:${'a1'.repeat(32)}`;
export const IMAGE_ID: string = `sha256:${'b2'.repeat(32)}`;
const CRITICAL = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

/** A vulnerability of severity critical in every version of an npm package before `fixed`. */
export interface SampleAdvisory {
  readonly id: string;
  readonly name: string;
  readonly fixed: string;
}

/** Writes the database into the data folder, as whoever updates it does. */
export async function writeAdvisories(dataDir: string, advisories: readonly SampleAdvisory[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gc-feeds-'));
  const records = advisories.map(({ id, name, fixed }) => ({
    id,
    modified: '2030-01-01T00:00:00Z',
    summary: `something in ${name}`,
    severity: [{ type: 'CVSS_V3', score: CRITICAL }],
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  }));
  try {
    await writeFile(join(folder, 'osv-npm.json'), JSON.stringify(records));
    const target = databasePath(dataDir);
    await mkdir(join(target, '..'), { recursive: true });
    const { inputs } = findInputs(folder);
    await buildDatabase({ target, inputs, builtAt: new Date().toISOString(), origin: 'built', texts: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface SampleReport {
  readonly packages?: readonly (readonly [name: string, version: string])[];
  readonly malware?: readonly MalwareFinding[];
  readonly secrets?: readonly SecretFinding[];
}

export function sampleReport({
  packages = [['demo', '1.0.0']],
  malware = [],
  secrets = [],
}: SampleReport = {}): ScanReport {
  return {
    schemaVersion: 1,
    createdAt: '2030-01-01T00:00:00.000Z',
    artifact: { kind: 'container', name: 'web', digest: '', platform: 'linux/amd64', layers: [], size: 1 },
    packages: packages.map(([name, version]) => ({
      name,
      version,
      type: 'npm',
      purl: `pkg:npm/${name}@${version}`,
      locations: [{ path: `/app/node_modules/${name}/package.json` }],
      licenses: [],
      source: null,
    })) as unknown as ScanReport['packages'],
    vulnerabilities: [],
    secrets,
    misconfigurations: [],
    malware,
    licenses: [],
    errors: [],
  };
}

/** What an agent sends of the container of `sampleUpdate`. */
export function sampleUpload(report: ScanReport | undefined, over: Partial<ScanUpload> = {}): ScanUpload {
  const upload = {
    sensorId: SENSOR,
    requestId: '',
    subject: {
      kind: 'container',
      containerId: CONTAINER_ID,
      name: 'registry.example.com/shop/web:1',
      manifestDigest: MANIFEST,
      imageId: IMAGE_ID,
    },
    ...(report !== undefined && { report }),
    ...over,
  };
  return upload as ScanUpload;
}
