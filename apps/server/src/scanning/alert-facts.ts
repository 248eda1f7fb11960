// What alerts of scanning look like: the same shape as those of sensors, so that response rules, notifications and the
// console take them as they are.
import type { Artifact } from '@guardcell/contract';
import {
  type Alert,
  type AlertContainer,
  type AlertProcess,
  HOST,
  type MalwareFinding,
  type Priority,
  type SecretFinding,
  type Severity,
  severityRank,
  type VulnerabilityFinding,
} from '@guardcell/core';

import { TOLD_MAX } from './told-keys.ts';

export const SCAN_SOURCE = 'scan';

/** An alert before it has its place in a stream. */
export type ScanAlert = Omit<Alert, 'id'>;

/** What an alert is about; everything in one member is of one artifact. */
export type AlertSubject =
  | { readonly kind: 'vulnerability'; readonly findings: readonly VulnerabilityFinding[] }
  /** More than are told one by one. */
  | (Many & { readonly kind: 'vulnerabilities'; readonly findings: readonly VulnerabilityFinding[] })
  | { readonly kind: 'malware'; readonly finding: MalwareFinding }
  | { readonly kind: 'secret'; readonly finding: SecretFinding }
  /** More than are told one by one. */
  | (Many & { readonly kind: 'malwares'; readonly findings: readonly MalwareFinding[] })
  | (Many & { readonly kind: 'secrets'; readonly findings: readonly SecretFinding[] });

interface Many {
  /** More than the platform remembers to have told: only their number is known to be new. */
  readonly isBeyond: boolean;
}

/** One alert stands for many of a kind: response rules and notifications know them by the kind of one. */
const EVENT_TYPES: Readonly<Record<AlertSubject['kind'], string>> = {
  vulnerability: 'vulnerability',
  vulnerabilities: 'vulnerability',
  malware: 'malware',
  malwares: 'malware',
  secret: 'secret',
  secrets: 'secret',
};

const NOBODY: AlertProcess = {
  pid: 0,
  ppid: 0,
  vpid: 0,
  name: '',
  exe: '',
  cmdline: '',
  cwd: '',
  uid: 0,
  user: '',
  tty: 0,
  startedAt: '',
};

const PRIORITIES: Readonly<Record<Severity, Priority>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'informational',
};
const MAX_LISTED = 50;
const MAX_PATHS = 20;
const MAX_PATH_CHARS = 200;

function containerOf({ summary, containers }: Artifact, privileged: (id: string) => boolean): AlertContainer {
  const [first] = containers;
  const image = {
    image: summary.kind === 'host' ? '' : summary.name,
    imageDigest: summary.id.startsWith('sha256:') ? summary.id : '',
  };
  if (summary.kind === 'host') {
    return {
      ...image,
      id: HOST.id,
      name: HOST.name,
      runtime: 'host',
      privileged: false,
      namespace: '',
      pod: '',
    };
  }
  if (first === undefined) {
    return { ...image, id: '', name: '', runtime: '', privileged: false, namespace: '', pod: '' };
  }
  const { id, name, namespace, pod } = first;
  // As its other alerts call it: the same image has other names in registries.
  const own = first.image === '' ? image : { ...image, image: first.image };
  return { ...own, id, name, runtime: '', privileged: privileged(id), namespace, pod };
}

/** `a running image`, `an image`, `a host`. */
function place({ summary, containers }: Artifact): string {
  if (summary.kind === 'host') return 'a host';
  if (summary.kind === 'container') return 'a container';
  return containers.length > 0 ? 'a running image' : 'an image';
}

interface Words {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly tags: readonly string[];
}

function about({ packageName, installed, fixed }: VulnerabilityFinding): string {
  return `${packageName} ${installed}${fixed === '' ? ', no fixed version' : `, fixed in ${fixed}`}`;
}

/** How far what runs it can be reached; the ports behind it are left out. */
function exposureOf({ factors }: VulnerabilityFinding): string {
  const value = factors.find(({ name }) => name === 'exposure')?.value ?? 'unknown';
  return value.split(':', 1)[0] ?? value;
}

function vulnerabilityWords(findings: readonly VulnerabilityFinding[], artifact: Artifact): Words {
  const first = findings.toSorted(
    (a, b) => severityRank(a.severity) - severityRank(b.severity) || b.score - a.score,
  )[0];
  if (first === undefined) throw new RangeError('an alert about nothing');
  const exploited = findings.some(({ factors }) => factors.some(({ name }) => name === 'kev'));
  return {
    rule: `New ${first.severity} vulnerability in ${place(artifact)}`,
    severity: first.severity,
    message: `${first.id} in ${artifact.summary.name}: ${about(first)}${exploited ? '; known to be exploited' : ''}`,
    tags: ['scan', 'vulnerability', ...(exploited ? ['exploited'] : []), `in_use_${first.inUse}`],
    fields: {
      'vulnerability.id': first.id,
      'vulnerability.severity': first.severity,
      'vulnerability.score': first.score,
      'vulnerability.package': first.packageName,
      'vulnerability.installed': first.installed,
      'vulnerability.fixed': first.fixed,
      'vulnerability.in_use': first.inUse,
      'vulnerability.exploited': exploited,
      'vulnerability.exposure': exposureOf(first),
    },
  };
}

