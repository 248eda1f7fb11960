// What SPDX has no word for travels as JSON in an annotation of ours, so that reading gives the same packages again.
import {
  listOf,
  objectOf,
  type PackageLocation,
  type SoftwarePackage,
  textOf,
  textsOf,
} from '@guardcell/core';
import type { PackageExtras } from './component-package.ts';

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
  const members = objectOf(value);
  const source = objectOf(members['source']);
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
      ...(textOf(source['name']) === ''
        ? {}
        : { source: { name: textOf(source['name']), version: textOf(source['version']) } }),
      ...(Array.isArray(members['symbols']) ? { symbols: textsOf(members['symbols']) } : {}),
    },
    locations: listOf(members['locations'])
      .map(objectOf)
      .flatMap((location) => {
        const [path, layer] = [textOf(location['path']), textOf(location['layer'])];
        return path === '' ? [] : [layer === '' ? { path } : { path, layer }];
      }),
    licenses: textsOf(members['licenses']),
  };
}
