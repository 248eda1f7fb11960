// Platforms of images: `linux/arm64/v8`. Spec: OCI image index, and Go's names for systems and processors.
import { imageFailure } from './failures.ts';

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** `v7`, `v8` …; empty when the image does not say. */
  readonly variant: string;
}

const GO_ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
  mipsel: 'mipsle',
  loong64: 'loong64',
};
/** Names that people write, and Go's. */
const SYNONYMS: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  i386: '386',
  aarch64: 'arm64',
  armhf: 'arm',
};
const PART = /^[a-z0-9._-]+$/;

/** Images run on Linux, also where the machine itself does not. */
export function hostPlatform(processArch: string = process.arch): Platform {
  const architecture = GO_ARCHITECTURES[processArch] ?? processArch;
  return { os: 'linux', architecture, variant: architecture === 'arm' ? 'v7' : '' };
}

/** `linux/arm64/v8`, `linux/amd64` or `arm64` alone. @throws CodedError GC_IMAGE_PLATFORM. */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().toLowerCase().split('/');
  const [first = '', second, variant = ''] = parts;
  if (parts.length > 3 || parts.some((part) => !PART.test(part))) {
    throw imageFailure(
      'GC_IMAGE_PLATFORM',
      'a platform is written os/architecture or os/architecture/variant',
      {
        at: text,
        hint: 'For example linux/amd64 or linux/arm/v7.',
      },
    );
  }
  const named = second ?? first;
  return { os: second === undefined ? 'linux' : first, architecture: SYNONYMS[named] ?? named, variant };
}

export function platformText({ os, architecture, variant }: Platform): string {
  return variant === '' ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** arm64 without a variant is v8. */
function plainVariant(platform: Platform): string {
  return platform.architecture === 'arm64' && platform.variant === 'v8' ? '' : platform.variant;
}

function armVersion(platform: Platform): number {
  return Number(/^v(\d)$/.exec(platform.variant)?.[1] ?? 0);
}

/** How well an image suits: -1 not at all, else the higher the better. */
export function suitability(image: Platform, wanted: Platform): number {
  if (image.os !== wanted.os || image.architecture !== wanted.architecture) return -1;
  const own = plainVariant(image);
  const asked = plainVariant(wanted);
  if (own === asked) return 100;
  // Processors run code of older versions of 32-bit ARM.
  if (image.architecture === 'arm') {
    const version = armVersion(image);
    return asked === '' || version <= armVersion(wanted) ? version : -1;
  }
  return own === '' || asked === '' ? 50 : -1;
}
