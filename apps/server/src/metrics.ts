// Prometheus text: what the server, its store and its sensors are doing.
import { SEVERITIES } from '@guardcell/core';
import type { Platform } from './platform.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `guardcell_${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
  return [`# HELP guardcell_${name} ${help}`, `# TYPE guardcell_${name} ${type}`, ...lines, ''].join('\n');
}

const one = (value: number): readonly Sample[] => [[{}, value]];

function processMetrics(platform: Platform): string[] {
  const cpu = process.cpuUsage();
  return [
    metric('build_info', 'gauge', 'Version of the server.', [[{ version: platform.options.version }, 1]]),
    metric(
      'process_cpu_seconds_total',
      'counter',
      'CPU used by the server.',
      one((cpu.user + cpu.system) / 1e6),
    ),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', one(process.memoryUsage.rss())),
    metric(
      'process_start_time_seconds',
      'gauge',
      'Start, seconds since 1970.',
      one(platform.startedAtMs / 1000),
    ),
    metric(
      'http_requests_total',
      'counter',
      'Answers by status class.',
      Object.entries(platform.http.answers).map(([status, count]) => [{ status }, count]),
    ),
    metric('http_request_seconds_total', 'counter', 'Time spent answering.', one(platform.http.seconds)),
    metric('live_streams', 'gauge', 'Open live streams.', one(platform.live.streams)),
    metric(
      'audit_lost_total',
      'counter',
      'Entries that the audit trail could not take.',
      one(platform.audit.lost),
    ),
  ];
}

async function storeMetrics(platform: Platform): Promise<string[]> {
  const { counters } = platform.ingest;
  const nowMs = platform.clock.nowMs();
  const stats = await platform.events.stats().catch(() => undefined);
  const day = await platform.events.severityCounts(nowMs - 86_400_000, nowMs).catch(() => undefined);
  const gaps = await platform.events.gaps(nowMs - 86_400_000, nowMs + 1).catch(() => []);
  return [
    metric('ingest_batches_total', 'counter', 'Batches received from agents.', one(counters.batches)),
    metric('ingest_alerts_total', 'counter', 'Alerts received, by what became of them.', [
      [{ result: 'accepted' }, counters.accepted],
      [{ result: 'duplicate' }, counters.duplicate],
      [{ result: 'invalid' }, counters.invalid],
    ]),
    metric(
      'ingest_refused_total',
      'counter',
      'Batches put off because the store could not take them.',
      one(counters.refused),
    ),
    metric(
      'ingest_missing_total',
      'counter',
      'Alerts that sensors skipped in their streams.',
      one(counters.holes),
    ),
    metric('store_alerts', 'gauge', 'Alerts stored.', one(stats?.events ?? 0)),
    metric('store_size_bytes', 'gauge', 'Size of the event store.', one(stats?.sizeBytes ?? 0)),
    metric('store_up', 'gauge', '1 when the event store can be written.', one(stats?.state === 'ok' ? 1 : 0)),
    metric(
      'alerts_24h',
      'gauge',
      'Alerts of the last day by severity.',
      SEVERITIES.map((severity) => [{ severity }, day?.[severity] ?? 0]),
    ),
    metric('coverage_gaps_24h', 'gauge', 'Blind periods of the last day.', one(gaps.length)),
  ];
}

function fleetMetrics(platform: Platform): string[] {
  const agents = platform.fleet.agents();
  const perAgent = (pick: (agent: (typeof agents)[number]) => number): readonly Sample[] =>
    agents.map((agent) => [{ host: agent.hostname, sensor: agent.sensorId }, pick(agent)]);
  const report = platform.library.report();
  return [
    metric(
      'sensor_up',
      'gauge',
      '1 when the sensor is running.',
      perAgent((a) => (a.sensor.state === 'running' ? 1 : 0)),
    ),
    metric(
      'sensor_events_total',
      'counter',
      'Events seen by the sensor.',
      perAgent((a) => a.sensor.events),
    ),
    metric(
      'sensor_drops_total',
      'counter',
      'Events lost in the ring.',
      perAgent((a) => a.sensor.drops),
    ),
    metric(
      'sensor_cpu_seconds_total',
      'counter',
      'CPU used by the sensor.',
      perAgent((a) => a.sensor.cpuSeconds),
    ),
    metric(
      'spool_pending',
      'gauge',
      'Alerts waiting on the host.',
      perAgent((a) => a.spool.pending),
    ),
    metric(
      'spool_dropped_total',
      'counter',
      'Alerts lost in the spool.',
      perAgent((a) => a.spool.dropped),
    ),
    metric('rules_loaded', 'gauge', 'Rules loaded.', one(report.loaded)),
    metric('rules_errors', 'gauge', 'Errors in rule files.', one(report.errors)),
    metric('response_rules', 'gauge', 'Response rules.', one(platform.responses.all().length)),
    metric(
      'actions_total',
      'counter',
      'Action records by state, since the start.',
      Object.entries(platform.actions.counts()).map(([state, count]) => [{ state }, count]),
    ),
  ];
}

