// What of an alert can be counted and filtered by: the few values that many alerts share.
import type { Alert, AlertDimension, Severity } from '@guardcell/core';

export interface AlertFacts {
  readonly severity: Severity;
  readonly rule: string;
  readonly container: string;
  readonly containerName: string;
  readonly image: string;
  readonly namespace: string;
  readonly process: string;
  readonly host: string;
  readonly tags: readonly string[];
  readonly mitre: readonly string[];
}

export function factsOf(alert: Alert): AlertFacts {
  return {
    severity: alert.severity,
    rule: alert.rule,
    container: alert.container.id,
    containerName: alert.container.name,
    image: alert.container.image,
    namespace: alert.container.namespace,
    process: alert.process.name,
    host: alert.hostname,
    tags: alert.tags,
    mitre: alert.mitre,
  };
}

/** Values that alerts with these facts count under: one for a container (its id), each once for tags and techniques. */
export function facetValues(facts: AlertFacts, dimension: AlertDimension): readonly string[] {
  switch (dimension) {
    case 'severity':
      return [facts.severity];
    case 'rule':
      return [facts.rule];
    case 'container':
      return [facts.container];
    case 'image':
      return [facts.image];
    case 'namespace':
      return [facts.namespace];
    case 'tag':
      return [...new Set(facts.tags)];
    case 'mitre':
      return [...new Set(facts.mitre)];
    case 'process':
      return [facts.process];
    case 'host':
      return [facts.host];
  }
}
