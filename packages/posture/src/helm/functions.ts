// Functions that templates of charts call. Spec: text/template, masterminds.github.io/sprig, helm.sh/docs/chart_template_guide.
// What depends on a cluster, on chance or on the time is not here: such a template is left to helm.
import { stringify } from 'yaml';

export type Value = unknown;
type Callable = (...args: readonly Value[]) => Value;

const MAX_LENGTH = 1_000_000;
const MAX_ITEMS = 10_000;

export function isMap(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTrue(value: Value): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isMap(value) || Object.keys(value).length > 0;
}

/** As templates print it. */
export function printed(value: Value): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (isMap(value)) {
    const pairs = Object.entries(value).map(([key, one]) => `${key}:${printed(one)}`);
    return `map[${pairs.sort().join(' ')}]`;
  }
  return String(value);
}

function bounded(text: string): string {
  if (text.length > MAX_LENGTH) throw new RangeError('the result is too long');
  return text;
}

function toYaml(value: Value): string {
  return value === undefined ? '' : bounded(stringify(value, { aliasDuplicateObjects: false }).trimEnd());
}

function indent(width: Value, text: Value): string {
  const blanks = ' '.repeat(Math.min(200, Math.max(0, Number(width))));
  return bounded(
    printed(text)
      .split('\n')
      .map((line) => `${blanks}${line}`)
      .join('\n'),
  );
}

function equal(a: Value, b: Value): boolean {
  return a === b || (typeof a === typeof b && JSON.stringify(a) === JSON.stringify(b));
}

/** `%s`, `%d`, `%v`, `%q` and `%t`, with widths left out. */
function printf(format: Value, ...args: readonly Value[]): string {
  let at = 0;
  return bounded(
    printed(format).replaceAll(/%[-+0 #]*\d*(?:\.\d+)?([sdvqtx%])/g, (_whole, verb: string) => {
      if (verb === '%') return '%';
      const value = args[at++];
      return verb === 'q' ? JSON.stringify(printed(value)) : printed(value);
    }),
  );
}

function get(map: Value, key: Value): Value {
  const name = printed(key);
  return isMap(map) && Object.hasOwn(map, name) ? map[name] : undefined;
}

function dict(...pairs: readonly Value[]): Value {
  const made: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (let i = 0; i < pairs.length; i += 2) made[printed(pairs[i])] = pairs[i + 1];
  return made;
}

/** Later maps fill what earlier ones lack, as deep as maps go. */
export function merge(...maps: readonly Value[]): Readonly<Record<string, Value>> {
  const made: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const map of maps.filter(isMap)) {
    for (const [key, value] of Object.entries(map))
      made[key] = isMap(made[key]) && isMap(value) ? merge(made[key], value) : (made[key] ?? value);
  }
  return made;
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]).slice(0, MAX_ITEMS) : [];
}

function length(value: Value): number {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.length : isMap(value) ? Object.keys(value).length : 0;
}

