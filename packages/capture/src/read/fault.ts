// What can be wrong with a capture, as one coded error with the place in the (unpacked) file.
import { CodedError } from '@guardcell/kit';

/**
 * `GC_CAPTURE_FORMAT`: not a capture, or one of another byte order or major version.
 * `GC_CAPTURE_TRUNCATED`: the file ends inside a block.
 * `GC_CAPTURE_CORRUPT`: lengths or counts contradict each other, or the compressed data is damaged.
 * `GC_CAPTURE_READ`: the file cannot be read.
 */
export type CaptureErrorCode =
  | 'GC_CAPTURE_FORMAT'
  | 'GC_CAPTURE_TRUNCATED'
  | 'GC_CAPTURE_CORRUPT'
  | 'GC_CAPTURE_READ';

export class CaptureError extends CodedError<CaptureErrorCode> {}

/** An error about the byte at `offset` of the unpacked file. */
export function captureError(
  code: CaptureErrorCode,
  message: string,
  offset: number,
  hint?: string,
): CaptureError {
  return new CaptureError(code, message, {
    at: `byte ${offset}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
