// Where the parameters of one event lie in the bytes.
import { EVENT_HEADER_V1, EVENT_HEADER_V2 } from '../format/blocks.ts';

/** How lengths of parameters stand before them. */
export const LAYOUT = { v1: 0, v2: 1, v2Large: 2 } as const;

/** More than any event of the table has, so that events of later versions are read too. */
export const MAX_PARAMS = 128;

/**
 * Writes the start of each parameter into `starts`, the end of the last after it, and returns their number; −1 when
 * the lengths contradict the event's own. `at` is the event's header, `length` the whole event.
 * Old events do not say how many parameters they have: the largest number that fits is it (spec §4).
 */
export function layOut(
  view: DataView,
  at: number,
  length: number,
  layout: number,
  tableParams: number,
  starts: Int32Array,
): number {
  if (layout === LAYOUT.v1) {
    for (let count = tableParams; count >= 0; count -= 1) {
      if (fits(view, at, length, EVENT_HEADER_V1, count, 2, starts)) return count;
    }
    return -1;
  }
  if (length < EVENT_HEADER_V2) return -1;
  const count = view.getUint32(at + EVENT_HEADER_V1, true);
  if (count > MAX_PARAMS) return -1;
  return fits(view, at, length, EVENT_HEADER_V2, count, layout === LAYOUT.v2Large ? 4 : 2, starts)
    ? count
    : -1;
}

function fits(
  view: DataView,
  at: number,
  length: number,
  header: number,
  count: number,
  width: 2 | 4,
  starts: Int32Array,
): boolean {
  const lengths = at + header;
  let position = lengths + count * width;
  const end = at + length;
  if (position > end) return false;
  for (let index = 0; index < count; index += 1) {
    starts[index] = position;
    const place = lengths + index * width;
    position += width === 2 ? view.getUint16(place, true) : view.getUint32(place, true);
    if (position > end) return false;
  }
  starts[count] = position;
  return position === end;
}
