// What a scan can look for; `--only` picks some of it.
import { CodedError } from '@guardcell/kit';

export const SCAN_PARTS = [
  'packages',
  'vulnerabilities',
  'secrets',
  'misconfig',
  'malware',
  'licenses',
] as const;
export type ScanPart = (typeof SCAN_PARTS)[number];

/** Reads `packages,vulnerabilities`. @throws CodedError GC_USAGE for an unknown part. */
export function parseScanParts(text: string): ReadonlySet<ScanPart> {
  const parts = new Set<ScanPart>();
  for (const word of text.split(',').map((part) => part.trim())) {
    const part = SCAN_PARTS.find((known) => known === word);
    if (part === undefined) {
      const near = SCAN_PARTS.find(
        (known) => word.length > 2 && (known.startsWith(word) || word.startsWith(known)),
      );
      throw new CodedError('GC_USAGE', `unknown part '${word}'`, {
        hint: `${near === undefined ? '' : `Did you mean ${near}? `}Use some of: ${SCAN_PARTS.join(', ')}.`,
      });
    }
    parts.add(part);
  }
  return parts;
}
