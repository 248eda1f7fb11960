// `guardcell scan image`
import { CodedError } from '@guardcell/kit';
import type { Command } from '../../command.ts';
import { EXCLUDE_OPTION } from './exclude.ts';
import { refuseForeignKind, withLocalHint } from './image-hints.ts';
import { imageOptions, REGISTRY_OPTIONS, STORE_OPTIONS } from './image-options.ts';
import { OTHER_IMAGE_NAMES } from './other-names.ts';
import { runScan } from './run-scan.ts';
import { CACHE_OPTIONS, cacheOf, SCAN_OPTIONS } from './scan-options.ts';

export const scanImage: Command = {
  name: 'scan image',
  summary: 'scan a container image from a registry, a container store or an archive',
  usage: 'REFERENCE',
  options: {
    ...REGISTRY_OPTIONS,
    ...STORE_OPTIONS,
    ...SCAN_OPTIONS,
    ...EXCLUDE_OPTION,
    ...CACHE_OPTIONS,
  },
  otherNames: OTHER_IMAGE_NAMES,
  isVerdict: true,
  examples: [
    'guardcell scan image docker:web:latest',
    'guardcell scan image registry.example.com/web:1.2 --fail-on high',
    'guardcell scan image docker-archive:web.tar -o json',
    'guardcell scan image oci:layout-folder --platform linux/arm64',
  ],
  async run(context) {
    const [reference, ...more] = context.positionals;
    if (reference === undefined || more.length > 0) {
      throw new CodedError('GC_USAGE', 'name one image', {
        hint: 'guardcell scan image --help shows examples.',
      });
    }
    refuseForeignKind(reference);
    const cache = cacheOf(context);
    const image = await imageOptions(context);
    try {
      return await runScan(
        context,
        { kind: 'image', reference },
        { image, ...(cache === undefined ? {} : { cache }) },
      );
    } catch (error) {
      throw withLocalHint(error, reference);
    }
  },
};
