// containerd's image and content services over one socket.
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { imageFailure } from '../failures.ts';
import { type JsonObject, objectOf, textOf } from '../json-fields.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const PROTOS = ['images', 'content'].map((name) => `${import.meta.dirname}/protos/${name}.proto`);
const IMAGES = 'containerd.services.images.v1.Images';
const CONTENT = 'containerd.services.content.v1.Content';

export interface ContentClient {
  /** Digest of the manifest or index that a name stands for; undefined when the namespace lacks the name. */
  target(namespace: string, name: string): Promise<string | undefined>;
  /** @throws CodedError GC_IMAGE_NOT_FOUND when the content is not there, GC_IMAGE_STORE. */
  read(namespace: string, digest: string): AsyncIterable<Uint8Array>;
  close(): void;
}

function failure(thrown: unknown, at: string): Error {
  const error = thrown as Partial<ServiceError>;
  if (error.code === status.NOT_FOUND) {
    return imageFailure('GC_IMAGE_NOT_FOUND', 'containerd does not have this content', {
      at,
      hint: 'containerd may discard layers once they are unpacked; pull the image again, or read it from its registry.',
      cause: thrown,
    });
  }
  const hint = 'Is containerd running, and may this user use its socket?';
  return imageFailure('GC_IMAGE_STORE', `containerd refuses: ${error.details ?? 'unknown'}`, {
    at,
    hint,
    cause: thrown,
  });
}

function methodOf(
  definition: ReturnType<typeof loadSync>,
  service: string,
  name: string,
): MethodDefinition<object, object> {
  const methods = definition[service] as Record<string, MethodDefinition<object, object>> | undefined;
  const method = methods?.[name];
  if (method === undefined) throw imageFailure('GC_IMAGE_STORE', `${service}/${name} is not described`);
  return method;
}

/** Connects with the first call. */
export function contentClient(socket: string): ContentClient {
  const definition = loadSync(PROTOS, { keepCase: true, longs: Number, defaults: true });
  const client = new Client(`unix:${socket}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.default_authority': 'localhost',
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
  });

  function metadata(namespace: string): Metadata {
    const made = new Metadata();
    made.set('containerd-namespace', namespace);
    return made;
  }

  function call(service: string, name: string, namespace: string, message: JsonObject): Promise<JsonObject> {
    const { path, requestSerialize, responseDeserialize } = methodOf(definition, service, name);
    const deadline = Date.now() + ANSWER_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        message,
        metadata(namespace),
        { deadline },
        (error, answer) => (error === null ? resolve(objectOf(answer)) : reject(error)),
      );
    });
  }

  async function* read(namespace: string, digest: string): AsyncGenerator<Uint8Array, void, undefined> {
    const { path, requestSerialize, responseDeserialize } = methodOf(definition, CONTENT, 'Read');
    const message = { digest, offset: 0, size: 0 };
    const stream = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      metadata(namespace),
    );
    try {
      for await (const item of stream) {
        const { data } = objectOf(item) as { readonly data?: unknown };
        if (data instanceof Uint8Array && data.byteLength > 0) yield data;
      }
    } catch (error) {
      throw failure(error, `containerd ${namespace}, ${digest}`);
    } finally {
      stream.cancel();
    }
  }

  return {
    target: async (namespace, name) => {
      try {
        const answer = await call(IMAGES, 'Get', namespace, { name });
        return textOf(objectOf(objectOf(answer['image'])['target'])['digest']) || undefined;
      } catch (error) {
        if ((error as Partial<ServiceError>).code === status.NOT_FOUND) return undefined;
        throw failure(error, socket);
      }
    },
    read,
    close: () => client.close(),
  };
}
