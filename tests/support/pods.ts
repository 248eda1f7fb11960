// Pods without a cluster: asks a container runtime for them as the kubelet would.
import { randomUUID } from 'node:crypto';
import { Client, credentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export interface PodOptions {
  readonly socket: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containerName: string;
  readonly image: string;
  readonly command: readonly string[];
  /** Ports of the node that lead to the pod; members as in the CRI. */
  readonly portMappings?: readonly {
    readonly container_port: number;
    readonly host_port: number;
    readonly host_ip: string;
  }[];
}

export interface TestPod extends AsyncDisposable {
  readonly uid: string;
  readonly sandboxId: string;
  readonly containerId: string;
}

type Answer = Readonly<Record<string, unknown>>;

/** Network namespace of the node: no network plug-in is needed. */
const NODE_NETWORK = { network: 2, pid: 1, ipc: 1 };

/** Starts a pod with one container; it is removed when the returned object is disposed of. */
export async function startPod(options: PodOptions): Promise<TestPod> {
  const definition = loadSync(`${import.meta.dirname}/protos/cri-pods.proto`, {
    keepCase: true,
    defaults: true,
  });
  const service = definition['runtime.v1.RuntimeService'];
  if (service === undefined || 'format' in service) throw new Error('the service is not described');
  const methods = service;
  const client = new Client(`unix:${options.socket}`, credentials.createInsecure(), {
    'grpc.default_authority': 'localhost',
  });

  function call(name: string, message: Answer): Promise<Answer> {
    const method = methods[name];
    if (method === undefined) throw new Error(`no method ${name}`);
    const decode = (bytes: Buffer): Answer => method.responseDeserialize(bytes) as Answer;
    const deadline = Date.now() + 60_000;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        decode,
        message,
        { deadline },
        (error, answer) => (error === null ? resolve(answer ?? {}) : reject(error)),
      );
    });
  }

  const uid = randomUUID();
  const podLabels = {
    'io.kubernetes.pod.name': options.name,
    'io.kubernetes.pod.namespace': options.namespace,
    'io.kubernetes.pod.uid': uid,
  };
  const sandboxConfig = {
    metadata: { name: options.name, uid, namespace: options.namespace, attempt: 0 },
    labels: { ...podLabels, ...options.labels },
    port_mappings: options.portMappings ?? [],
    linux: {
      cgroup_parent: `/kubepods/pod${uid}`,
      security_context: { namespace_options: NODE_NETWORK },
    },
  };
  const sandbox = await call('RunPodSandbox', { config: sandboxConfig });
  const sandboxId = String(sandbox['pod_sandbox_id']);
  async function remove(): Promise<void> {
    await call('StopPodSandbox', { pod_sandbox_id: sandboxId });
    await call('RemovePodSandbox', { pod_sandbox_id: sandboxId });
    client.close();
  }
  try {
    const created = await call('CreateContainer', {
      pod_sandbox_id: sandboxId,
      sandbox_config: sandboxConfig,
      config: {
        metadata: { name: options.containerName, attempt: 0 },
        image: { image: options.image },
        command: options.command,
        mounts: [{ container_path: '/host-etc', host_path: '/etc', readonly: true }],
        labels: { ...podLabels, 'io.kubernetes.container.name': options.containerName },
        linux: { security_context: { namespace_options: NODE_NETWORK } },
      },
    });
    const containerId = String(created['container_id']);
    await call('StartContainer', { container_id: containerId });
    return { uid, sandboxId, containerId, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
