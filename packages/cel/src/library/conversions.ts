// Conversions between types, `type()` and `dyn()`.
import { fail } from '../failure.ts';
import { checkedInt, checkedUint, MAX_UINT } from '../integers.ts';
import { allowText, charge, textCost } from '../limits.ts';
import { type CelLibrary, global } from '../overload.ts';
import {
  checkedTimestamp,
  floorDiv,
  formatDuration,
  formatTimestamp,
  NS_PER_SECOND,
  parseDuration,
  parseTimestamp,
} from '../time.ts';
import { CelTypeValue, typeNameOf } from '../values.ts';

const INTEGER = /^[+-]?\d{1,20}$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/** Both ends are doubles that no longer fit 64 bits for sure. */
const DOUBLE_INT_END = 2 ** 63;
const DOUBLE_UINT_END = 2 ** 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseInteger(text: string): bigint {
  if (!INTEGER.test(text)) throw fail('text is not a whole number');
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}

function parseDouble(text: string): number {
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word !== null) {
    if (word[2]?.toLowerCase() === 'nan') return Number.NaN;
    return word[1] === '-' ? -Infinity : Infinity;
  }
  if (text.length > 400 || !DECIMAL.test(text)) throw fail('text is not a number');
  return Number(text);
}

function parseBool(text: string): boolean {
  if (TRUE.includes(text)) return true;
  if (FALSE.includes(text)) return false;
  throw fail('text is not a boolean');
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw fail('bytes are not UTF-8');
  }
}

export const CONVERSIONS: CelLibrary = {
  name: 'conversions',
  functions: [
    {
      name: 'int',
      overloads: [
        global(['int'], 'int', ([value]) => value),
        global(['uint'], 'int', ([value]) => checkedInt(value.value)),
        global(['double'], 'int', ([value]) => {
          if (!(value > -DOUBLE_INT_END && value < DOUBLE_INT_END)) throw fail('double does not fit int');
          return BigInt(Math.trunc(value));
        }),
        global(['string'], 'int', ([text]) => checkedInt(parseInteger(text))),
        global(['timestamp'], 'int', ([time]) => floorDiv(time.ns, NS_PER_SECOND)),
      ],
    },
    {
      name: 'uint',
      overloads: [
        global(['uint'], 'uint', ([value]) => value),
        global(['int'], 'uint', ([value]) => checkedUint(value)),
        global(['double'], 'uint', ([value]) => {
          if (!(value > -1 && value < DOUBLE_UINT_END) || value < 0) throw fail('double does not fit uint');
          return checkedUint(BigInt(Math.trunc(value)));
        }),
        global(['string'], 'uint', ([text]) => {
          const value = parseInteger(text);
          if (value > MAX_UINT || text.startsWith('-')) throw fail('text does not fit uint');
          return checkedUint(value);
        }),
      ],
    },
    {
      name: 'double',
      overloads: [
        global(['double'], 'double', ([value]) => value),
        global(['int'], 'double', ([value]) => Number(value)),
        global(['uint'], 'double', ([value]) => Number(value.value)),
        global(['string'], 'double', ([text]) => parseDouble(text)),
      ],
    },
    {
      name: 'string',
      overloads: [
        global(['string'], 'string', ([text]) => text),
        global(['bool'], 'string', ([value]) => String(value)),
        global(['int'], 'string', ([value]) => value.toString()),
        global(['uint'], 'string', ([value]) => value.value.toString()),
        global(['double'], 'string', ([value]) => doubleText(value)),
        global(['bytes'], 'string', ([bytes], meter) => {
          allowText(meter, bytes.length);
          return decode(bytes);
        }),
        global(['timestamp'], 'string', ([time]) => formatTimestamp(time)),
        global(['duration'], 'string', ([duration]) => formatDuration(duration)),
      ],
    },
    {
      name: 'bytes',
      overloads: [
        global(['bytes'], 'bytes', ([bytes]) => bytes),
        global(['string'], 'bytes', ([text], meter) => {
          charge(meter, textCost(text.length));
          const bytes = encoder.encode(text);
          allowText(meter, bytes.length);
          return bytes;
        }),
      ],
    },
    {
      name: 'bool',
      overloads: [
        global(['bool'], 'bool', ([value]) => value),
        global(['string'], 'bool', ([text]) => parseBool(text)),
      ],
    },
    {
      name: 'timestamp',
      overloads: [
        global(['timestamp'], 'timestamp', ([time]) => time),
        global(['string'], 'timestamp', ([text]) => parseTimestamp(text)),
        global(['int'], 'timestamp', ([seconds]) => checkedTimestamp(seconds * NS_PER_SECOND)),
      ],
    },
    {
      name: 'duration',
      overloads: [
        global(['duration'], 'duration', ([duration]) => duration),
        global(['string'], 'duration', ([text]) => parseDuration(text)),
      ],
    },
    { name: 'dyn', overloads: [global(['dyn'], 'dyn', ([value]) => value)] },
    { name: 'type', overloads: [global(['dyn'], 'type', ([value]) => new CelTypeValue(typeNameOf(value)))] },
  ],
};
