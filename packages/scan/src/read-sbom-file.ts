// Reads an SBOM as if its artifact had been scanned.
import { createReadStream } from 'node:fs';
import type { ScanError } from '@guardcell/core';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import type { UnknownComponent } from '@guardcell/report';
import type { TargetContents } from './target-contents.ts';

/** @throws CodedError GC_TARGET_NOT_FOUND, GC_SBOM_TOO_LARGE, GC_SBOM_MALFORMED. */
export async function readSbomFile(path: string): Promise<TargetContents> {
  const { MAX_SBOM_LENGTH, readSbom } = await import('@guardcell/report');
  const sbom = readSbom(await sbomText(path, MAX_SBOM_LENGTH));
  if ('problem' in sbom) {
    throw new CodedError('GC_SBOM_MALFORMED', sbom.problem, {
      at: path,
      hint: 'CycloneDX (JSON, XML) and SPDX (JSON, tag-value) are read.',
    });
  }
  const errors: ScanError[] = sbom.problems.map((message) => ({
    code: 'GC_SBOM_PART',
    message,
    at: path,
    hint: '',
  }));
  errors.push(...unknownNote(path, sbom.unknown));
  return {
    artifact: {
      kind: 'sbom',
      name: path,
      digest: '',
      platform: '',
      layers: [],
      size: 0,
      ...(sbom.os === undefined ? {} : { os: sbom.os }),
    },
    packages: sbom.packages,
    secrets: [],
    misconfigurations: [],
    malware: [],
    errors,
  };
}

const SHOWN = 5;

/** Components that nothing is known about: they are in the SBOM, and in no report. */
function unknownNote(path: string, unknown: readonly UnknownComponent[]): readonly ScanError[] {
  if (unknown.length === 0) return [];
  const names = unknown.slice(0, SHOWN).map(({ name, version }) => `${name} ${version}`.trim());
  const more = unknown.length > SHOWN ? ', …' : '';
  return [
    {
      code: 'GC_SBOM_UNKNOWN',
      level: 'note',
      message: `${unknown.length} ${unknown.length === 1 ? 'component has' : 'components have'} no package URL of an ecosystem with advisories and cannot be judged: ${names.join(', ')}${more}`,
      at: path,
      hint: 'Applications and files need none; packages should have a purl.',
    },
  ];
}

/** Read to its end or to the bound, whichever comes first: pipes do not say how long they are. */
async function bytesOf(stream: AsyncIterable<Buffer>, path: string, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.byteLength;
    if (size > maxBytes)
      throw new CodedError('GC_SBOM_TOO_LARGE', `the file has more than ${maxBytes} bytes`, { at: path });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** `-` is standard input. */
async function sbomText(path: string, maxBytes: number): Promise<string> {
  try {
    const bytes = await bytesOf(path === '-' ? process.stdin : createReadStream(path), path, maxBytes);
    // As a redirection in PowerShell writes it.
    return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof CodedError || code === undefined) throw error;
    throw new CodedError('GC_TARGET_NOT_FOUND', `the file cannot be read (${code})`, {
      at: path,
      cause: error,
    });
  }
}
