// gRPC over a Unix socket with plain functions: deadlines, size bounds, our own errors. Loaded only when needed.
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { CodedError } from '@guardcell/kit';
import { type JsonObject, objectOf } from '../json-fields.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface GrpcCallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface GrpcClient {
  /**
   * One question, one answer. `method` is `package.Service/Method`.
   * @throws CodedError GC_RUNTIME_NOT_FOUND, GC_RUNTIME_UNSUPPORTED, GC_RUNTIME_UNREACHABLE, GC_RUNTIME_REFUSED.
   */
  call(method: string, message: JsonObject, options?: GrpcCallOptions): Promise<JsonObject>;
  /** An endless answer; settles when it is over, the value says why. */
  stream(method: string, message: JsonObject, onMessage: (message: JsonObject) => void): Promise<string>;
  close(): void;
}

export type GrpcFailure =
  | 'GC_RUNTIME_NOT_FOUND'
  | 'GC_RUNTIME_UNSUPPORTED'
  | 'GC_RUNTIME_UNREACHABLE'
  | 'GC_RUNTIME_REFUSED';

const CODE_OF_STATUS: ReadonlyMap<number, GrpcFailure> = new Map([
  [status.NOT_FOUND, 'GC_RUNTIME_NOT_FOUND'],
  [status.UNIMPLEMENTED, 'GC_RUNTIME_UNSUPPORTED'],
  [status.UNAVAILABLE, 'GC_RUNTIME_UNREACHABLE'],
  [status.DEADLINE_EXCEEDED, 'GC_RUNTIME_UNREACHABLE'],
  [status.CANCELLED, 'GC_RUNTIME_UNREACHABLE'],
]);

function failure(error: ServiceError, socket: string): CodedError<GrpcFailure> {
  const code = CODE_OF_STATUS.get(error.code) ?? 'GC_RUNTIME_REFUSED';
  return new CodedError(code, error.details || error.message, { at: socket, cause: error });
}

type SecondNames = Readonly<Record<string, string>>;

interface Method {
  readonly path: string;
  readonly serialize: (value: JsonObject) => Buffer;
  readonly deserialize: (bytes: Buffer) => JsonObject;
}

/** Every method of these .proto files by `package.Service/Method`, those of a package with a second name by both. */
function methodsOf(protoFiles: readonly string[], secondNames: SecondNames): ReadonlyMap<string, Method> {
  const definition = loadSync([...protoFiles], {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
  });
  const methods = new Map<string, Method>();
  for (const entry of Object.values(definition)) {
    if ('format' in entry) continue;
    for (const { path, requestSerialize, responseDeserialize } of Object.values(entry)) {
      const name = path.slice(1);
      const method = {
        serialize: requestSerialize,
        deserialize: (bytes: Buffer): JsonObject => objectOf(responseDeserialize(bytes)),
      };
      methods.set(name, { path, ...method });
      for (const [first, second] of Object.entries(secondNames)) {
        if (!name.startsWith(`${first}.`)) continue;
        const other = `${second}${name.slice(first.length)}`;
        methods.set(other, { path: `/${other}`, ...method });
      }
    }
  }
  return methods;
}

function metadataOf(headers: Readonly<Record<string, string>> = {}): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

/**
 * A client for the services in `protoFiles`; connects with the first call. `secondNames`: packages that older servers call
 * otherwise, with the same messages.
 */
export function openGrpc(
  socket: string,
  protoFiles: readonly string[],
  secondNames: SecondNames = {},
): GrpcClient {
  const methods = methodsOf(protoFiles, secondNames);
  const client = new Client(`unix:${socket}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.default_authority': 'localhost',
    'grpc.use_local_subchannel_pool': 1,
    // The inventory reconnects by itself.
    'grpc.enable_retries': 0,
  });

  function methodNamed(name: string): Method {
    const method = methods.get(name);
    if (method === undefined)
      throw new CodedError('GC_RUNTIME_UNSUPPORTED', `no method ${name} is described`);
    return method;
  }

  return {
    call: (name, message, { headers, signal, timeoutMs = ANSWER_TIMEOUT_MS } = {}) =>
      new Promise((resolve, reject) => {
        const { path, serialize, deserialize } = methodNamed(name);
        const deadline = Date.now() + timeoutMs;
        const call = client.makeUnaryRequest(
          path,
          serialize,
          deserialize,
          message,
          metadataOf(headers),
          { deadline },
          (error, answer) => {
            signal?.removeEventListener('abort', cancel);
            if (error === null) resolve(answer ?? {});
            else reject(failure(error, socket));
          },
        );
        function cancel(): void {
          call.cancel();
        }
        if (signal?.aborted === true) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      }),
    stream: (name, message, onMessage) =>
      new Promise((resolve) => {
        const { path, serialize, deserialize } = methodNamed(name);
        const call = client.makeServerStreamRequest(path, serialize, deserialize, message);
        call.on('data', (item: unknown) => onMessage(objectOf(item)));
        call.on('error', (error: Error) => resolve(error.message));
        call.on('end', () => resolve('the runtime closed the event stream'));
      }),
    close: () => client.close(),
  };
}
