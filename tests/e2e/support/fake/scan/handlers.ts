// Scanning on the fake platform: one function for each of its routes, with the meaning the real server gives it.
import type {
  Acceptance,
  AcceptanceInput,
  AcceptancePreview,
  AcceptanceScope,
  Artifact,
  ArtifactSummary,
  Registry,
  RegistryInput,
  SCAN_ROUTES,
  ScanJob,
  VulnerabilityFilter,
} from '@guardcell/contract';
import { SEVERITIES } from '@guardcell/core';
import { ApiError, notFound } from '../../../../../apps/server/src/errors.ts';
import type { FakeCall, FakeHandlers } from '../call.ts';
import { paged } from '../paged.ts';
import type { FakeState } from '../state.ts';
import { fakeAcceptances, fakeJobs, fakeRegistries, fakeVulnerabilityData } from './acceptances.ts';
import {
  counted,
  FAKE_ERRORS,
  type FakeArtifact,
  type FakeFinding,
  fakeArtifacts,
  fakeFindings,
  purlOf,
  softwarePackage,
} from './findings.ts';
import * as views from './views.ts';

type ScanHandlers = Pick<FakeHandlers, keyof typeof SCAN_ROUTES>;
type Sorted = VulnerabilityFilter & { readonly sort?: string; readonly layer?: string };

export interface FakeScanState {
  readonly artifacts: FakeArtifact[];
  readonly findings: FakeFinding[];
  acceptances: Acceptance[];
  jobs: ScanJob[];
  registries: Registry[];
}

export function fakeScanState(nowMs: number, isEmpty: boolean): FakeScanState {
  const artifacts = isEmpty ? [] : fakeArtifacts();
  const jobs = isEmpty ? [] : fakeJobs(nowMs);
  return {
    artifacts,
    findings: fakeFindings(artifacts, nowMs),
    acceptances: isEmpty ? [] : fakeAcceptances(nowMs),
    jobs,
    registries: isEmpty ? [] : fakeRegistries(nowMs, jobs),
  };
}

const RANK = new Map(SEVERITIES.map((severity, at) => [severity, at]));

