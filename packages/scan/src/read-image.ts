// Reads what an image holds, wherever it comes from.
import { openImage, readLayers } from '@guardcell/image';
import { analyzersFor } from './analyzers-for.ts';
import type { ScanOptions } from './scan-target.ts';
import { artifactOf, signalOf, type TargetContents } from './target-contents.ts';

/** @throws CodedError GC_IMAGE_…, GC_REGISTRY_… when the image cannot be opened; layers that fail are in `errors`. */
export async function readImage(reference: string, options: ScanOptions): Promise<TargetContents> {
  const image = await openImage(reference, { ...options.image, ...signalOf(options) });
  try {
    const contents = await readLayers(image.layers, analyzersFor('image', options), {
      ...(options.cache === undefined ? {} : { cache: options.cache }),
      ...signalOf(options),
      onLayer: (done, total) => options.onProgress?.({ stage: 'layers', done, total }),
    });
    const artifact = artifactOf({ kind: 'image', name: reference }, contents, {
      digest: image.digest,
      platform: image.platform,
      layers: image.layers.map((layer) => layer.diffId),
    });
    return { ...contents, artifact };
  } finally {
    await image.close();
  }
}