function auditMetrics(platform: Platform): string[] {
  const { evaluator } = platform.k8sAudit;
  const { counters } = evaluator;
  return [
    metric('k8s_audit_events_total', 'counter', 'Kubernetes audit events, by what became of them.', [
      [{ result: 'evaluated' }, counters.events],
      [{ result: 'duplicate' }, counters.duplicates],
      [{ result: 'ignored' }, counters.ignored],
      [{ result: 'unreadable' }, counters.unreadable],
    ]),
    metric('k8s_audit_alerts_total', 'counter', 'Alerts from audit events.', one(counters.alerts)),
    metric('k8s_audit_batches_total', 'counter', 'Batches of audit events, by what became of them.', [
      [{ result: 'evaluated' }, counters.batches],
      [{ result: 'deferred' }, counters.deferred],
      [{ result: 'failed' }, counters.failed],
    ]),
    metric(
      'k8s_audit_waiting_bytes',
      'gauge',
      'Audit events that wait for their evaluation.',
      one(evaluator.waitingBytes()),
    ),
  ];
}

async function scanMetrics({ scanning, clock }: Platform): Promise<string[]> {
  // Nobody pays for a store that was never used.
  const store = scanning.hasStore() ? await scanning.store().catch(() => undefined) : undefined;
  const counts = await store?.counts().catch(() => undefined);
  const facets = await store?.facets({}).catch(() => undefined);
  const open = new Map(facets?.severity.map(({ value, count }) => [value, count]));
  const facts = scanning.database.lastFacts();
  const builtMs = Date.parse(facts?.builtAt ?? '');
  const active = scanning.jobs.active().map(({ job }) => job.state);
  const under = (state: string): number => active.filter((each) => each === state).length;
  return [
    metric(
      'scan_artifacts',
      'gauge',
      'Images, hosts and containers that were scanned.',
      one(counts?.artifacts ?? 0),
    ),
    metric('scan_store_size_bytes', 'gauge', 'Size of the store of scans.', one(counts?.sizeBytes ?? 0)),
    metric(
      'scan_findings',
      'gauge',
      'Open vulnerabilities by severity.',
      SEVERITIES.map((severity) => [{ severity }, open.get(severity) ?? 0]),
    ),
    metric('scan_jobs_active', 'gauge', 'Scan jobs that wait or run.', [
      [{ state: 'waiting' }, under('waiting')],
      [{ state: 'running' }, under('running')],
    ]),
    metric(
      'scan_jobs_total',
      'counter',
      'Scan jobs that ended since the start, by how.',
      ['succeeded', 'failed', 'cancelled'].map((state) => [{ state }, scanning.jobs.counts()[state] ?? 0]),
    ),
    metric(
      'scan_alerts_total',
      'counter',
      'Alerts of scanning since the start.',
      one(scanning.alerts.raised),
    ),
    metric(
      'scan_rematch_seconds',
      'gauge',
      'How long the last matching of everything took.',
      one(scanning.matching.lastMs() / 1000),
    ),
    ...(Number.isNaN(builtMs)
      ? []
      : [
          metric(
            'vulnerability_database_age_seconds',
            'gauge',
            'Time since the vulnerability database was built.',
            one(Math.max(0, Math.round((clock.nowMs() - builtMs) / 1000))),
          ),
        ]),
  ];
}

export async function metricsText(platform: Platform): Promise<string> {
  return [
    ...processMetrics(platform),
    ...(await storeMetrics(platform)),
    ...fleetMetrics(platform),
    ...auditMetrics(platform),
    ...(await scanMetrics(platform)),
  ].join('');
}
