// Images by id, asked for once: a thousand containers of one image cost one question.
import { type DockerImage, dockerImageOf } from './container-of-inspect.ts';
import type { EngineClient } from './engine-client.ts';

const MAX_IMAGES = 1000;
/** A tag or digest can be added to an image later (push, tag). */
const FRESH_MS = 10 * 60_000;
const NO_NAMES: DockerImage = { repoDigests: [], repoTags: [] };

export interface ImageCache {
  /** Names and digests of an image; none when the engine no longer has it. Never rejects. */
  get(imageId: string): Promise<DockerImage>;
}

interface Entry {
  readonly image: Promise<DockerImage>;
  readonly askedAtMs: number;
}

export function openImageCache(engine: EngineClient, nowMs: () => number): ImageCache {
  const entries = new Map<string, Entry>();

  async function ask(imageId: string): Promise<DockerImage> {
    try {
      const answer = await engine.ask('GET', `/images/${encodeURIComponent(imageId)}/json`);
      return answer.status === 200 ? dockerImageOf(answer.body) : NO_NAMES;
    } catch {
      entries.delete(imageId);
      return NO_NAMES;
    }
  }

  return {
    get: (imageId) => {
      if (imageId === '') return Promise.resolve(NO_NAMES);
      const known = entries.get(imageId);
      if (known !== undefined && nowMs() - known.askedAtMs < FRESH_MS) return known.image;
      const oldest = entries.keys().next();
      if (entries.size >= MAX_IMAGES && oldest.done !== true) entries.delete(oldest.value);
      const entry: Entry = { image: ask(imageId), askedAtMs: nowMs() };
      entries.set(imageId, entry);
      return entry.image;
    },
  };
}
