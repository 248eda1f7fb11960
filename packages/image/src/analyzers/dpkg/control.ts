// Reads Debian control stanzas (deb822): fields, continuation lines, blank lines between stanzas.

/** One stanza; names in lower case. Continuation lines are joined with a line feed. */
export type Stanza = ReadonlyMap<string, string>;

/** A field of a real package is far shorter; the rest is cut off, so that hostile files fill no memory. */
const MAX_FIELD = 64 * 1024;

/**
 * Yields the stanzas of a control file, keeping only the fields in `keep`. Takes time linear in the text;
 * lines that are no field are passed over.
 */
export function* stanzas(text: string, keep: ReadonlySet<string>): Generator<Stanza> {
  let fields = new Map<string, string>();
  let seen = false;
  let current = '';
  let parts: string[] = [];
  let length = 0;
  const close = (): void => {
    if (current !== '') fields.set(current, parts.join('\n'));
    current = '';
    parts = [];
    length = 0;
  };
  let start = 0;
  while (start <= text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
    start = end + 1;
    if (line.trim() === '') {
      close();
      if (seen) yield fields;
      fields = new Map();
      seen = false;
      continue;
    }
    seen = true;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (current === '' || length > MAX_FIELD) continue;
      parts.push(line.slice(0, MAX_FIELD).trim());
      length += line.length;
      continue;
    }
    close();
    const cut = line.indexOf(':');
    if (cut <= 0 || cut > 64) continue;
    const name = line.slice(0, cut).toLowerCase();
    if (!keep.has(name) || fields.has(name)) continue;
    current = name;
    parts = [line.slice(cut + 1, cut + 1 + MAX_FIELD).trim()];
    length = parts[0]?.length ?? 0;
  }
  close();
  if (seen) yield fields;
}
