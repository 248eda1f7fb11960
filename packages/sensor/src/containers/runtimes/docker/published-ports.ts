// Which ports docker publishes for a container. Spec: ContainerInspect of the Engine API.
import type { PublishedPort } from '@guardcell/core';
import { listOf, numberOf, objectOf, textOf } from '../../json-fields.ts';
import { MOST_PORTS } from '../../port-mappings.ts';

/** Networks whose containers are reached from outside through published ports alone. */
const ENCLOSED: readonly string[] = ['bridge', 'host', 'null'];

function portsOf(name: string, bindings: readonly unknown[]): PublishedPort[] {
  const [containerPort = '', protocol = 'tcp'] = name.split('/');
  return bindings.map(objectOf).map((binding) => ({
    address: textOf(binding['HostIp']),
    hostPort: numberOf(binding['HostPort']),
    containerPort: numberOf(containerPort),
    protocol,
  }));
}

/**
 * While it runs docker says what is bound; before that, what was asked for. Undefined when it is in a network that gives it an
 * address of its own outside the host (macvlan, overlay …), or of which nothing is known.
 */
export function publishedPorts(
  inspected: unknown,
  drivers: readonly string[],
): readonly PublishedPort[] | undefined {
  if (!drivers.every((driver) => ENCLOSED.includes(driver))) return undefined;
  const facts = objectOf(inspected);
  const asked = objectOf(objectOf(facts['HostConfig'])['PortBindings']);
  const bound = objectOf(objectOf(facts['NetworkSettings'])['Ports']);
  return [...new Set([...Object.keys(bound), ...Object.keys(asked)])]
    .flatMap((name) => {
      const now = portsOf(name, listOf(bound[name]));
      return now.length > 0 ? now : portsOf(name, listOf(asked[name]));
    })
    .slice(0, MOST_PORTS);
}
