// Recognises a VEX document by what is in it and reads it.
import { isCsaf, readCsaf } from './csaf.ts';
import { isCycloneDx, readCycloneDxVex } from './cyclonedx.ts';
import { isOpenVex, readOpenVex } from './openvex.ts';
import type { VexReading } from './statement.ts';

interface VexFormat {
  readonly recognises: (document: unknown) => boolean;
  readonly read: (document: unknown, name: string) => VexReading;
}

const FORMATS: readonly VexFormat[] = [
  { recognises: isOpenVex, read: readOpenVex },
  { recognises: isCsaf, read: readCsaf },
  { recognises: isCycloneDx, read: readCycloneDxVex },
];

/** Statements of a parsed document; undefined when it is none of OpenVEX, CSAF and CycloneDX. */
export function readVex(document: unknown, name: string): VexReading | undefined {
  return FORMATS.find((format) => format.recognises(document))?.read(document, name);
}
