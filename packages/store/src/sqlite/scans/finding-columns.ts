// The findings of one artifact as columns of 32-bit integers: 24 bytes each, read without parsing, quick to filter.
import {
  IN_USE,
  type InUse,
  SEVERITIES,
  type Severity,
  VULNERABILITY_STATUSES,
  type VulnerabilityStatus,
} from '@guardcell/core';
import { storeError } from '../../store-error.ts';

/** Element `i` of each column belongs to finding `i`. */
export interface FindingColumns {
  readonly length: number;
  /** Keys of rows in `fact`, `package` and `fixed`; no fixed version: 0. */
  readonly fact: Int32Array;
  readonly package: Int32Array;
  readonly fixed: Int32Array;
  /** Severity, status, grade of use, score and layer, see `packTraits`. */
  readonly traits: Int32Array;
  /** Seconds since 1970. */
  readonly firstSeen: Int32Array;
  /** Days since 1970 before which the report itself silences it; 0 when it does not. */
  readonly silencedBefore: Int32Array;
}

const COLUMNS = 6;
/** Silenced without an end. */
export const FOREVER = 0x7fff_ffff;
/** Layers are told apart up to here; the lowest is 1, 0 stands for none. */
const MOST_LAYERS = 0x7fff;

export function emptyColumns(length: number): FindingColumns {
  return columnsIn(new ArrayBuffer(length * COLUMNS * 4));
}

function columnsIn(buffer: ArrayBuffer): FindingColumns {
  const length = buffer.byteLength / (COLUMNS * 4);
  const column = (index: number): Int32Array => new Int32Array(buffer, index * length * 4, length);
  return {
    length,
    fact: column(0),
    package: column(1),
    fixed: column(2),
    traits: column(3),
    firstSeen: column(4),
    silencedBefore: column(5),
  };
}

/** As the blob of the file. */
export function bytesOfColumns({ fact, length }: FindingColumns): Uint8Array {
  return new Uint8Array(fact.buffer as ArrayBuffer, 0, length * COLUMNS * 4);
}

/** @throws CodedError GC_STORE_CORRUPT when the length cannot be right. */
export function columnsOfBytes(data: Uint8Array): FindingColumns {
  if (data.byteLength % (COLUMNS * 4) !== 0)
    throw storeError('GC_STORE_CORRUPT', 'the findings of an artifact have a wrong length');
  const whole = data.byteOffset === 0 && data.byteLength === data.buffer.byteLength;
  return columnsIn((whole ? data.buffer : data.slice().buffer) as ArrayBuffer);
}

export interface Traits {
  readonly severity: Severity;
  readonly status: VulnerabilityStatus;
  readonly inUse: InUse;
  /** 0–100, rounded. */
  readonly score: number;
  /** Number of the layer, lowest 1; 0 where unknown. */
  readonly layer: number;
}

/** Bits from the lowest: 3 severity, 3 status, 3 use, 7 score, 15 layer. */
export function packTraits({ severity, status, inUse, score, layer }: Traits): number {
  return (
    SEVERITIES.indexOf(severity) |
    (VULNERABILITY_STATUSES.indexOf(status) << 3) |
    (IN_USE.indexOf(inUse) << 6) |
    (Math.round(Math.max(0, Math.min(100, score))) << 9) |
    (Math.min(layer, MOST_LAYERS) << 16)
  );
}

export const severityIn = (traits: number): number => traits & 7;
export const statusIn = (traits: number): number => (traits >> 3) & 7;
export const inUseIn = (traits: number): number => (traits >> 6) & 7;
export const scoreIn = (traits: number): number => (traits >> 9) & 127;
export const layerIn = (traits: number): number => traits >> 16;
