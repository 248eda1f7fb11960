// The strings extension (subset): case, split, join, replace, trim, indexOf, lastIndexOf, substring, charAt.
import { codePointIndex, codePointLength, codePointSlice, unitOffset } from '../code-points.ts';
import { fail } from '../failure.ts';
import { allowSize, allowText, charge, type Meter, textCost } from '../limits.ts';
import { type CelLibrary, method } from '../overload.ts';
import type { CelValue } from '../values.ts';

/** Unicode White_Space, as the extension defines trim. */
const SPACE = /^\p{White_Space}$/u;

// All white space is in the basic plane, so units will do.
function trimText(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start += 1;
  while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase());
}

function upperAscii(text: string): string {
  return text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase());
}

function position(text: string, index: bigint, name: string): number {
  const length = codePointLength(text);
  if (index < 0n || index > BigInt(length)) throw fail(`${name} index ${index} out of range`);
  return Number(index);
}

function indexOf(text: string, part: string, from: bigint, meter: Meter): bigint {
  charge(meter, textCost(text.length) + textCost(part.length));
  const start = unitOffset(text, position(text, from, 'indexOf'));
  const found = text.indexOf(part, start);
  return found < 0 ? -1n : BigInt(codePointIndex(text, found));
}

function lastIndexOf(text: string, part: string, from: bigint | undefined, meter: Meter): bigint {
  charge(meter, textCost(text.length) + textCost(part.length));
  const start = from === undefined ? text.length : unitOffset(text, position(text, from, 'lastIndexOf'));
  const found = text.lastIndexOf(part, start);
  return found < 0 ? -1n : BigInt(codePointIndex(text, found));
}

function splitText(text: string, separator: string, limit: number, meter: Meter): readonly string[] {
  charge(meter, textCost(text.length));
  if (limit === 0) return [];
  if (limit === 1) return [text];
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  allowSize(meter, parts.length);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function replaceText(text: string, old: string, by: string, limit: number, meter: Meter): string {
  if (limit === 0) return text;
  const parts = splitText(text, old, -1, meter);
  const gaps = old === '' ? parts.length + 1 : parts.length - 1;
  const count = limit < 0 ? gaps : Math.min(limit, gaps);
  allowText(meter, text.length + count * Math.max(0, by.length - old.length));
  let result = '';
  let left = count;
  if (old === '') {
    for (const part of parts) result += (left-- > 0 ? by : '') + part;
    return left > 0 ? result + by : result;
  }
  for (const [index, part] of parts.entries()) result += (index === 0 ? '' : left-- > 0 ? by : old) + part;
  return result;
}

function joinTexts(list: readonly CelValue[], separator: string, meter: Meter): string {
  let length = Math.max(0, list.length - 1) * separator.length;
  const texts: string[] = [];
  for (const item of list) {
    if (typeof item !== 'string') throw fail('join() needs a list of strings');
    length += item.length;
    texts.push(item);
  }
  charge(meter, list.length);
  allowText(meter, length);
  return texts.join(separator);
}

function substring(text: string, from: bigint, to: bigint | undefined, meter: Meter): string {
  charge(meter, textCost(text.length));
  const start = position(text, from, 'substring');
  const end = to === undefined ? codePointLength(text) : position(text, to, 'substring');
  if (start > end) throw fail('substring start lies behind its end');
  return codePointSlice(text, start, end);
}

function small(limit: bigint): number {
  return limit > 1_000_000_000n ? 1_000_000_000 : limit < 0n ? -1 : Number(limit);
}

function mapped(change: (text: string) => string): ReturnType<typeof method> {
  return method(['string'], 'string', ([text], meter) => {
    allowText(meter, text.length);
    return change(text);
  });
}

export const STRINGS_EXTENSION: CelLibrary = {
  name: 'strings',
  functions: [
    { name: 'lowerAscii', overloads: [mapped(lowerAscii)] },
    { name: 'upperAscii', overloads: [mapped(upperAscii)] },
    { name: 'trim', overloads: [mapped(trimText)] },
    {
      name: 'charAt',
      overloads: [
        method(['string', 'int'], 'string', ([text, index], meter) => {
          charge(meter, textCost(text.length));
          const at = position(text, index, 'charAt');
          return codePointSlice(text, at, at + 1);
        }),
      ],
    },
    {
      name: 'indexOf',
      overloads: [
        method(['string', 'string'], 'int', ([text, part], meter) => indexOf(text, part, 0n, meter)),
        method(['string', 'string', 'int'], 'int', ([text, part, from], meter) =>
          indexOf(text, part, from, meter),
        ),
      ],
    },
    {
      name: 'lastIndexOf',
      overloads: [
        method(['string', 'string'], 'int', ([text, part], meter) =>
          lastIndexOf(text, part, undefined, meter),
        ),
        method(['string', 'string', 'int'], 'int', ([text, part, from], meter) =>
          lastIndexOf(text, part, from, meter),
        ),
      ],
    },
    {
      name: 'split',
      overloads: [
        method(['string', 'string'], { list: 'string' }, ([text, separator], meter) =>
          splitText(text, separator, -1, meter),
        ),
        method(['string', 'string', 'int'], { list: 'string' }, ([text, separator, limit], meter) =>
          splitText(text, separator, small(limit), meter),
        ),
      ],
    },
    {
      name: 'join',
      overloads: [
        method(['list'], 'string', ([list], meter) => joinTexts(list, '', meter)),
        method(['list', 'string'], 'string', ([list, separator], meter) => joinTexts(list, separator, meter)),
      ],
    },
    {
      name: 'replace',
      overloads: [
        method(['string', 'string', 'string'], 'string', ([text, old, by], meter) =>
          replaceText(text, old, by, -1, meter),
        ),
        method(['string', 'string', 'string', 'int'], 'string', ([text, old, by, limit], meter) =>
          replaceText(text, old, by, small(limit), meter),
        ),
      ],
    },
    {
      name: 'substring',
      overloads: [
        method(['string', 'int'], 'string', ([text, from], meter) => substring(text, from, undefined, meter)),
        method(['string', 'int', 'int'], 'string', ([text, from, to], meter) =>
          substring(text, from, to, meter),
        ),
      ],
    },
  ],
};
