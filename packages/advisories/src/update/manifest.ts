// `advisories.json`: what a mirror offers.
import { CodedError } from '@guardcell/kit';
import { listOf, number, objectOf, type Untyped, word } from '../loose.ts';

export const MANIFEST_NAME = 'advisories.json';

export interface OfferedFile {
  /** Beside the manifest; never a path. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface Manifest {
  readonly schemaVersion: number;
  readonly revision: string;
  readonly builtAt: string;
  /** Of the database file itself, unpacked. */
  readonly sha256: string;
  readonly bytes: number;
  /** Ed25519 over the sha256, base64; empty when not signed. */
  readonly signature: string;
  readonly full: OfferedFile;
  /** Each turns the database with this sha256 into the new one. */
  readonly deltas: readonly (OfferedFile & { readonly from: string })[];
}

const HEX = /^[0-9a-f]{64}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;

function offered(value: unknown): OfferedFile | undefined {
  const entry = objectOf(value);
  const file = { file: word(entry['file']), sha256: word(entry['sha256']), bytes: number(entry['bytes']) };
  return NAME.test(file.file) && HEX.test(file.sha256) && file.bytes > 0 ? file : undefined;
}

/** @throws CodedError GC_DB_MANIFEST for text that is no manifest. */
export function parseManifest(text: string, at: string): Manifest {
  const refuse = (message: string, cause?: unknown): CodedError =>
    new CodedError('GC_DB_MANIFEST', message, { at, hint: 'Check the address of the mirror.', cause });
  let root: Untyped;
  try {
    root = objectOf(JSON.parse(text));
  } catch (cause) {
    throw refuse('the manifest of the database is not well-formed JSON', cause);
  }
  const full = offered(root['full']);
  const sha256 = word(root['sha256']);
  if (full === undefined || !HEX.test(sha256))
    throw refuse('this is no manifest of a vulnerability database');
  return {
    schemaVersion: number(root['schemaVersion']),
    revision: word(root['revision']),
    builtAt: word(root['builtAt']),
    sha256,
    bytes: number(root['bytes']),
    signature: word(root['signature']),
    full,
    deltas: listOf(root['deltas']).flatMap((value) => {
      const file = offered(value);
      const from = word(objectOf(value)['from']);
      return file === undefined || !HEX.test(from) ? [] : [{ ...file, from }];
    }),
  };
}
