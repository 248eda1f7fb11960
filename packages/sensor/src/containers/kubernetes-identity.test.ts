import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubernetesIdentity } from './kubernetes-identity.ts';

test('pod, namespace and container come from the labels of the kubelet', () => {
  const labels = {
    'io.kubernetes.pod.name': 'cart-0',
    'io.kubernetes.pod.namespace': 'shop',
    'io.kubernetes.pod.uid': 'u',
    'io.kubernetes.container.name': 'web',
  };
  assert.deepEqual(kubernetesIdentity(labels, { ...labels, app: 'cart' }), {
    namespace: 'shop',
    podName: 'cart-0',
    podUid: 'u',
    containerName: 'web',
    podLabels: { app: 'cart' },
  });
});

test('a container that no kubelet started has no pod', () => {
  assert.equal(kubernetesIdentity({ app: 'cart' }), undefined);
});
