// Which artifact a digest speaks of. The same image is known by manifest digest in registries and by image id in
// runtimes; what names both joins them. The digest of a multi-platform index may name several images: those stay apart.
import type { ArtifactNames } from '../../scan-ports.ts';
import { mergeArtifacts } from './merge-artifacts.ts';
import type { Sql } from './scan-file.ts';

export type Digests = Pick<ArtifactNames, 'id' | 'manifestDigest' | 'imageId'>;

/** Key of the artifact that the digest, or the id of a host, is an alias of. */
export function keyOfDigest(sql: Sql, digest: string): number | undefined {
  if (digest === '') return undefined;
  const row = sql.get('SELECT artifact FROM alias WHERE digest = ?', digest);
  return row === undefined ? undefined : Number(row['artifact']);
}

function imageIdOf(sql: Sql, key: number): string {
  return String(sql.get('SELECT image FROM artifact WHERE key = ?', key)?.['image'] ?? '');
}

/** Remembers the digests of an artifact and calls it by that of its manifest as soon as that is known. */
export function nameArtifact(sql: Sql, key: number, names: Digests, change: number): void {
  const { id, manifestDigest: manifest, imageId: image } = names;
  for (const digest of [id, manifest, image]) {
    if (digest === '' || keyOfDigest(sql, digest) !== undefined) continue;
    sql.run('INSERT INTO alias VALUES (?, ?)', digest, key);
    sql.run('UPDATE artifact SET change = ? WHERE key = ?', change, key);
  }
  const ownManifest = keyOfDigest(sql, manifest) === key ? manifest : '';
  sql.run(
    `UPDATE artifact SET manifest = iif(manifest = '', ?1, manifest), image = iif(image = '', ?2, image), change = ?3
     WHERE key = ?4 AND ((manifest = '' AND ?1 <> '') OR (image = '' AND ?2 <> ''))`,
    ownManifest,
    image,
    change,
    key,
  );
  sql.run("UPDATE artifact SET id = manifest WHERE key = ? AND manifest <> '' AND id = image", key);
}

/**
 * The artifact that these names speak of, joined when they show that two are one. Undefined when none is known, or
 * when the manifest digest belongs to another image.
 */
export function identify(sql: Sql, names: Digests, change: number): number | undefined {
  const { id, manifestDigest, imageId } = names;
  if (id !== '') return keyOfDigest(sql, id);
  const byManifest = keyOfDigest(sql, manifestDigest);
  const byImage = keyOfDigest(sql, imageId);
  const key = join(sql, byManifest, byImage, imageId, change);
  if (key !== undefined) nameArtifact(sql, key, names, change);
  return key;
}

function join(
  sql: Sql,
  byManifest: number | undefined,
  byImage: number | undefined,
  imageId: string,
  change: number,
): number | undefined {
  if (byManifest === undefined || byManifest === byImage) return byImage;
  if (imageId === '') return byManifest;
  const known = imageIdOf(sql, byManifest);
  if (known !== '' && known !== imageId) return byImage;
  return byImage === undefined ? byManifest : mergeArtifacts(sql, byManifest, byImage, change);
}

/** Digests that runtimes show together with one of these; a scan that comes later is joined by them. */
export function joinByRunning(sql: Sql, names: Digests, change: number): void {
  const rows = sql.all(
    `SELECT DISTINCT manifest, image_id FROM running
     WHERE manifest <> '' AND image_id <> '' AND (manifest = ?1 OR image_id = ?2)`,
    names.manifestDigest || '-',
    names.imageId || '-',
  );
  for (const row of rows) {
    identify(
      sql,
      { id: '', manifestDigest: String(row['manifest']), imageId: String(row['image_id']) },
      change,
    );
  }
}
