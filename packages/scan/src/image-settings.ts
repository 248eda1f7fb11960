// Checks what an image says of itself: user, environment, health check, how it was built.
import type { MisconfigurationFinding } from '@guardcell/core';
import type { ImageConfig } from '@guardcell/image';
import { checkDocument } from '@guardcell/posture';

const FROM_FILES = /^(?:docker-archive|oci|oci-archive):/;

/** Findings with paths such as `config:User` and `history:3`. */
export function imageSettingsFindings(
  reference: string,
  config: ImageConfig,
  { layers, size }: { readonly layers: readonly string[]; readonly size: number },
): readonly MisconfigurationFinding[] {
  const { user, env, exposedPorts, labels, healthcheck, history } = config;
  return checkDocument('image', 'config', {
    // Archives have names of files.
    reference: FROM_FILES.test(reference) ? '' : reference.replace(/^(?:docker|containerd):/, ''),
    user,
    env,
    exposedPorts,
    labels,
    healthcheck: healthcheck?.test,
    history,
    layers,
    size,
  }).findings;
}
