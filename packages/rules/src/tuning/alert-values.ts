// The values of rule fields that a stored alert tells: from its output, its clauses, its process, container and event.
import type { Alert, AlertProcess, OutputValue } from '@guardcell/core';
import { findField } from '../fields/registry.ts';
import { MISSING } from '../output/template.ts';

/** `null`: the event had no such value. A field that is not in the map was not recorded. */
export type AlertValues = ReadonlyMap<string, string | null>;

/** What was cut when the alert was made ends so; it is not the value. */
const CUT = '…';
const PLAIN_FIELD = /^[a-z]\w*(?:\.\w+)+(?:\[[^\]]*\])?$/;

/** Every field value that can be told with certainty from an alert. */
export function alertValues(alert: Alert): AlertValues {
  const values = new Map<string, string | null>();
  const add = (field: string, value: string | null): void => {
    if (values.has(field) || value?.endsWith(CUT) === true) return;
    values.set(field, value);
  };
  for (const [field, value] of Object.entries(alert.outputFields)) {
    const text = outputText(value);
    if (text !== undefined && PLAIN_FIELD.test(field)) add(field, text);
  }
  for (const clause of alert.matched) {
    if (clause.actual !== '' && isSingle(clause.field)) add(clause.field, clause.actual);
  }
  for (const node of alert.evaluated ?? []) {
    if (node.field !== undefined && node.actual !== undefined && isSingle(node.field))
      add(node.field, node.actual);
  }
  for (const [name, value] of Object.entries(alert.event.args)) add(`evt.arg.${name}`, value);
  add('evt.type', alert.event.type);
  if (alert.source === 'syscall') addSyscall(alert, add);
  return values;
}

type Add = (field: string, value: string | null) => void;

function addSyscall(alert: Alert, add: Add): void {
  const [actor, parent] = [alert.process, alert.processTree[1]];
  addProcess('proc.', actor, add);
  if (parent !== undefined) addProcess('proc.p', parent, add);
  addKnown('proc.cwd', actor.cwd === '' || actor.cwd.endsWith('/') ? actor.cwd : `${actor.cwd}/`, add);
  addKnown('user.name', actor.user, add);
  add('user.uid', String(actor.uid));
  const { container } = alert;
  add('container.id', container.id.slice(0, 12));
  addKnown('container.name', container.name, add);
  addKnown('container.image', container.image, add);
  addKnown('container.image.repository', repositoryOf(container.image), add);
  addKnown('container.image.digest', container.imageDigest, add);
  addKnown('k8s.ns.name', container.namespace, add);
  addKnown('k8s.pod.name', container.pod, add);
}

function addProcess(prefix: string, process: AlertProcess, add: Add): void {
  addKnown(`${prefix}name`, process.name, add);
  addKnown(`${prefix}exepath`, process.exe, add);
  addKnown(`${prefix}cmdline`, process.cmdline, add);
}

function addKnown(field: string, value: string, add: Add): void {
  if (value !== '') add(field, value);
}

function outputText(value: OutputValue): string | null | undefined {
  if (value === null || value === MISSING) return null;
  return Array.isArray(value) ? undefined : String(value);
}

/** Fields with one value at most: the text of a list is not the text of its items. */
function isSingle(field: string): boolean {
  if (!PLAIN_FIELD.test(field)) return false;
  return findField(field.replace(/\[.*\]$/, ''))?.field.multiplicity === 'one';
}

/** An image reference without tag and digest; empty for a bare image id. */
function repositoryOf(reference: string): string {
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(reference)) return '';
  const named = reference.split('@')[0] ?? '';
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}
