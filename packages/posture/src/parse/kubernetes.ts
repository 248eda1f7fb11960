// Kubernetes objects of a YAML file: lists unrolled, the pod of each workload, its containers.
import { at, itemsAt, type Tree, textAt } from './yaml-tree.ts';

export interface KubernetesObject {
  readonly kind: string;
  readonly name: string;
  readonly tree: Tree;
  /** Spec of the pods it makes; undefined for objects without pods. */
  readonly pod: Tree | undefined;
}

export interface KubernetesFile {
  readonly objects: readonly KubernetesObject[];
}

const POD_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  PodTemplate: ['template', 'spec'],
};

function objectsOf(tree: Tree): KubernetesObject[] {
  const kind = textAt(tree, 'kind') ?? '';
  if (kind.endsWith('List') && at(tree, 'items') !== undefined)
    return itemsAt(tree, 'items').flatMap(objectsOf);
  if (kind === '' || textAt(tree, 'apiVersion') === undefined) return [];
  const path = POD_PATHS[kind];
  const pod = path === undefined ? undefined : at(tree, ...path);
  return [{ kind, name: textAt(tree, 'metadata', 'name') ?? '', tree, pod }];
}

/** Objects of the documents; what is no Kubernetes object is left out. */
export function kubernetesFile(documents: readonly Tree[]): KubernetesFile {
  return { objects: documents.flatMap(objectsOf) };
}

/** Containers of a pod spec, those that run first included. */
export function containersOf(pod: Tree | undefined): readonly Tree[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => itemsAt(pod, key));
}
