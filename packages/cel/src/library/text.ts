// Standard functions over strings and collections: size, contains, startsWith, endsWith, matches.
import { codePointLength } from '../code-points.ts';
import { charge, type Meter, textCost } from '../limits.ts';
import { type CelLibrary, type CelOverload, global, method } from '../overload.ts';
import { matches } from '../regex.ts';

const SIZE: readonly CelOverload[] = [global, method].flatMap((form) => [
  form(['string'], 'int', ([text], meter) => {
    charge(meter, textCost(text.length));
    return BigInt(codePointLength(text));
  }),
  form(['bytes'], 'int', ([bytes]) => BigInt(bytes.length)),
  form(['list'], 'int', ([list]) => BigInt(list.length)),
  form(['map'], 'int', ([map], meter) => {
    charge(meter, map.size);
    return BigInt(map.size);
  }),
]);

function predicate(test: (text: string, part: string) => boolean, reads: 'text' | 'part'): CelOverload {
  return method(['string', 'string'], 'bool', ([text, part], meter: Meter) => {
    charge(meter, textCost(reads === 'text' ? text.length : Math.min(part.length, text.length)));
    return test(text, part);
  });
}

export const TEXT: CelLibrary = {
  name: 'text',
  functions: [
    { name: 'size', overloads: SIZE },
    { name: 'contains', overloads: [predicate((text, part) => text.includes(part), 'text')] },
    { name: 'startsWith', overloads: [predicate((text, part) => text.startsWith(part), 'part')] },
    { name: 'endsWith', overloads: [predicate((text, part) => text.endsWith(part), 'part')] },
    {
      name: 'matches',
      overloads: [
        global(['string', 'string'], 'bool', ([text, pattern], meter) => matches(text, pattern, meter)),
        method(['string', 'string'], 'bool', ([text, pattern], meter) => matches(text, pattern, meter)),
      ],
    },
  ],
};
