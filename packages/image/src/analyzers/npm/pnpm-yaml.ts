// Reads the part of YAML that pnpm writes its lock in: block mappings, flow mappings on one line, quoted keys.
// Large locks have megabytes of these lines; a whole YAML parser takes seconds and hundreds of megabytes there.
// Lists and block scalars are passed over: nothing in them is of use. Anchors do not exist in this file.

/** A mapping without prototype, so that no key is special. */
export interface PnpmMapping {
  [key: string]: string | PnpmMapping;
}

const MAX_DEPTH = 64;

function emptyMapping(): PnpmMapping {
  return Object.create(null) as PnpmMapping;
}

function unquoted(text: string): string {
  const value = text.trim();
  const quote = value[0];
  if (value.length < 2 || (quote !== "'" && quote !== '"') || !value.endsWith(quote)) return value;
  const inner = value.slice(1, -1);
  return quote === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(["\\/])/g, '$1');
}

/** Where a quoted text that begins at `from` ends, behind its last quote. */
function endOfQuoted(line: string, from: number): number {
  const quote = line[from] ?? '';
  for (let at = from + 1; at < line.length; at += 1) {
    if (quote === '"' && line[at] === '\\') at += 1;
    else if (line[at] === quote) {
      if (quote === '"' || line[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return line.length;
}

/** Place of the colon that ends the key; -1 where the line is no entry of a mapping. */
function endOfKey(line: string): number {
  const quoted = line.startsWith("'") || line.startsWith('"');
  if (quoted) {
    const end = endOfQuoted(line, 0);
    return line[end] === ':' ? end : -1;
  }
  const cut = line.indexOf(': ');
  return cut < 0 && line.endsWith(':') ? line.length - 1 : cut;
}

/** Entries of `{a: b, c: 'd, e'}`; nested ones are passed over. */
function flowMapping(text: string): PnpmMapping {
  const mapping = emptyMapping();
  let depth = 0;
  let start = 1;
  const take = (end: number): void => {
    const entry = text.slice(start, end).trim();
    const cut = endOfKey(entry);
    if (cut > 0) mapping[unquoted(entry.slice(0, cut))] = unquoted(entry.slice(cut + 1));
    start = end + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "'" || char === '"') at = endOfQuoted(text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) take(at);
    } else if (char === ',' && depth === 1) take(at);
  }
  return mapping;
}

interface Level {
  readonly indent: number;
  readonly mapping: PnpmMapping;
}

/**
 * The last document of the text that has a `lockfileVersion`. Throws an `Error` when none has, so that text of
 * another kind is a problem and not an empty lock. Takes time linear in the text.
 */
export function parsePnpmYaml(text: string): PnpmMapping {
  let root = emptyMapping();
  let levels: Level[] = [{ indent: -1, mapping: root }];
  let best: PnpmMapping | undefined;
  const finish = (): void => {
    if (root['lockfileVersion'] !== undefined) best = root;
    root = emptyMapping();
    levels = [{ indent: -1, mapping: root }];
  };
  for (const raw of text.split('\n')) {
    if (raw.startsWith('---')) {
      finish();
      continue;
    }
    let line = raw.trimStart();
    let indent = raw.length - line.length;
    line = line.trimEnd();
    if (line === '' || line.startsWith('#') || line.startsWith('- ')) continue;
    // Keys of more than 1024 characters are written as `? key` with their value behind `: ` on the next line.
    if (line.startsWith('? ')) line = `${line.slice(2)}:`;
    else if (line.startsWith(': ')) {
      line = line.slice(2);
      indent += 2;
    }
    while (levels.length > 1 && (levels.at(-1)?.indent ?? -1) >= indent) levels.pop();
    const cut = endOfKey(line);
    const parent = levels.at(-1)?.mapping;
    if (cut <= 0 || parent === undefined) continue;
    const value = line.slice(cut + 1).trim();
    const key = unquoted(line.slice(0, cut));
    if (value === '' || value.startsWith('|') || value.startsWith('>')) {
      const mapping = emptyMapping();
      if (value === '') parent[key] = mapping;
      // Lines of a block scalar land in a mapping that nobody keeps.
      if (levels.length < MAX_DEPTH) levels.push({ indent, mapping });
    } else parent[key] = value.startsWith('{') ? flowMapping(value) : unquoted(value);
  }
  finish();
  if (best === undefined) throw new Error('no lockfileVersion in it');
  return best;
}
