// Accepted risks of the fake platform, one in each state, and the registries with their jobs.
import type { Acceptance, Registry, ScanJob, VulnerabilityData } from '@guardcell/contract';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function fakeAcceptances(nowMs: number): Acceptance[] {
  const at = (days: number): string => new Date(nowMs + days * DAY_MS).toISOString();
  const base = {
    kind: 'accept-risk',
    requestedBy: 'rita',
    decidedBy: '',
    decidedAt: '',
    decisionNote: '',
    findings: 0,
    artifacts: 0,
  } as const;
  return [
    {
      ...base,
      id: 'ra-5',
      state: 'requested',
      requestedAt: at(-0.2),
      until: at(60),
      scope: { vulnerability: 'CVE-2023-45853', package: 'zlib1g', artifact: '', image: '' },
      reason: 'MiniZip is not built into the Debian package; the distribution will not fix it.',
    },
    {
      ...base,
      id: 'ra-4',
      state: 'requested',
      kind: 'not-affected',
      justification: 'vulnerable_code_not_in_execute_path',
      requestedBy: 'admin',
      requestedAt: at(-1.1),
      until: at(180),
      scope: { vulnerability: 'CVE-2024-37371', package: '', artifact: '', image: 'docker.io/library/*' },
      reason: 'These images never speak GSS: no keytab is mounted and the module is off.',
    },
    {
      ...base,
      id: 'ra-3',
      state: 'approved',
      requestedAt: at(-20),
      until: at(9),
      scope: { vulnerability: 'CVE-2005-2541', package: 'tar', artifact: '', image: '' },
      reason: 'Nobody unpacks foreign archives as root in these containers.',
      decidedBy: 'admin',
      decidedAt: at(-19),
      decisionNote: 'Reviewed again with the next base image.',
    },
    {
      ...base,
      id: 'ra-2',
      state: 'rejected',
      requestedAt: at(-12),
      until: at(20),
      scope: { vulnerability: 'CVE-2021-44228', package: '', artifact: '', image: 'ghcr.io/example/*' },
      reason: 'The upgrade has to wait for the next release train.',
      decidedBy: 'admin',
      decidedAt: at(-11.9),
      decisionNote: 'It is exploited in the open. Upgrade now.',
    },
    {
      ...base,
      id: 'ra-1',
      state: 'expired',
      requestedAt: at(-100),
      until: at(-10),
      scope: { vulnerability: 'CVE-2024-4068', package: 'braces', artifact: '', image: '' },
      reason: 'Only patterns of our own are expanded.',
      decidedBy: 'admin',
      decidedAt: at(-99),
    },
    {
      ...base,
      id: 'ra-0',
      state: 'revoked',
      requestedAt: at(-80),
      until: at(5),
      scope: { vulnerability: 'CVE-2022-25883', package: 'semver', artifact: '', image: '' },
      reason: 'Ranges come from our own manifests only.',
      decidedBy: 'admin',
      decidedAt: at(-40),
      decisionNote: 'The fix is out.',
    },
  ];
}

function job(nowMs: number, id: string, target: string, facts: Partial<ScanJob>): ScanJob {
  return {
    id,
    kind: 'registry',
    target,
    state: 'succeeded',
    startedBy: 'schedule',
    createdAt: new Date(nowMs).toISOString(),
    startedAt: new Date(nowMs).toISOString(),
    finishedAt: new Date(nowMs + 94_000).toISOString(),
    progress: { total: 6, done: 6, scanned: 2, skipped: 4, failed: 0, current: '' },
    detail: '',
    errorCode: '',
    problems: [],
    ...facts,
  };
}