function kindOf(value: Value): string {
  if (value === undefined || value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (isMap(value)) return 'map';
  return { string: 'string', boolean: 'bool', number: 'float64' }[typeof value as string] ?? 'invalid';
}

function numeric(of: (...numbers: readonly number[]) => number): Callable {
  return (...args) => of(...args.map(Number));
}

export const FUNCTIONS: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ['default', (fallback, value) => (isTrue(value) ? value : fallback)],
  [
    'quote',
    (...values) =>
      values
        .filter((one) => one !== undefined && one !== null)
        .map((one) => JSON.stringify(printed(one)))
        .join(' '),
  ],
  [
    'squote',
    (...values) =>
      values
        .filter((one) => one !== undefined && one !== null)
        .map((one) => `'${printed(one)}'`)
        .join(' '),
  ],
  ['toYaml', toYaml],
  ['toJson', (value) => bounded(JSON.stringify(value) ?? 'null')],
  ['toString', printed],
  ['indent', indent],
  ['nindent', (width, text) => `\n${indent(width, text)}`],
  ['print', (...values) => values.map(printed).join('')],
  ['printf', printf],
  ['trim', (text) => printed(text).trim()],
  [
    'trimSuffix',
    (end, text) =>
      printed(text).endsWith(printed(end))
        ? printed(text).slice(0, printed(text).length - printed(end).length)
        : printed(text),
  ],
  [
    'trimPrefix',
    (start, text) =>
      printed(text).startsWith(printed(start)) ? printed(text).slice(printed(start).length) : printed(text),
  ],
  [
    'trunc',
    (count, text) =>
      Number(count) < 0 ? printed(text).slice(Number(count)) : printed(text).slice(0, Number(count)),
  ],
  ['replace', (old, fresh, text) => bounded(printed(text).replaceAll(printed(old), () => printed(fresh)))],
  ['lower', (text) => printed(text).toLowerCase()],
  ['upper', (text) => printed(text).toUpperCase()],
  ['title', (text) => printed(text).replaceAll(/\b\w/g, (letter) => letter.toUpperCase())],
  ['contains', (part, text) => printed(text).includes(printed(part))],
  ['hasPrefix', (start, text) => printed(text).startsWith(printed(start))],
  ['hasSuffix', (end, text) => printed(text).endsWith(printed(end))],
  [
    'b64enc',
    (text) => btoa(String.fromCharCode(...new TextEncoder().encode(printed(text).slice(0, 10_000)))),
  ],
  ['eq', (first, ...others) => others.some((other) => equal(first, other))],
  ['ne', (a, b) => !equal(a, b)],
  ['lt', (a, b) => Number(a) < Number(b)],
  ['le', (a, b) => Number(a) <= Number(b)],
  ['gt', (a, b) => Number(a) > Number(b)],
  ['ge', (a, b) => Number(a) >= Number(b)],
  ['not', (value) => !isTrue(value)],
  ['and', (...values) => values.find((one) => !isTrue(one)) ?? values.at(-1)],
  ['or', (...values) => values.find(isTrue) ?? values.at(-1)],
  ['empty', (value) => !isTrue(value)],
  ['coalesce', (...values) => values.find(isTrue)],
  ['ternary', (yes, no, test) => (isTrue(test) ? yes : no)],
  ['required', (_message, value) => value],
  ['len', length],
  ['list', (...values) => values],
  ['tuple', (...values) => values],
  ['first', (value) => listOf(value)[0]],
  ['last', (value) => listOf(value).at(-1)],
  ['has', (item, value) => listOf(value).some((one) => equal(one, item))],
  ['append', (value, item) => [...listOf(value), item]],
  ['concat', (...values) => values.flatMap(listOf)],
  ['uniq', (value) => [...new Set(listOf(value))]],
  ['sortAlpha', (value) => listOf(value).map(printed).sort()],
  ['join', (separator, value) => bounded(listOf(value).map(printed).join(printed(separator)))],
  ['splitList', (separator, text) => printed(text).split(printed(separator), MAX_ITEMS)],
  ['dict', dict],
  ['get', get],
  ['hasKey', (map, key) => isMap(map) && Object.hasOwn(map, printed(key))],
  ['keys', (map) => (isMap(map) ? Object.keys(map).sort() : [])],
  [
    'pick',
    (map, ...keys) =>
      dict(...keys.flatMap((key) => (get(map, key) === undefined ? [] : [key, get(map, key)]))),
  ],
  [
    'omit',
    (map, ...keys) =>
      dict(
        ...(isMap(map)
          ? Object.entries(map)
              .filter(([key]) => !keys.includes(key))
              .flat()
          : []),
      ),
  ],
  ['merge', merge],
  ['deepCopy', (value) => value],
  [
    'index',
    (value, ...keys) =>
      keys.reduce(
        (found, key) => (Array.isArray(found) ? (found as readonly Value[])[Number(key)] : get(found, key)),
        value,
      ),
  ],
  ['kindIs', (kind, value) => kindOf(value) === kind],
  ['kindOf', kindOf],
  ['typeIs', (kind, value) => kindOf(value) === kind],
  ['int', numeric((a = 0) => Math.trunc(a) || 0)],
  ['int64', numeric((a = 0) => Math.trunc(a) || 0)],
  ['float64', numeric((a = 0) => a || 0)],
  ['add', numeric((...numbers) => numbers.reduce((sum, one) => sum + one, 0))],
  ['add1', numeric((a = 0) => a + 1)],
  ['sub', numeric((a = 0, b = 0) => a - b)],
  ['mul', numeric((...numbers) => numbers.reduce((product, one) => product * one, 1))],
  ['div', numeric((a = 0, b = 1) => Math.trunc(a / b))],
  ['max', numeric(Math.max)],
  ['min', numeric(Math.min)],
  // Charts ask for the newest interfaces of Kubernetes; those are what the checks know.
  ['semverCompare', () => true],
  ['lookup', () => ({})],
]);
