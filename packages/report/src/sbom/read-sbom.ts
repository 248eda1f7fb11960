// Reads an SBOM of any format that we know; the format is told by the content, not by a file name.

import { objectOf, readXml, textOf, type Untyped, type XmlElement } from '@guardcell/core';
import { readCyclonedx } from './cyclonedx.ts';
import { cyclonedxJsonOfXml } from './cyclonedx-xml.ts';
import type { ReadSbom } from './sbom-content.ts';
import { readSpdx } from './spdx.ts';
import { spdxJsonOfTagValue } from './spdx-tag-value.ts';
import { readSpdx3 } from './spdx3.ts';

/** UTF-16 code units; callers should refuse larger files before they read them. */
export const MAX_SBOM_LENGTH = 256 * 1024 * 1024;

function readJson(source: string): ReadSbom {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    return { problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const document = openedEnvelope(objectOf(value));
  // In-toto statements and older tools wrap the document.
  const inner = objectOf(document['predicate']);
  for (const candidate of [document, inner, objectOf(inner['Data']), objectOf(document['sbom'])]) {
    if (textOf(candidate['bomFormat']) === 'CycloneDX') return readCyclonedx(candidate, 'cyclonedx-json');
    if (textOf(candidate['spdxVersion']).startsWith('SPDX-2')) return readSpdx(candidate, 'spdx-json');
    if (Array.isArray(candidate['@graph'])) return readSpdx3(candidate);
  }
  return { problem: 'JSON, but neither CycloneDX nor SPDX' };
}

/** What an envelope of DSSE carries, as `cosign download attestation` gives it; who signed it is not asked. */
function openedEnvelope(document: Untyped): Untyped {
  const payload = textOf(document['payload']);
  if (payload === '' || !textOf(document['payloadType']).endsWith('json')) return document;
  try {
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return objectOf(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return document;
  }
}

/** The packages that the SBOM lists, or why it is none that we can read; never throws. */
export function readSbom(source: string): ReadSbom {
  if (source.length > MAX_SBOM_LENGTH) return { problem: `larger than ${MAX_SBOM_LENGTH} characters` };
  const content = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const start = content.slice(0, 1_000).trimStart();
  if (start.startsWith('{')) return readJson(content);
  if (start.startsWith('<')) {
    let root: XmlElement;
    try {
      root = readXml(content);
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
    if (root.name !== 'bom') return { problem: `XML of <${root.name.slice(0, 40)}>, not CycloneDX` };
    return readCyclonedx(cyclonedxJsonOfXml(root), 'cyclonedx-xml');
  }
  const firstLine = content
    .slice(0, 10_000)
    .split('\n')
    .find((line) => !/^\s*(?:#|$)/.test(line));
  if (firstLine?.trimStart().startsWith('SPDXVersion:') === true) {
    return readSpdx(spdxJsonOfTagValue(content), 'spdx-tag-value');
  }
  return { problem: 'neither CycloneDX (JSON, XML) nor SPDX (JSON, tag-value)' };
}
