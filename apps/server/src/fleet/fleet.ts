// What the agents last said of themselves and of the containers on their hosts. In memory: agents repeat it.

import type { AgentUpdate } from '@guardcell/contract';
import { type AgentReport, type Container, SHORT_ID_LENGTH } from '@guardcell/core';
import type { Clock } from '@guardcell/kit';

/** An agent that has been silent for this long is not trusted to be watching. */
const SILENT_AFTER_MS = 30_000;
const FORGET_AFTER_MS = 86_400_000;
const MAX_AGENTS = 1000;

export interface FleetContainer {
  readonly container: Container;
  readonly hostname: string;
  readonly sensorId: string;
  readonly lastSeenAtMs: number;
}

export interface Fleet {
  update(update: AgentUpdate): void;
  /** As reported; an agent that fell silent is shown as failed. */
  agents(): AgentReport[];
  containers(): FleetContainer[];
  /** By full id, short id (at least 12 digits) or name. More than one when a name is not unique. */
  find(reference: string): FleetContainer[];
}

interface Agent {
  readonly report: AgentReport;
  readonly containers: readonly Container[];
  readonly atMs: number;
}

function signature(containers: readonly Container[]): string {
  return containers
    .map(({ id, name, state, complete, networkMode, ports = [] }) =>
      [id, name, state, complete, networkMode, ...ports.map((port) => Object.values(port).join(' '))].join(
        ' ',
      ),
    )
    .join('\n');
}

export interface FleetEvents {
  readonly onContainersChanged: () => void;
  readonly onStatusChanged: () => void;
}

export function createFleet(clock: Clock, events: FleetEvents): Fleet {
  const agents = new Map<string, Agent>();

  function heard(report: AgentReport, atMs: number): AgentReport {
    if (clock.nowMs() - atMs <= SILENT_AFTER_MS) return report;
    const since = new Date(atMs).toISOString();
    const detail = `the agent has not reported since ${since}; look at its log`;
    return { ...report, sensor: { ...report.sensor, state: 'failed', detail, errorCode: 'GC_AGENT_SILENT' } };
  }

  function containers(): FleetContainer[] {
    return [...agents.values()].flatMap(({ report, containers, atMs }) =>
      containers.map((container) => ({
        container,
        hostname: report.hostname,
        sensorId: report.sensorId,
        lastSeenAtMs: atMs,
      })),
    );
  }

  return {
    update({ report, containers }) {
      const nowMs = clock.nowMs();
      const before = agents.get(report.sensorId);
      agents.delete(report.sensorId);
      agents.set(report.sensorId, { report, containers: containers as readonly Container[], atMs: nowMs });
      for (const [id, agent] of agents) {
        if (nowMs - agent.atMs > FORGET_AFTER_MS || agents.size > MAX_AGENTS) agents.delete(id);
      }
      if (
        before === undefined ||
        signature(before.containers) !== signature(containers as readonly Container[])
      ) {
        events.onContainersChanged();
      }
      const was = before?.report;
      const changed =
        was === undefined ||
        was.sensor.state !== report.sensor.state ||
        was.sensor.drops !== report.sensor.drops ||
        was.rules.revision !== report.rules.revision;
      if (changed) events.onStatusChanged();
    },
    agents: () => [...agents.values()].map(({ report, atMs }) => heard(report, atMs)),
    containers,
    find(reference) {
      const all = containers();
      const exact = all.filter(({ container }) => container.id === reference);
      if (exact.length > 0) return exact;
      const isShort = reference.length >= SHORT_ID_LENGTH && /^[0-9a-f]+$/.test(reference);
      const byId = isShort ? all.filter(({ container }) => container.id.startsWith(reference)) : [];
      if (byId.length > 0) return byId;
      const byName = all.filter(({ container }) => container.name === reference);
      const alive = byName.filter(({ container }) => ['running', 'paused'].includes(container.state));
      return alive.length > 0 ? alive : byName;
    },
  };
}
