// k8s.*: the pod that the container belongs to.
import { shortContainerId } from '@guardcell/core';
import { absentField, type FieldDefinition, known, plainField } from './field.ts';
import { labelField, labelsText } from './label-field.ts';

const OWNERS = ['rc', 'svc', 'rs', 'deployment'] as const;

export const KUBERNETES_FIELDS: readonly FieldDefinition[] = [
  plainField('k8s.pod.name', 'string', 'Name of the pod.', (e) =>
    known(e.thread.container.kubernetes?.podName),
  ),
  plainField('k8s.ns.name', 'string', 'Namespace of the pod.', (e) =>
    known(e.thread.container.kubernetes?.namespace),
  ),
  plainField('k8s.pod.uid', 'string', 'Unique id of the pod.', (e) =>
    known(e.thread.container.kubernetes?.podUid),
  ),
  plainField('k8s.pod.id', 'string', 'Unique id of the pod.', (e) =>
    known(e.thread.container.kubernetes?.podUid),
  ),
  labelField('k8s.pod.label', 'One label of the pod.', (container) => container.kubernetes?.podLabels),
  plainField('k8s.pod.labels', 'string', 'Labels of the pod as key:value.', (e) =>
    labelsText(e.thread.container.kubernetes?.podLabels),
  ),
  plainField('k8s.pod.ip', 'string', 'Address of the pod.', (e) =>
    e.thread.container.kubernetes === undefined ? undefined : known(e.thread.container.ip),
  ),
  plainField('k8s.pod.sandbox_id', 'string', 'Id of the pod’s sandbox, 12 digits.', (e) => {
    const id = e.thread.container.labels['io.kubernetes.sandbox.id'];
    return id === undefined ? undefined : shortContainerId(id);
  }),
  plainField('k8s.pod.full_sandbox_id', 'string', 'Id of the pod’s sandbox.', (e) =>
    known(e.thread.container.labels['io.kubernetes.sandbox.id']),
  ),
  absentField('k8s.pod.cni.json', 'string', 'Network configuration of the pod; not recorded.'),
  absentField('k8s.ns.id', 'string', 'Id of the namespace; not recorded.', { deprecated: true }),
  absentField('k8s.ns.label', 'string', 'One label of the namespace; not recorded.', {
    argument: 'required',
    deprecated: true,
  }),
  absentField('k8s.ns.labels', 'string', 'Labels of the namespace; not recorded.', { deprecated: true }),
  ...OWNERS.flatMap((owner) => [
    absentField(`k8s.${owner}.name`, 'string', 'Name of the pod’s owner; not recorded.', {
      deprecated: true,
    }),
    absentField(`k8s.${owner}.id`, 'string', 'Id of the pod’s owner; not recorded.', { deprecated: true }),
    absentField(`k8s.${owner}.label`, 'string', 'One label of the pod’s owner; not recorded.', {
      argument: 'required',
      deprecated: true,
    }),
    absentField(`k8s.${owner}.labels`, 'string', 'Labels of the pod’s owner; not recorded.', {
      deprecated: true,
    }),
  ]),
];
