// Sizes and durations as people write them on the command line.
import { CodedError } from '@guardcell/kit';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1000,
  m: 1000 ** 2,
  g: 1000 ** 3,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
};

/**
 * Bytes of `100MB`, `64MiB`, `5000`.
 * @throws CodedError GC_USAGE.
 */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?$/i.exec(text.trim());
  const bytes = Number(match?.[1]) * (UNITS[(match?.[2] ?? '').toLowerCase()] ?? Number.NaN);
  if (Number.isFinite(bytes) && bytes >= 1) return Math.floor(bytes);
  throw new CodedError('GC_USAGE', `'${text}' is no size`, {
    hint: 'Write 100MB, 64MiB or a number of bytes.',
  });
}

/**
 * A positive number, for options that count something.
 * @throws CodedError GC_USAGE.
 */
export function parseCount(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new CodedError('GC_USAGE', `--${option} needs a number above 0, not '${text}'`);
}

/** `12.3 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
