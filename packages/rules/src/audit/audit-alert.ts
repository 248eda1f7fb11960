// Turns a match on an audit event into an alert, as rich as those of system calls.
import type { Alert, AlertProcess, EvaluatedNode, MatchedClause } from '@guardcell/core';
import { CLUSTER } from '@guardcell/core';
import type { RuleMatch } from '../engine/engine.ts';
import { rfc3339 } from '../output/time-text.ts';
import type { AuditEvent } from './audit-event.ts';
import { auditFacts, auditPlace, auditUser } from './audit-facts.ts';
import { REDACTED } from './redact-secrets.ts';

/** An alert before it has its place in a stream. */
export type AuditAlert = Omit<Alert, 'id'>;

/** Fields whose values may be credentials: that they matched is kept, what they held is not. */
const CONFIDENTIAL: ReadonlySet<string> = new Set(['ka.req.configmap.obj']);

function discreet<Node extends MatchedClause | EvaluatedNode>(node: Node): Node {
  const hides = node.field !== undefined && CONFIDENTIAL.has(node.field) && (node.actual ?? '') !== '';
  return hides ? { ...node, actual: REDACTED } : node;
}

/** There is no process: the user of the API stands where its user would. */
function nobody(user: string): AlertProcess {
  return {
    pid: 0,
    ppid: 0,
    vpid: 0,
    name: '',
    exe: '',
    cmdline: '',
    cwd: '',
    uid: 0,
    user,
    tty: 0,
    startedAt: '',
  };
}

/** Plain data; valid as long as one likes. `cluster` says which API server it was. */
export function auditAlert(match: RuleMatch, event: AuditEvent, cluster: string): AuditAlert {
  const { rule } = match;
  const { json } = event.payload;
  const { namespace, pod } = auditPlace(json);
  return {
    time: rfc3339(event.timeNs),
    rule: rule.name,
    severity: rule.severity,
    priority: rule.priority,
    source: rule.source,
    message: match.message(),
    tags: rule.tags,
    mitre: rule.mitre,
    hostname: cluster,
    container: {
      id: CLUSTER.id,
      name: CLUSTER.name,
      image: '',
      imageDigest: '',
      runtime: 'kubernetes',
      privileged: false,
      namespace,
      pod,
    },
    process: nobody(auditUser(json)),
    processTree: [],
    matched: match.matched().map(discreet),
    evaluated: match.evaluated().map(discreet),
    event: { num: event.num, type: event.type, args: auditFacts(json) },
    outputFields: match.outputFields(),
  };
}
