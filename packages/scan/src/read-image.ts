// Reads what an image holds, wherever it comes from.
import type { MisconfigurationFinding, ScanArtifact, SecretFinding } from '@guardcell/core';
import { type ImageConfig, openImage, type PathExclusion, readLayers } from '@guardcell/image';
import { analyzersFor } from './analyzers-for.ts';
import { layerSteps } from './layer-steps.ts';
import type { ScanOptions, ScanTarget } from './scan-target.ts';
import { artifactOf, signalOf, type TargetContents } from './target-contents.ts';

/** @throws CodedError GC_IMAGE_…, GC_REGISTRY_… when the image cannot be opened; layers that fail are in `errors`. */
export async function readImage(
  { reference, digest }: Extract<ScanTarget, { kind: 'image' }>,
  options: ScanOptions,
  exclusion?: PathExclusion,
): Promise<TargetContents> {
  const pinned = digest === undefined ? reference : `${reference}@${digest}`;
  const image = await openImage(pinned, { ...options.image, ...signalOf(options) });
  try {
    const contents = await readLayers(image.layers, await analyzersFor('image', options), {
      ...(options.cache === undefined ? {} : { cache: options.cache }),
      ...(exclusion === undefined ? {} : { exclusion }),
      ...signalOf(options),
      onLayer: (done, total) => options.onProgress?.({ stage: 'layers', done, total }),
    });
    const artifact = artifactOf({ kind: 'image', name: reference }, contents, {
      digest: image.digest,
      ...(image.configDigest !== '' && { imageId: image.configDigest }),
      platform: image.platform,
      layers: image.layers.map((layer) => layer.diffId),
    });
    const steps = await layerSteps(image.config, artifact.layers.length, options);
    const secrets = [...contents.secrets, ...(await configSecrets(image.config, options))];
    const settings = await settingsFindings(reference, image.config, artifact, options);
    return {
      ...contents,
      secrets,
      misconfigurations: [...settings, ...contents.misconfigurations],
      artifact: steps.length === 0 ? artifact : { ...artifact, steps },
    };
  } finally {
    await image.close();
  }
}

async function settingsFindings(
  reference: string,
  config: ImageConfig,
  artifact: ScanArtifact,
  { only }: ScanOptions,
): Promise<readonly MisconfigurationFinding[]> {
  if (only?.has('misconfig') === false) return [];
  const { imageSettingsFindings } = await import('./image-settings.ts');
  return imageSettingsFindings(reference, config, artifact);
}

/** Whoever can pull the image reads its environment, labels and the commands it was built with. */
async function configSecrets(config: ImageConfig, options: ScanOptions): Promise<readonly SecretFinding[]> {
  if (options.only?.has('secrets') === false) return [];
  const { scanText } = await import('@guardcell/secrets');
  const { scanner } = (await import('./secret-scanner.ts')).secretScannerFor(options);
  const labels = Object.entries(config.labels).map(([name, value]) => `${name}=${value}`);
  const history = config.history.map(({ createdBy }) => createdBy);
  // Names as files of settings have them, so that values without quotes are seen.
  return [
    ...scanText('image-config/.env', config.env.join('\n'), { scanner }),
    ...scanText('image-config/labels.env', labels.join('\n'), { scanner }),
    ...scanText('image-config/history.sh', history.join('\n'), { scanner }),
  ];
}
