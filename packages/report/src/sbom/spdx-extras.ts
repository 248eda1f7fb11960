// What SPDX has no word for travels as JSON in an annotation of ours, so that reading gives the same packages again.
import type { PackageLocation, SoftwarePackage } from '@guardcell/core';
import type { PackageExtras } from './component-package.ts';
import { list, record, text, texts } from './untyped.ts';

/** Starts the comment of our annotations. */
const EXTRAS_MARK = 'guardcell-package: ';

export interface SpdxExtras {
  readonly extras: PackageExtras;
  readonly locations: readonly PackageLocation[];
  readonly licenses: readonly string[];
}

/** The annotation's comment. `<` is escaped, so that it may stand within `<text>` of tag-value documents. */
export function spdxExtrasComment(item: SoftwarePackage): string {
  const { version: _version, purl: _purl, ...rest } = item;
  return EXTRAS_MARK + JSON.stringify(rest).replaceAll('<', String.raw`\u003c`);
}

/** Undefined when the comment is none of ours; members of other types count as absent. */
export function readSpdxExtras(comment: string): SpdxExtras | undefined {
  if (!comment.startsWith(EXTRAS_MARK)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(comment.slice(EXTRAS_MARK.length));
  } catch {
    return undefined;
  }
  const members = record(value);
  const source = record(members['source']);
  const strings = Object.fromEntries(
    ['type', 'name', 'arch', 'thirdParty', 'ownedBy'].flatMap((key) => {
      const member = members[key];
      return typeof member === 'string' ? [[key, member]] : [];
    }),
  );
  const flags = Object.fromEntries(
    ['dev', 'direct', 'inert'].flatMap((key) => {
      const member = members[key];
      return typeof member === 'boolean' ? [[key, member]] : [];
    }),
  );
  return {
    extras: {
      ...strings,
      ...flags,
      ...(text(source['name']) === ''
        ? {}
        : { source: { name: text(source['name']), version: text(source['version']) } }),
      ...(Array.isArray(members['symbols']) ? { symbols: texts(members['symbols']) } : {}),
    },
    locations: list(members['locations'])
      .map(record)
      .flatMap((location) => {
        const [path, layer] = [text(location['path']), text(location['layer'])];
        return path === '' ? [] : [layer === '' ? { path } : { path, layer }];
      }),
    licenses: texts(members['licenses']),
  };
}
