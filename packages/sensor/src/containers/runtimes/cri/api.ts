// The Container Runtime Interface as functions over one socket, in the version that the runtime speaks.
import type { PublishedPort } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { openGrpc } from '../../grpc/client.ts';
import { type JsonObject, listOf, objectOf, parseJson, textMapOf, textOf } from '../../json-fields.ts';
import { portMappingsIn, portMappingsOf } from '../../port-mappings.ts';

const VERSIONS = ['v1', 'v1alpha2'] as const;
const STOP_EXTRA_MS = 15_000;

/** A container of the list: enough to see what changed. */
export interface CriSummary {
  readonly id: string;
  readonly sandboxId: string;
  readonly state: string;
}

export interface CriStatus {
  readonly status: JsonObject;
  /** Parsed from the runtime's own JSON; empty when it tells nothing. */
  readonly info: string;
}

export interface CriSandbox {
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  /** Of the pod, on its node; undefined where the runtime does not say. */
  readonly ports?: readonly PublishedPort[];
}

export interface CriApi {
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  list(): Promise<readonly CriSummary[]>;
  summary(id: string): Promise<CriSummary | undefined>;
  status(id: string): Promise<CriStatus | undefined>;
  sandbox(id: string): Promise<CriSandbox>;
  stop(id: string, graceSeconds: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof CodedError && error.code === code;
}

/** containerd tells the configuration of the sandbox, CRI-O writes its ports into an annotation. */
export function sandboxPorts(info: string): readonly PublishedPort[] | undefined {
  const facts = objectOf(parseJson(info));
  const { config } = facts;
  if (config !== undefined) return portMappingsOf(objectOf(config)['port_mappings']);
  const annotations = textMapOf(objectOf(facts['runtimeSpec'])['annotations']);
  return portMappingsIn(annotations['io.kubernetes.cri-o.PortMappings']);
}

function summaryOf(value: unknown): CriSummary {
  const item = objectOf(value);
  return {
    id: textOf(item['id']),
    sandboxId: textOf(item['pod_sandbox_id']),
    state: textOf(item['state']),
  };
}

/** @throws CodedError GC_RUNTIME_UNSUPPORTED when the socket serves no CRI, GC_RUNTIME_UNREACHABLE. */
export async function openCriApi(socket: string): Promise<CriApi> {
  const grpc = openGrpc(socket, [`${import.meta.dirname}/protos/v1.proto`], {
    'runtime.v1': 'runtime.v1alpha2',
  });

  async function greet(version: string): Promise<JsonObject | undefined> {
    try {
      return await grpc.call(`runtime.${version}.RuntimeService/Version`, {});
    } catch (error) {
      if (hasCode(error, 'GC_RUNTIME_UNSUPPORTED')) return undefined;
      throw error;
    }
  }

  async function agree(): Promise<{ version: string; greeting: JsonObject }> {
    for (const version of VERSIONS) {
      const greeting = await greet(version);
      if (greeting !== undefined) return { version, greeting };
    }
    throw new CodedError('GC_RUNTIME_UNSUPPORTED', 'the Kubernetes interface (CRI) is switched off here', {
      at: socket,
    });
  }

  try {
    const { version, greeting } = await agree();
    const service = `runtime.${version}.RuntimeService`;

    async function list(id?: string): Promise<readonly CriSummary[]> {
      const answer = await grpc.call(`${service}/ListContainers`, id === undefined ? {} : { filter: { id } });
      return listOf(answer['containers']).map(summaryOf);
    }

    return {
      runtimeName: textOf(greeting['runtime_name']),
      runtimeVersion: textOf(greeting['runtime_version']),
      list: () => list(),
      summary: async (id) => (await list(id)).find((item) => item.id === id),
      status: async (id) => {
        try {
          const answer = await grpc.call(`${service}/ContainerStatus`, { container_id: id, verbose: true });
          return { status: objectOf(answer['status']), info: textMapOf(answer['info'])['info'] ?? '' };
        } catch (error) {
          if (hasCode(error, 'GC_RUNTIME_NOT_FOUND')) return undefined;
          throw error;
        }
      },
      sandbox: async (id) => {
        const answer = await grpc.call(`${service}/PodSandboxStatus`, {
          pod_sandbox_id: id,
          verbose: true,
        });
        const status = objectOf(answer['status']);
        const ports = sandboxPorts(textMapOf(answer['info'])['info'] ?? '');
        return {
          labels: textMapOf(status['labels']),
          ip: textOf(objectOf(status['network'])['ip']),
          ...(ports === undefined ? {} : { ports }),
        };
      },
      stop: async (id, graceSeconds, signal) => {
        await grpc.call(
          `${service}/StopContainer`,
          { container_id: id, timeout: graceSeconds },
          { signal, timeoutMs: graceSeconds * 1000 + STOP_EXTRA_MS },
        );
      },
      close: () => grpc.close(),
    };
  } catch (error) {
    grpc.close();
    throw error;
  }
}
