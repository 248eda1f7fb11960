// The URL's query string as flat text: `?severity=high&severity=low`, the same form that the API takes.

export type SearchRecord = Record<string, string | string[]>;

/** Repeated keys become lists. */
export function parseSearch(text: string): SearchRecord {
  const record: SearchRecord = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const known = record[key];
    if (known === undefined) record[key] = value;
    else record[key] = Array.isArray(known) ? [...known, value] : [known, value];
  }
  return record;
}

/** Undefined, empty text and empty lists are left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one === 'string' ? one !== '' : typeof one === 'number' || one === true) {
        params.append(key, String(one));
      }
    }
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A text parameter, cut to a sane length; undefined when absent. */
export function textParam(value: unknown, maxLength = 500): string | undefined {
  const one = Array.isArray(value) ? (value as unknown[])[0] : value;
  const text = typeof one === 'string' ? one : typeof one === 'number' ? String(one) : '';
  return text === '' ? undefined : text.slice(0, maxLength);
}

/** A list parameter without duplicates; undefined when empty. */
export function listParam(value: unknown, maxItems = 50): string[] | undefined {
  const all = Array.isArray(value) ? (value as unknown[]) : [value];
  const texts = all.filter(
    (one): one is string => typeof one === 'string' && one !== '' && one.length <= 500,
  );
  const unique = [...new Set(texts)].slice(0, maxItems);
  return unique.length === 0 ? undefined : unique;
}

/** One of a fixed list; undefined for anything else. */
export function choiceParam<const Value extends string>(
  value: unknown,
  choices: readonly Value[],
): Value | undefined {
  return choices.find((choice) => choice === value);
}

/** A copy without undefined members, as exact optional properties want. */
export function defined<T extends Record<string, unknown>>(
  record: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
