// A sensor whose events are kept as plain data, for tests that trigger real system calls and look at what was seen.
import {
  bareContainer,
  type FileDescriptor,
  type ParamValue,
  type RuntimeEvent,
  type Thread,
} from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { openSensor, probeKernel, type Sensor, type SensorOptions } from '@guardcell/sensor';

export interface SeenEvent {
  readonly type: string;
  readonly result: number | undefined;
  readonly pid: number;
  readonly comm: string;
  readonly exePath: string;
  readonly args: readonly string[];
  readonly containerId: string;
  readonly parentComm: string | undefined;
  readonly fd: FileDescriptor | undefined;
  readonly path: string | undefined;
  readonly targetPath: string | undefined;
  readonly params: Readonly<Record<string, ParamValue | undefined>>;
  readonly thread: Pick<
    Thread,
    'exeUpperLayer' | 'exeLowerLayer' | 'exeFromMemfd' | 'cwd' | 'vpid' | 'uid' | 'capEffective'
  >;
}

export interface Recorder extends Disposable {
  readonly sensor: Sensor;
  readonly events: readonly SeenEvent[];
  readonly cgroups: readonly string[];
  /** Reads the ring until nothing is left. */
  settle(): void;
}

/** Why the sensor cannot run here, or false. */
export function sensorSkipReason(): string | false {
  const probe = probeKernel();
  if (probe.ok) return false;
  const failed = probe.checks.find((check) => !check.ok);
  return `the sensor cannot run here: ${failed?.name}: ${failed?.detail}`;
}

function snapshot(event: RuntimeEvent): SeenEvent {
  const { thread } = event;
  const params: Record<string, ParamValue | undefined> = {};
  for (const name of event.paramNames()) params[name] = event.param(name);
  return {
    type: event.type,
    result: event.result,
    pid: thread.pid,
    comm: thread.comm,
    exePath: thread.exePath,
    args: [thread.exe, ...thread.args],
    containerId: thread.container.id,
    parentComm: thread.parent()?.comm,
    fd: event.fd,
    path: event.path,
    targetPath: event.targetPath,
    params,
    thread: {
      exeUpperLayer: thread.exeUpperLayer,
      exeLowerLayer: thread.exeLowerLayer,
      exeFromMemfd: thread.exeFromMemfd,
      cwd: thread.cwd,
      vpid: thread.vpid,
      uid: thread.uid,
      capEffective: thread.capEffective,
    },
  };
}

export function record(options: Partial<SensorOptions> = {}): Recorder {
  const events: SeenEvent[] = [];
  const cgroups: string[] = [];
  const sensor = openSensor({
    logger: silentLogger,
    containerById: bareContainer,
    onContainerCgroup: (id) => cgroups.push(id),
    ...options,
    onEvent: (event) => events.push(snapshot(event)),
  });
  return {
    sensor,
    events,
    cgroups,
    settle: () => {
      while (sensor.drain() > 0);
    },
    [Symbol.dispose]: () => sensor.close(),
  };
}
