// Geometry of stacked time bars: pure numbers, drawn by `stacked-bars.tsx`.
import { SEVERITIES, type Severity } from '@guardcell/core';

export interface Bucket {
  readonly startMs: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Segment {
  readonly severity: Severity;
  readonly count: number;
  readonly y: number;
  readonly height: number;
}

export interface Bar {
  readonly startMs: number;
  readonly total: number;
  readonly x: number;
  readonly width: number;
  /** From the bottom (least severe) to the top. */
  readonly segments: readonly Segment[];
}

/** The smallest of 1, 2, 5 × 10ⁿ steps so that at most `lines` grid lines reach `max`. */
export function niceStep(max: number, lines: number): number {
  const raw = Math.max(1, max / lines);
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const factor of [1, 2, 5, 10]) if (factor * power >= raw) return factor * power;
  return 10 * power;
}

export interface StackLayout {
  readonly bars: readonly Bar[];
  readonly top: number;
  readonly gridLines: readonly number[];
}

export function totalOf(counts: Readonly<Record<string, number>>): number {
  let total = 0;
  for (const severity of SEVERITIES) total += counts[severity] ?? 0;
  return total;
}

/** Lays bars out in a box of `width` × `height`; a count above zero is at least one pixel high. */
export function layoutStack(buckets: readonly Bucket[], width: number, height: number): StackLayout {
  const max = Math.max(1, ...buckets.map((bucket) => totalOf(bucket.counts)));
  const step = niceStep(max, 3);
  const top = Math.ceil(max / step) * step;
  const slot = buckets.length === 0 ? width : width / buckets.length;
  const gap = slot > 6 ? 2 : slot > 3 ? 1 : 0;
  const bars = buckets.map((bucket, index): Bar => {
    let y = height;
    const segments: Segment[] = [];
    for (const severity of SEVERITIES.toReversed()) {
      const count = bucket.counts[severity] ?? 0;
      if (count === 0) continue;
      const tall = Math.max(1, (count / top) * height);
      y -= tall;
      segments.push({ severity, count, y, height: tall });
    }
    const x = index * slot + gap / 2;
    return {
      startMs: bucket.startMs,
      total: totalOf(bucket.counts),
      x,
      width: Math.max(1, slot - gap),
      segments,
    };
  });
  const gridLines: number[] = [];
  for (let value = step; value <= top; value += step) gridLines.push(value);
  return { bars, top, gridLines };
}

/** The buckets between two x positions, in either order, as a time range. */
export function rangeOfBrush(
  buckets: readonly Bucket[],
  bucketMs: number,
  width: number,
  x1: number,
  x2: number,
): { readonly fromMs: number; readonly toMs: number } | undefined {
  const first = buckets[0];
  if (first === undefined || width <= 0) return undefined;
  const slot = width / buckets.length;
  const clamp = (x: number): number => Math.min(buckets.length - 1, Math.max(0, Math.floor(x / slot)));
  const low = clamp(Math.min(x1, x2));
  const high = clamp(Math.max(x1, x2));
  return { fromMs: first.startMs + low * bucketMs, toMs: first.startMs + (high + 1) * bucketMs };
}

/** Up to `most` positions for labels on a time axis, evenly spaced. */
export function tickIndices(count: number, most: number): readonly number[] {
  if (count === 0) return [];
  const every = Math.max(1, Math.ceil(count / most));
  const indices: number[] = [];
  for (let index = 0; index < count; index += every) indices.push(index);
  return indices;
}
