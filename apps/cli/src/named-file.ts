// A text file that an option names: missing ones are a mistake of the call, not of the program.
import { readFileSync, statSync } from 'node:fs';
import { CodedError, systemErrorCode } from '@guardcell/kit';

/** A report of a host with tens of thousands of findings has some tens of megabytes. */
const MAX_BYTES = 256 * 2 ** 20;

/** @throws CodedError with this code when there is no such file, or it cannot be read or is too large. */
export function readNamedFile(path: string, code = 'GC_USAGE'): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) {
      throw new CodedError(code, `the file has ${size} bytes, at most ${MAX_BYTES} are read`, { at: path });
    }
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError(code, `the file cannot be read (${systemErrorCode(cause) ?? 'unknown'})`, {
      at: path,
      cause,
    });
  }
}