export function fakeJobs(nowMs: number): ScanJob[] {
  const ago = (minutes: number): number => nowMs - minutes * MINUTE_MS;
  return [
    job(ago(1), 'job-12', 'ghcr', {
      state: 'running',
      startedBy: 'rita',
      finishedAt: '',
      progress: {
        total: 24,
        done: 9,
        scanned: 5,
        skipped: 4,
        failed: 0,
        current: 'ghcr.io/example/shop-web:2.14.0',
      },
    }),
    job(ago(122), 'job-11', 'company', {
      progress: { total: 18, done: 18, scanned: 3, skipped: 14, failed: 1, current: '' },
      detail: '3 scanned, 14 known or no images, 1 failed',
      problems: [
        {
          at: 'registry.example.net/legacy/report:4',
          code: 'GC_IMAGE_DIGEST',
          message: `the content has the digest sha256:${'5d'.repeat(32)}`,
        },
      ],
    }),
    job(ago(362), 'job-10', 'ghcr', {}),
    job(ago(1562), 'job-9', 'company', {
      state: 'failed',
      errorCode: 'GC_REGISTRY_UNREACHABLE',
      detail: 'the registry does not answer (ECONNREFUSED)',
      progress: { total: 0, done: 0, scanned: 0, skipped: 0, failed: 0, current: '' },
    }),
    job(ago(1802), 'job-8', 'ghcr', {
      state: 'cancelled',
      startedBy: 'admin',
      detail: 'ended by a user',
      progress: { total: 24, done: 7, scanned: 7, skipped: 0, failed: 0, current: '' },
    }),
  ];
}

export function fakeRegistries(nowMs: number, jobs: readonly ScanJob[]): Registry[] {
  const of = (name: string): ScanJob | null => jobs.find(({ target }) => target === name) ?? null;
  const base = {
    ca: '',
    allowInsecure: false,
    exclude: [],
    tags: [],
    enabled: true,
    createdAt: new Date(nowMs - 60 * DAY_MS).toISOString(),
    createdBy: 'admin',
  };
  return [
    {
      ...base,
      name: 'company',
      url: 'https://registry.example.net',
      username: 'guardcell',
      passwordSet: true,
      repositories: ['payments/*', 'legacy/*'],
      exclude: ['legacy/archive-*'],
      newestTags: 3,
      everyMinutes: 360,
      artifacts: 17,
      nextRunAt: new Date(nowMs + 238 * MINUTE_MS).toISOString(),
      lastJob: of('company'),
    },
    {
      ...base,
      name: 'ghcr',
      url: 'https://ghcr.io',
      username: 'example-bot',
      passwordSet: true,
      repositories: ['example/*'],
      newestTags: 5,
      everyMinutes: 360,
      artifacts: 24,
      nextRunAt: new Date(nowMs + 359 * MINUTE_MS).toISOString(),
      lastJob: of('ghcr'),
    },
  ];
}

export function fakeVulnerabilityData(nowMs: number, isEmpty: boolean): VulnerabilityData {
  const hours = (count: number): string => new Date(nowMs - count * 60 * MINUTE_MS).toISOString();
  const feed = (
    name: string,
    records: number,
    ageHours: number,
    problem = '',
  ): VulnerabilityData['feeds'][number] => ({
    name,
    fetchedAt: hours(ageHours),
    dataDate: hours(ageHours).slice(0, 10),
    records,
    problem,
  });
  return {
    revision: '2026-03-02.1',
    builtAt: hours(4),
    origin: isEmpty ? 'shipped' : 'updated',
    sizeBytes: 93_323_264,
    vulnerabilities: 286_113,
    feeds: [
      feed('debian', 41_220, 4),
      feed('alpine', 18_904, 4),
      feed('osv-npm', 21_377, 4),
      feed('osv-go', 4_120, 4),
      feed('osv-maven', 5_644, 4),
      feed('osv-pypi', 15_003, 4),
      feed('redhat', 38_771, 28, 'GC_FEED_UNPACK the file is damaged or cut off'),
      feed('kev', 1_412, 4),
      feed('epss', 279_004, 4),
    ],
    update: {
      state: 'idle',
      detail: '',
      lastAt: hours(4),
      nextAt: new Date(nowMs + 8 * 60 * MINUTE_MS).toISOString(),
    },
    rematch: {
      state: 'idle',
      startedAt: hours(4),
      finishedAt: hours(3.99),
      artifacts: isEmpty ? 0 : 13,
      newFindings: isEmpty ? 0 : 4,
      alerts: isEmpty ? 0 : 1,
    },
  };
}
