// Lists that come in pages. Spec: OCI distribution-spec, listing tags; RFC 8288 for `Link`.
import { readBounded } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import { isObject, type JsonObject, parseJson, textsOf } from '../json-fields.ts';
import type { HttpAnswer } from './http-exchange.ts';
import { type RegistryConnection, type RegistryRequest, statusFailure } from './registry-request.ts';

const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const MAX_PAGES = 10_000;

/** The address of the next page; empty after the last. */
export function nextLink(header: string): string {
  for (const [, target = '', parameters = ''] of header.matchAll(/<([^<>]{1,4096})>([^<]*)/g)) {
    if (/;\s*rel="?next"?/i.test(parameters)) return target;
  }
  return '';
}

async function jsonOf(answer: HttpAnswer, at: string): Promise<JsonObject> {
  const value = parseJson(await readBounded(answer.body, MAX_PAGE_BYTES, at));
  if (isObject(value)) return value;
  throw imageFailure('GC_REGISTRY_ANSWER', 'the registry answers with something else than JSON', { at });
}

/** The pages of a list as JSON objects; nothing when the registry does not know it and `optional` is set. */
export async function* pages(
  connection: RegistryConnection,
  first: RegistryRequest,
  optional: boolean,
): AsyncGenerator<{ readonly page: JsonObject; readonly headers: HttpAnswer['headers'] }, void, undefined> {
  const seen = new Set<string>();
  let path = first.path;
  while (path !== '') {
    const at = `${connection.host}${path}`;
    if (seen.has(path) || seen.size >= MAX_PAGES) {
      throw imageFailure('GC_REGISTRY_ANSWER', 'the pages of the list never end', { at });
    }
    seen.add(path);
    const request = { ...first, path };
    const answer = await connection.ask(request);
    if (answer.status !== 200) {
      answer.discard();
      if (optional && seen.size === 1) return;
      if (answer.status === 404)
        throw imageFailure('GC_IMAGE_NOT_FOUND', 'the registry does not have this list', { at });
      throw statusFailure(connection.host, request, answer.status);
    }
    yield { page: await jsonOf(answer, at), headers: answer.headers };
    const next = nextLink(answer.headers['link'] ?? '');
    const base = new URL(path, `http://${connection.host}`);
    if (next === '') return;
    if (!URL.canParse(next, base))
      throw imageFailure('GC_REGISTRY_ANSWER', 'the next page has no usable address', { at });
    const url = new URL(next, base);
    path = `${url.pathname}${url.search}`;
  }
}

/** The texts of one member of every page. */
export async function* pagedTexts(
  connection: RegistryConnection,
  path: string,
  repository: string,
  member: string,
): AsyncGenerator<string, void, undefined> {
  for await (const { page } of pages(connection, { method: 'GET', path, repository }, false)) {
    yield* textsOf(page[member]);
  }
}
