// Unpacks and checks what agents send, away from the server's main loop: reports of hosts are large.
import { gunzipSync } from 'node:zlib';
import {
  type InUseUpload,
  InUseUploadSchema,
  SCAN_UPLOAD_MAX_BYTES,
  type ScanUpload,
  ScanUploadSchema,
} from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import { Compile } from 'typebox/compile';
import type { Work } from '../helper/protocol.ts';

const checks = { scan: Compile(ScanUploadSchema), 'in-use': Compile(InUseUploadSchema) };

function unpacked(bytes: Uint8Array, gzip: boolean, maxBytes: number): Uint8Array {
  if (!gzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    if (isLarge)
      throw new CodedError('GC_BODY_TOO_LARGE', 'the upload is too large when unpacked', { cause });
    throw new CodedError('GC_INVALID_REQUEST', 'the upload is not gzip', { cause });
  }
}

/** @throws CodedError GC_BODY_TOO_LARGE, GC_INVALID_JSON, GC_INVALID_REQUEST with the place that is wrong. */
export function checkedUpload(
  what: 'scan' | 'in-use',
  bytes: Uint8Array,
  gzip: boolean,
  maxBytes: number,
): ScanUpload | InUseUpload {
  let value: unknown;
  const text = new TextDecoder().decode(unpacked(bytes, gzip, maxBytes));
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CodedError('GC_INVALID_JSON', 'the upload is not valid JSON', { cause });
  }
  const check = checks[what];
  if (check.Check(value)) return value;
  const [first] = check.Errors(value);
  const message = `${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'}`;
  throw new CodedError('GC_INVALID_REQUEST', message, { at: first?.instancePath ?? '' });
}

export const readUpload: Work<'readUpload'> = async ({ what, bytes, gzip }) =>
  checkedUpload(what, bytes, gzip, SCAN_UPLOAD_MAX_BYTES);
