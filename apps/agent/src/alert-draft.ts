// Turns a rule match on the reused event object into plain data that can leave the worker.
import type { AlertContainer, AlertProcess, Container, RuntimeEvent, Thread } from '@guardcell/core';
import { type RuleMatch, rfc3339 } from '@guardcell/rules';
import type { NameSource } from './user-names.ts';
import type { AlertDraft } from './worker-messages.ts';

/** Deeper trees say nothing more and would make an alert exceed its size bound. */
const TREE_MAX = 32;
const CMDLINE_MAX = 4096;
const ARGUMENT_MAX = 4096;

/** `proc.cmdline`: the name and the arguments. */
function commandLine(thread: Thread): string {
  const text = thread.args.length === 0 ? thread.comm : `${thread.comm} ${thread.args.join(' ')}`;
  return text.length > CMDLINE_MAX ? `${text.slice(0, CMDLINE_MAX - 1)}…` : text;
}

function alertProcess(thread: Thread, names: NameSource): AlertProcess {
  const { container } = thread;
  return {
    pid: thread.pid,
    ppid: thread.ppid,
    vpid: thread.vpid,
    name: thread.comm,
    exe: thread.exePath,
    cmdline: commandLine(thread),
    cwd: thread.cwd,
    uid: thread.uid,
    user: names.userName(thread.uid, container, thread),
    tty: thread.tty,
    startedAt: thread.startTimeNs > 0n ? rfc3339(thread.startTimeNs) : '',
  };
}

export function alertContainer(container: Container): AlertContainer {
  return {
    id: container.id,
    name: container.name,
    image: container.image.reference,
    imageDigest: container.image.digest,
    runtime: container.runtime,
    privileged: container.privileged,
    namespace: container.kubernetes?.namespace ?? '',
    pod: container.kubernetes?.podName ?? '',
  };
}

function processTree(thread: Thread, names: NameSource): AlertProcess[] {
  const tree: AlertProcess[] = [];
  for (let at: Thread | undefined = thread; at !== undefined && tree.length < TREE_MAX; at = at.parent()) {
    tree.push(alertProcess(at, names));
  }
  return tree;
}

/** Environments hold secrets: they are in an alert only where the rule's output names them. */
function shortened(args: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, name === 'env' ? '' : value.slice(0, ARGUMENT_MAX)]),
  );
}

/** Copies everything: the event, its thread and its descriptor are reused by the sensor right after. */
export function draftAlert(
  match: RuleMatch,
  event: RuntimeEvent,
  hostname: string,
  names: NameSource,
): AlertDraft {
  const { rule } = match;
  const tree = processTree(event.thread, names);
  return {
    time: rfc3339(event.timeNs),
    rule: rule.name,
    severity: rule.severity,
    priority: rule.priority,
    source: rule.source,
    message: match.message(),
    tags: rule.tags,
    mitre: rule.mitre,
    hostname,
    container: alertContainer(event.thread.container),
    process: tree[0] ?? alertProcess(event.thread, names),
    processTree: tree,
    matched: match.matched(),
    evaluated: match.evaluated(),
    event: { num: event.num, type: event.type, args: shortened(match.eventArgs()) },
    outputFields: match.outputFields(),
  };
}
