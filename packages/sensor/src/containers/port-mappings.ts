// Ports that nerdctl and Kubernetes' runtimes map, as they write them down. Spec: PortMapping of go-cni and of the CRI.
import type { PublishedPort } from '@guardcell/core';
import { type JsonObject, listOf, numberOf, objectOf, parseJson, textOf } from './json-fields.ts';

/** Of one container; ranges of thousands of ports say nothing more. */
export const MOST_PORTS = 200;
const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

/** `HostPort`, `host_port` and `hostPort` are the same member. */
function membersOf(value: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([name, member]) => [name.toLowerCase().replaceAll('_', ''), member]),
  );
}

function protocolOf(value: unknown): string {
  return typeof value === 'number' ? (PROTOCOLS[value] ?? 'tcp') : textOf(value).toLowerCase() || 'tcp';
}

/** The mappings of a list that lead from the host; those without a port of the host lead nowhere. */
export function portMappingsOf(list: unknown): readonly PublishedPort[] {
  return listOf(list)
    .map(membersOf)
    .filter((mapping) => numberOf(mapping['hostport']) > 0)
    .slice(0, MOST_PORTS)
    .map((mapping) => ({
      address: textOf(mapping['hostip']),
      hostPort: numberOf(mapping['hostport']),
      containerPort: numberOf(mapping['containerport']),
      protocol: protocolOf(mapping['protocol']),
    }));
}

/** The same from JSON text; undefined when it is none. */
export function portMappingsIn(json: string | undefined): readonly PublishedPort[] | undefined {
  const parsed = json === undefined ? undefined : parseJson(json);
  return Array.isArray(parsed) ? portMappingsOf(parsed) : undefined;
}