export function scanHandlers(state: FakeState): ScanHandlers {
  const { scan } = state;
  const scans: views.FakeScans = {
    nowMs: state.nowMs,
    artifacts: scan.artifacts,
    findings: scan.findings,
    get containers() {
      return state.containers;
    },
  };
  views.applyAcceptances(scans, scan.acceptances);
  const nowIso = (): string => new Date(state.nowMs).toISOString();
  const param = (call: FakeCall, name: string): string => call.params[name] ?? '';
  const found = (query: Sorted): FakeFinding[] =>
    scan.findings.filter(
      (each) => views.passes(scans, query, each) && (query.layer === undefined || query.layer === each.layer),
    );

  function artifactOf(id: string): FakeArtifact {
    const artifact = scan.artifacts.find((each) => each.id === id);
    if (artifact === undefined) throw notFound('artifact', id);
    return artifact;
  }
  function registryOf(name: string): Registry {
    const registry = scan.registries.find((each) => each.name === name);
    if (registry === undefined) throw notFound('registry', name);
    return registry;
  }
  function jobOf(id: string): ScanJob {
    const job = scan.jobs.find((each) => each.id === id);
    if (job === undefined) throw notFound('scan job', id);
    return job;
  }
  function withCounts(acceptance: Acceptance): Acceptance {
    return { ...acceptance, ...preview(acceptance.scope) };
  }
  function preview(scope: AcceptanceScope): Omit<AcceptancePreview, 'running'> {
    const all = scan.findings.filter((each) => views.isInScope(scans, scope, each));
    return { findings: all.length, artifacts: new Set(all.map(({ artifact }) => artifact)).size };
  }
  function decide(call: FakeCall, next: 'approved' | 'rejected' | 'revoked'): Acceptance {
    const before = scan.acceptances.find(({ id }) => id === param(call, 'id'));
    if (before === undefined) throw notFound('risk acceptance', param(call, 'id'));
    const name = call.session?.user.name ?? '';
    const isAlone = !state.users.some((user) => user.role === 'admin' && user.name !== name);
    if (next === 'approved' && before.requestedBy === name && !isAlone) {
      throw new ApiError('GC_FORBIDDEN', 'somebody else has to approve your request');
    }
    const after: Acceptance = {
      ...before,
      state: next,
      decidedBy: name,
      decidedAt: nowIso(),
      decisionNote: (call.body as { note: string }).note,
    };
    scan.acceptances = scan.acceptances.map((each) => (each.id === before.id ? after : each));
    views.applyAcceptances(scans, scan.acceptances);
    call.hint('scan', {});
    return withCounts(after);
  }
  function start(kind: ScanJob['kind'], target: string, by: string): ScanJob {
    const running = scan.jobs.find((each) => each.target === target && each.state === 'running');
    if (running !== undefined) return running;
    const job: ScanJob = {
      id: `job-${state.nextNumber++}`,
      kind,
      target,
      state: 'running',
      startedBy: by,
      createdAt: nowIso(),
      startedAt: nowIso(),
      finishedAt: '',
      progress: { total: 0, done: 0, scanned: 0, skipped: 0, failed: 0, current: '' },
      detail: '',
      errorCode: '',
      problems: [],
    };
    scan.jobs = [job, ...scan.jobs];
    return job;
  }
  const withJob = (registry: Registry): Registry => ({
    ...registry,
    lastJob: scan.jobs.find(({ target }) => target === registry.name) ?? null,
  });

  return {
    listArtifacts({ query }) {
      const {
        q = '',
        kind,
        registry,
        running,
        sort,
      } = query as {
        q?: string;
        kind?: string[];
        registry?: string;
        running?: boolean;
        sort?: string;
      };
      const all = scan.artifacts
        .map((each) => views.summaryOf(scans, each))
        .filter(
          (each) =>
            `${each.name} ${each.id}`.toLowerCase().includes(q.toLowerCase()) &&
            (kind === undefined || kind.includes(each.kind)) &&
            (registry === undefined || each.registries.includes(registry)) &&
            (running === undefined || each.running > 0 === running),
        );
      const by: Record<string, (a: ArtifactSummary, b: ArtifactSummary) => number> = {
        name: (a, b) => a.name.localeCompare(b.name),
        scanned: (a, b) => (a.scannedAt < b.scannedAt ? 1 : -1),
      };
      return paged(all.sort(by[sort ?? ''] ?? ((a, b) => b.risk - a.risk)), query);
    },
    getArtifact(call): Artifact {
      const artifact = artifactOf(param(call, 'id'));
      const { image, layers, packages } = artifact;
      const open = scan.findings.filter((each) => each.artifact === artifact.id && each.acceptance === '');
      const [id, versionId, codename, prettyName] = image.os;
      const running = views.runningOf(scans, artifact);
      const watched = running.length > 0 || image.host !== undefined;
      return {
        summary: views.summaryOf(scans, artifact),
        ...(id !== '' && { osRelease: { id, idLike: [], versionId, codename, prettyName } }),
        layers: layers.map((diffId, at) => ({
          diffId,
          createdBy: image.history[at] ?? '',
          packages: packages.filter(({ layer }) => layer === at).length,
          vulnerabilities: counted(open.filter(({ layer }) => layer === diffId)),
        })),
        containers: running.map((each) => ({
          id: each.id,
          name: each.name,
          hostname: 'node-a.example.net',
          namespace: each.kubernetes?.namespace ?? '',
          pod: each.kubernetes?.podName ?? '',
          image: each.image.reference,
          exposure: views.exposureOf(each),
        })),
        packageTypes: [...Map.groupBy(packages, ({ type }) => type)].map(([type, all]) => ({
          type,
          count: all.length,
        })),
        inUseWindow: watched
          ? {
              from: new Date(state.nowMs - 31 * 3_600_000).toISOString(),
              to: nowIso(),
              containers: running.length,
            }
          : { from: '', to: '', containers: 0 },
        errors: image.errors === 0 ? [] : FAKE_ERRORS,
        databaseRevision: '2026-03-02.1',
      };
    },
    deleteArtifact(call) {
      const at = scan.artifacts.indexOf(artifactOf(param(call, 'id')));
      scan.artifacts.splice(at, 1);
    },
    listArtifactPackages(call) {
      const artifact = artifactOf(param(call, 'id'));
      const {
        q = '',
        type,
        inUse,
        vulnerable,
      } = call.query as {
        q?: string;
        type?: string[];
        inUse?: string[];
        vulnerable?: boolean;
      };
      const all = artifact.packages
        .map((each) => ({
          package: softwarePackage(artifact, each),
          inUse: each.inUse,
          vulnerabilities: counted(
            scan.findings.filter(
              (one) => one.artifact === artifact.id && one.package === purlOf(each) && one.acceptance === '',
            ),
          ),
        }))
        .filter(
          (each) =>
            each.package.name.includes(q) &&
            (type === undefined || type.includes(each.package.type)) &&
            (inUse === undefined || inUse.includes(each.inUse)) &&
            (vulnerable === undefined ||
              Object.values(each.vulnerabilities).some((count) => count > 0) === vulnerable),
        );
      return paged(all, call.query);
    },
    listArtifactVulnerabilities(call) {
      const { id } = artifactOf(param(call, 'id'));
      const { sort } = call.query as Sorted;
      const all = found({ ...(call.query as Sorted), artifact: id });
      if (sort === 'severity') all.sort((a, b) => (RANK.get(a.severity) ?? 0) - (RANK.get(b.severity) ?? 0));
      if (sort === 'newest') all.sort((a, b) => (a.firstSeenAt < b.firstSeenAt ? 1 : -1));
      if (sort === 'id') all.sort((a, b) => (a.id < b.id ? 1 : -1));
      const page = paged(all, call.query);
      return { ...page, items: page.items.map(({ artifact: _artifact, cve: _cve, ...rest }) => rest) };
    },
    getArtifactFindings: (call) => views.otherFindings(artifactOf(param(call, 'id'))),
    getArtifactFixPlan: (call) => ({
      items: views.fixPlanOf(found({ artifact: artifactOf(param(call, 'id')).id })),
    }),
    getArtifactReport: (call) => ({ artifact: views.summaryOf(scans, artifactOf(param(call, 'id'))) }),
    compareArtifacts: (call) =>
      views.comparisonOf(scans, artifactOf(param(call, 'id')), artifactOf((call.query as { to: string }).to)),
    scanArtifact(call) {
      const { image } = artifactOf(param(call, 'id'));
      return start(
        image.host === undefined ? 'container' : 'host',
        image.reference,
        call.session?.user.name ?? '',
      );
    },
    listVulnerabilities({ query }) {
      const all = views
        .grouped(found(query as Sorted), ({ id }) => id)
        .map(([id, findings]) => views.groupOf(scans, id, findings));
      const { sort } = query as Sorted;
      all.sort((a, b) => b.score - a.score);
      if (sort === 'severity') all.sort((a, b) => (RANK.get(a.severity) ?? 0) - (RANK.get(b.severity) ?? 0));
      if (sort === 'artifacts') all.sort((a, b) => b.artifacts - a.artifacts);
      if (sort === 'newest') all.sort((a, b) => (a.firstSeenAt < b.firstSeenAt ? 1 : -1));
      if (sort === 'id') all.sort((a, b) => (a.id < b.id ? 1 : -1));
      return paged(all, query);
    },
    vulnerabilityFacets: ({ query }) => views.facetsOf(scans, query as VulnerabilityFilter),
    listVulnerablePackages: ({ query }) =>
      paged(
        views
          .grouped(found(query as Sorted), ({ packageName }) => packageName)
          .map(([name, findings]) => views.packageOf(scans, name, findings))
          .sort((a, b) => b.score - a.score),
        query,
      ),
    listVulnerableArtifacts: ({ query }) =>
      paged(
        scan.artifacts
          .map((each) => views.summaryOf(scans, each, query as VulnerabilityFilter))
          .filter(({ risk }) => risk > 0)
          .sort((a, b) => b.risk - a.risk),
        query,
      ),
    listVulnerableWorkloads: ({ query }) =>
      paged(views.workloadsOf(scans, query as VulnerabilityFilter), query),
    getFixPlan: ({ query }) => ({ items: views.fixPlanOf(found(query as Sorted)) }),
    getVulnerability(call) {
      const all = scan.findings.filter(({ id }) => id === param(call, 'id'));
      const [first] = all;
      if (first === undefined) throw notFound('vulnerability', param(call, 'id'));
      const { cve } = first;
      const open = all.filter(({ acceptance }) => acceptance === '').length;
      return {
        id: cve.id,
        aliases: first.aliases,
        summary: `${cve.summary}.`,
        severity: first.severity,
        cvss: [
          {
            vector: `CVSS:3.1/AV:N/AC:${cve.cvss > 8 ? 'L' : 'H'}/PR:N/UI:N/S:U/C:H/I:H/A:${cve.cvss > 9 ? 'H' : 'N'}`,
            score: cve.cvss,
            source: 'nvd',
          },
        ],
        cwe: ['CWE-787'],
        references: first.references,
        published: `${cve.id.slice(4, 8)}-06-12T09:00:00Z`,
        ...(cve.marks.includes('K') && { kev: { added: '2025-02-11', ransomware: cve.marks.includes('R') } }),
        ...(cve.cvss >= 9 && {
          ssvc: {
            exploitation: cve.marks.includes('K') ? 'active' : 'poc',
            automatable: 'yes',
            impact: 'total',
          },
        }),
        epss: { probability: cve.epss, percentile: Math.min(0.999, 0.4 + cve.epss * 0.6) },
        findings: { open, accepted: all.length - open },
      };
    },
    listOccurrences(call) {
      const { accepted, running } = call.query as { accepted?: boolean; running?: boolean };
      const all = scan.findings.filter(
        (each) =>
          each.id === param(call, 'id') && (accepted === undefined || (each.acceptance !== '') === accepted),
      );
      const occurrences = all.map((each) => {
        const artifact = artifactOf(each.artifact);
        return {
          artifact: each.artifact,
          artifactName: artifact.image.reference,
          kind: artifact.image.host === undefined ? 'image' : 'host',
          package: each.package,
          packageName: each.packageName,
          installed: each.installed,
          fixed: each.fixed,
          status: each.status,
          severity: each.severity,
          score: each.score,
          inUse: each.inUse,
          running: views.runningOf(scans, artifact).length,
          firstSeenAt: each.firstSeenAt,
          acceptance: each.acceptance,
        };
      });
      return paged(
        running === true ? occurrences.filter((each) => each.running > 0) : occurrences,
        call.query,
      );
    },
    vulnerabilityData: () => fakeVulnerabilityData(state.nowMs, scan.artifacts.length === 0),
    updateVulnerabilityData: () => {
      const data = fakeVulnerabilityData(state.nowMs, scan.artifacts.length === 0);
      return { ...data, update: { ...data.update, state: 'running' } };
    },
    listRegistries: () => ({ items: scan.registries.map(withJob) }),
    getRegistry: (call) => withJob(registryOf(param(call, 'name'))),
    putRegistry(call) {
      const name = param(call, 'name');
      const before = scan.registries.find((each) => each.name === name);
      const { password, ...rest } = call.body as RegistryInput;
      const next: Registry = {
        name,
        ...rest,
        passwordSet: password === undefined ? (before?.passwordSet ?? false) : password !== '',
        artifacts: before?.artifacts ?? 0,
        nextRunAt: new Date(state.nowMs + rest.everyMinutes * 60_000).toISOString(),
        lastJob: null,
        createdAt: before?.createdAt ?? nowIso(),
        createdBy: before?.createdBy ?? call.session?.user.name ?? '',
      };
      scan.registries = [...scan.registries.filter((each) => each.name !== name), next].sort((a, b) =>
        a.name.localeCompare(b.name),
      );
      return withJob(next);
    },
    deleteRegistry(call) {
      const { name } = registryOf(param(call, 'name'));
      scan.registries = scan.registries.filter((each) => each.name !== name);
    },
    checkRegistry(call) {
      const { url } = call.body as RegistryInput;
      return url.includes('nowhere')
        ? {
            ok: false,
            code: 'GC_REGISTRY_UNREACHABLE',
            detail: 'the registry does not answer (ENOTFOUND)',
            repositories: [],
          }
        : {
            ok: true,
            code: '',
            detail: '',
            repositories: ['payments/api', 'payments/worker', 'legacy/report'],
          };
    },
    scanRegistry: (call) =>
      start('registry', registryOf(param(call, 'name')).name, call.session?.user.name ?? ''),
    listScanJobs({ query }) {
      const { kind, state: states, target } = query as { kind?: string[]; state?: string[]; target?: string };
      return paged(
        scan.jobs.filter(
          (each) =>
            (kind === undefined || kind.includes(each.kind)) &&
            (states === undefined || states.includes(each.state)) &&
            (target === undefined || target === each.target),
        ),
        query,
      );
    },
    getScanJob: (call) => jobOf(param(call, 'id')),
    cancelScanJob(call) {
      const job: ScanJob = { ...jobOf(param(call, 'id')), state: 'cancelled', finishedAt: nowIso() };
      scan.jobs = scan.jobs.map((each) => (each.id === job.id ? job : each));
      call.hint('scan', {});
      return job;
    },
    listAcceptances({ query }) {
      const { state: states, vulnerability } = query as { state?: string[]; vulnerability?: string };
      return paged(
        scan.acceptances
          .filter(
            (each) =>
              (states === undefined || states.includes(each.state)) &&
              (vulnerability === undefined || each.scope.vulnerability === vulnerability),
          )
          .map(withCounts),
        query,
      );
    },
    getAcceptance(call) {
      const one = scan.acceptances.find(({ id }) => id === param(call, 'id'));
      if (one === undefined) throw notFound('risk acceptance', param(call, 'id'));
      return withCounts(one);
    },
    previewAcceptance({ body }) {
      const scope = body as AcceptanceScope;
      const ids = new Set(
        scan.findings.filter((each) => views.isInScope(scans, scope, each)).map((each) => each.artifact),
      );
      const running = scan.artifacts
        .filter(({ id }) => ids.has(id))
        .reduce((sum, each) => sum + views.runningOf(scans, each).length, 0);
      return { ...preview(scope), running };
    },
    requestAcceptance(call) {
      const acceptance: Acceptance = {
        id: `ra-${state.nextNumber++}`,
        ...(call.body as AcceptanceInput),
        state: 'requested',
        requestedBy: call.session?.user.name ?? '',
        requestedAt: nowIso(),
        decidedBy: '',
        decidedAt: '',
        decisionNote: '',
        findings: 0,
        artifacts: 0,
      };
      scan.acceptances = [acceptance, ...scan.acceptances];
      call.hint('scan', {});
      return withCounts(acceptance);
    },
    approveAcceptance: (call) => decide(call, 'approved'),
    rejectAcceptance: (call) => decide(call, 'rejected'),
    revokeAcceptance: (call) => decide(call, 'revoked'),
  };
}
