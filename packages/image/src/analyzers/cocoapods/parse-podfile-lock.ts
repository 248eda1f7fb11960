// Podfile.lock: YAML that only CocoaPods writes; pods are list items indented by two under `PODS:`.
import type { FoundPackage } from '../found-package.ts';

const POD = /^ {2}- "?([^\s"(]{1,200}) \(([^)\s]{1,100})\)/;
const DEPENDENCY = /^ {2}- "?([^\s"(]{1,200})/;

/** Pods and subspecs (`Name/Sub`) with the versions that were installed. */
export function parsePodfileLock(text: string): readonly FoundPackage[] {
  const pods: { name: string; version: string }[] = [];
  const direct = new Set<string>();
  let section = '';
  for (const line of text.split('\n')) {
    const heading = /^([A-Z][A-Z ]*):/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    else if (section === 'PODS') {
      const pod = POD.exec(line);
      if (pod?.[1] !== undefined && pod[2] !== undefined) pods.push({ name: pod[1], version: pod[2] });
    } else if (section === 'DEPENDENCIES') {
      const name = DEPENDENCY.exec(line)?.[1];
      if (name !== undefined) direct.add(name);
    }
  }
  return pods.map((pod) => ({ ...pod, direct: direct.has(pod.name) }));
}