function manyWords(findings: readonly VulnerabilityFinding[], artifact: Artifact): Words {
  const sorted = findings.toSorted((a, b) => b.score - a.score);
  const severity =
    findings.map((each) => each.severity).toSorted((a, b) => severityRank(a) - severityRank(b))[0] ?? 'info';
  const ids = [...new Set(sorted.map(({ id }) => id))];
  const exploited = findings.some(({ factors }) => factors.some(({ name }) => name === 'kev'));
  return {
    rule: `New ${severity} vulnerabilities in ${place(artifact)}`,
    severity,
    message: `${ids.length} new vulnerabilities in ${artifact.summary.name}: ${ids.slice(0, 5).join(', ')} …`,
    tags: ['scan', 'vulnerability', ...(exploited ? ['exploited'] : [])],
    fields: {
      'vulnerability.ids': ids.slice(0, MAX_LISTED),
      'vulnerability.count': ids.length,
      'vulnerability.severity': severity,
      'vulnerability.exploited': exploited,
      // Of the artifact, so the same for all.
      'vulnerability.exposure': sorted[0] === undefined ? 'unknown' : exposureOf(sorted[0]),
    },
  };
}

/** The worst one's words, with how many there are and where. */
function worstOf<Finding extends MalwareFinding | SecretFinding>(
  findings: readonly Finding[],
  wordsOfOne: (finding: Finding) => Words,
  [name, things]: readonly [name: string, things: string],
): Words {
  const [worst] = findings.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  if (worst === undefined) throw new RangeError('an alert about nothing');
  const words = wordsOfOne(worst);
  // Short, whatever the paths are: an alert that is too large would be kept by nobody.
  const paths = [...new Set(findings.map(({ path }) => path))]
    .slice(0, MAX_PATHS)
    .map((path) => path.slice(0, MAX_PATH_CHARS).toWellFormed());
  return {
    ...words,
    message: `${findings.length} ${things}, the worst: ${words.message}`,
    fields: { ...words.fields, [`${name}.count`]: findings.length, [`${name}.paths`]: paths },
  };
}

function wordsOf(subject: AlertSubject, artifact: Artifact): Words {
  const where = artifact.summary.name;
  switch (subject.kind) {
    case 'vulnerability':
      return vulnerabilityWords(subject.findings, artifact);
    case 'vulnerabilities':
      return manyWords(subject.findings, artifact);
    case 'malwares':
      return worstOf(subject.findings, (finding) => wordsOf({ kind: 'malware', finding }, artifact), [
        'malware',
        'findings of malware',
      ]);
    case 'secrets':
      return worstOf(subject.findings, (finding) => wordsOf({ kind: 'secret', finding }, artifact), [
        'secret',
        'secrets',
      ]);
    case 'malware': {
      const { rule, severity, path, sha256 } = subject.finding;
      return {
        rule: `Malware in ${place(artifact)}`,
        severity,
        message: `${rule} in ${where}: ${path}`,
        tags: ['scan', 'malware'],
        fields: { 'malware.rule': rule, 'fd.name': path, 'malware.sha256': sha256 },
      };
    }
    case 'secret': {
      const { rule, title, severity, path, line } = subject.finding;
      return {
        rule: `Secret in ${place(artifact)}`,
        severity,
        message: `${title} in ${where}: ${path}:${line}`,
        tags: ['scan', 'secret'],
        fields: { 'secret.rule': rule, 'fd.name': path, 'secret.line': line },
      };
    }
  }
}

/** `nowMs` as alerts write times: with nanoseconds. */
function time(nowMs: number): string {
  return new Date(nowMs).toISOString().replace('Z', '000000Z');
}

/** Text of bounded length: names of images and paths come from outside. */
function bounded(text: string): string {
  return text.length <= 2000 ? text : `${text.slice(0, 1999).toWellFormed()}…`;
}

const BEYOND = `; more than the ${TOLD_MAX} of one artifact that are told one by one: from now on only told when their number grows`;

export function scanAlert(
  subject: AlertSubject,
  artifact: Artifact,
  nowMs: number,
  privileged: (containerId: string) => boolean,
): ScanAlert {
  const words = wordsOf(subject, artifact);
  const fields = {
    'artifact.id': artifact.summary.id,
    'artifact.name': bounded(artifact.summary.name),
    'artifact.running': artifact.summary.running,
    ...Object.fromEntries(
      Object.entries(words.fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? bounded(value) : value,
      ]),
    ),
  };
  const args = Object.entries(fields).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(' ') : String(value),
  ]);
  return {
    time: time(nowMs),
    rule: words.rule,
    severity: words.severity,
    priority: PRIORITIES[words.severity],
    source: SCAN_SOURCE,
    message:
      'isBeyond' in subject && subject.isBeyond
        ? `${words.message.slice(0, 1500).toWellFormed()}${BEYOND}`
        : bounded(words.message),
    tags: words.tags,
    mitre: [],
    hostname:
      artifact.containers[0]?.hostname ?? (artifact.summary.kind === 'host' ? artifact.summary.name : ''),
    container: containerOf(artifact, privileged),
    process: NOBODY,
    processTree: [],
    matched: [],
    event: {
      num: 0,
      type: EVENT_TYPES[subject.kind],
      args: Object.fromEntries(args) as Record<string, string>,
    },
    outputFields: fields,
  };
}
