// An event rebuilt from a stored alert, to try other rules on. An alert keeps a part of its event: what it does not
// keep has the default of a synthetic event, so a rule that asks for it may judge differently than the sensor would.
import type { Alert, AlertProcess, RuntimeEvent } from '@guardcell/core';
import type { EventSpec, FdSpec, ProcessSpec } from '../testing/event-spec.ts';
import { buildEvent } from '../testing/synthetic-event.ts';
import { type AlertValues, alertValues } from './alert-values.ts';

/** Parameters that follow from process, descriptor and result. */
const DERIVED: ReadonlySet<string> = new Set(
  'fd res exe args env comm tid pid ptid cwd tty tuple addr vtid vpid uid gid'.split(' '),
);
const FD_TYPES: ReadonlySet<string> = new Set(
  'file directory ipv4 ipv6 unix pipe event signalfd eventpoll inotify timerfd bpf memfd pidfd netlink'.split(
    ' ',
  ),
);

/** Undefined for alerts of sources whose events an alert does not keep, and for what cannot be rebuilt. */
export function alertEvent(alert: Alert): RuntimeEvent | undefined {
  if (alert.source !== 'syscall') return undefined;
  const values = alertValues(alert);
  const { type, args } = alert.event;
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(args)) {
    if (DERIVED.has(name) || value === '') continue;
    // A text that the event table cannot read back (a descriptor's name, a cut buffer) is left out.
    if (!('problem' in buildEvent({ type, params: { [name]: value } }))) params[name] = value;
  }
  const fd = descriptorOf(values);
  const res = args['res'] ?? '';
  const spec: EventSpec = {
    type,
    num: alert.event.num,
    timeNs: timeOf(alert.time),
    params,
    ...(/^(?:E[A-Z0-9]+|-?\d{1,15})$/.test(res) && { result: res.startsWith('E') ? res : Number(res) }),
    ...(fd !== undefined && { fd }),
    ...textOf(values, 'fs.path.name', 'path'),
    ...textOf(values, 'fs.path.target', 'targetPath'),
    process: {
      ...processOf(alert.process, values),
      parents: alert.processTree.slice(1).map((each) => processOf(each)),
    },
    container: containerOf(alert),
  };
  const built = buildEvent(spec);
  return 'problem' in built ? undefined : built.event;
}

function timeOf(time: string): bigint {
  const ms = Date.parse(time);
  const nanos = /\.(\d{1,9})/.exec(time)?.[1]?.padEnd(9, '0') ?? '0';
  return Number.isNaN(ms) ? 0n : BigInt(Math.floor(ms / 1000)) * 1_000_000_000n + BigInt(nanos);
}

function textOf<Key extends string>(
  values: AlertValues,
  field: string,
  key: Key,
): Partial<Record<Key, string>> {
  const value = values.get(field);
  return value === undefined || value === null ? {} : ({ [key]: value } as Record<Key, string>);
}

function processOf(process: AlertProcess, values?: AlertValues): ProcessSpec {
  const loginUid = Number(values?.get('user.loginuid') ?? '-1');
  return {
    name: process.name,
    exePath: process.exe,
    cmdline: process.cmdline,
    cwd: process.cwd,
    tty: process.tty,
    uid: process.uid,
    pid: process.pid,
    vpid: process.vpid,
    ...(Number.isInteger(loginUid) && { loginUid }),
    ...(values?.get('proc.is_exe_upper_layer') === 'true' && { exeUpperLayer: true }),
    ...(values?.get('proc.is_exe_from_memfd') === 'true' && { exeFromMemfd: true }),
  };
}

function containerOf({ container }: Alert): NonNullable<EventSpec['container']> {
  if (container.id === 'host') return 'host';
  return {
    id: container.id,
    name: container.name,
    image: container.image,
    digest: container.imageDigest,
    privileged: container.privileged,
    ...(container.namespace !== '' && { namespace: container.namespace, pod: container.pod }),
  };
}

const TUPLE = /^(?<client>\S+:\d+)->(?<server>\S+:\d+)$/;

function descriptorOf(values: AlertValues): FdSpec | undefined {
  const name = values.get('fd.name');
  if (name === undefined || name === null) return undefined;
  const ends = TUPLE.exec(name)?.groups;
  const type = values.get('fd.type') ?? '';
  const l4proto = values.get('fd.l4proto');
  return {
    name,
    ...(FD_TYPES.has(type) && { type }),
    ...(ends !== undefined && { client: endpoint(ends['client']), server: endpoint(ends['server']) }),
    ...((l4proto === 'tcp' || l4proto === 'udp') && { l4proto }),
  };
}

/** `::1:80` → `[::1]:80`. */
function endpoint(text = ''): string {
  const at = text.lastIndexOf(':');
  const ip = text.slice(0, at);
  return ip.includes(':') ? `[${ip}]${text.slice(at)}` : text;
}
