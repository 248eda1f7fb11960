// A small XML 1.0 reader for documents that anybody may have written: no entities but the five predefined ones and
// character references, bounded depth and size, linear time.

export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly within, CDATA included. */
  readonly text: string;
}

export interface XmlOptions {
  /** Document types are skipped and entities that nobody knows stay as they are written, instead of a problem. */
  readonly lenient?: boolean;
  /** 10 million when left out. */
  readonly mostElements?: number;
}

const MAX_DEPTH = 200;
const MOST_ELEMENTS = 10_000_000;
const NAME = /[\p{L}_:][\p{L}\p{N}_:.\-·]*/uy;
const ATTRIBUTE = /\s+([\p{L}_:][\p{L}\p{N}_:.\-·]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/uy;
const DOCTYPE = /<!DOCTYPE[^[>]*(?:\[[^\]]*\]\s*)?>/iy;
const TAG_END = /\s*(\/?)>/y;
const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface OpenElement {
  readonly name: string;
  readonly fullName: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly text: string[];
}

function problem(message: string): SyntaxError {
  return new SyntaxError(`not well-formed XML: ${message}`);
}

function decodeReference(reference: string): string | undefined {
  const known = PREDEFINED[reference];
  if (known !== undefined) return known;
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(reference);
  const code =
    digits === null ? -1 : Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] === undefined ? 10 : 16);
  return code < 1 || code > 0x10_ff_ff ? undefined : String.fromCodePoint(code);
}

function decoded(raw: string, lenient: boolean): string {
  if (!raw.includes('&')) return raw;
  return raw.replaceAll(/&([^;&\s]{0,32});?/g, (whole, reference: string) => {
    const known = whole.endsWith(';') ? decodeReference(reference) : undefined;
    if (known === undefined && !lenient) throw problem(`entity ${whole.slice(0, 20)} is not defined`);
    return known ?? whole;
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function matchAt(pattern: RegExp, source: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(source);
}

function skipPast(source: string, end: string, from: number, what: string): number {
  const found = source.indexOf(end, from);
  if (found === -1) throw problem(`${what} without end`);
  return found + end.length;
}

/** The root element. @throws SyntaxError for what is not well-formed, too deep or too large. */
export function readXml(
  source: string,
  { lenient = false, mostElements = MOST_ELEMENTS }: XmlOptions = {},
): XmlElement {
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let [position, elements] = [source.startsWith('\uFEFF') ? 1 : 0, 0];

  function close(element: OpenElement): void {
    const { name, attributes, children } = element;
    const tree = { name, attributes, children, text: element.text.join('') };
    const parent = open.at(-1);
    if (parent !== undefined) parent.children.push(tree);
    else root = tree;
  }

  function addText(raw: string): void {
    const parent = open.at(-1);
    if (parent !== undefined) parent.text.push(raw);
    else if (raw.trim() !== '') throw problem('text outside of the root element');
  }

  function startTag(): void {
    const name = matchAt(NAME, source, position + 1)?.[0];
    if (name === undefined) throw problem('a < that starts nothing');
    if (open.length === 0 && root !== undefined) throw problem('more than one root element');
    if (open.length >= MAX_DEPTH) throw problem(`nested deeper than ${MAX_DEPTH}`);
    if (++elements > mostElements) throw problem(`more than ${mostElements} elements`);
    position += 1 + name.length;
    const attributes = new Map<string, string>();
    for (let match = matchAt(ATTRIBUTE, source, position); match !== null; ) {
      attributes.set(localName(match[1] ?? ''), decoded(match[2] ?? match[3] ?? '', lenient));
      position += match[0].length;
      match = matchAt(ATTRIBUTE, source, position);
    }
    const end = matchAt(TAG_END, source, position);
    if (end === null) throw problem(`broken start of <${name.slice(0, 40)}>`);
    position += end[0].length;
    const element = { name: localName(name), fullName: name, attributes, children: [], text: [] };
    if (end[1] === '/') close(element);
    else open.push(element);
  }

  function endTag(): void {
    const after = skipPast(source, '>', position, 'an end tag');
    const name = source.slice(position + 2, after - 1).trimEnd();
    const element = open.pop();
    if (element?.fullName !== name) throw problem(`</${name.slice(0, 40)}> closes nothing that is open`);
    close(element);
    position = after;
  }

  while (position < source.length) {
    if (source[position] !== '<') {
      const next = source.indexOf('<', position);
      const end = next === -1 ? source.length : next;
      addText(decoded(source.slice(position, end), lenient));
      position = end;
    } else if (source.startsWith('<!--', position)) {
      position = skipPast(source, '-->', position + 4, 'a comment');
    } else if (source.startsWith('<![CDATA[', position)) {
      const end = skipPast(source, ']]>', position + 9, 'CDATA');
      addText(source.slice(position + 9, end - 3));
      position = end;
    } else if (source.startsWith('<!', position)) {
      const doctype = lenient ? matchAt(DOCTYPE, source, position) : null;
      if (doctype === null) throw problem('document types and entities are not read');
      position += doctype[0].length;
    } else if (source.startsWith('<?', position)) {
      position = skipPast(source, '?>', position + 2, 'a processing instruction');
    } else if (source.startsWith('</', position)) endTag();
    else startTag();
  }
  if (open.length > 0) throw problem(`<${open.at(-1)?.fullName.slice(0, 40)}> is not closed`);
  if (root === undefined) throw problem('no element');
  return root;
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** First child of each name along the path. */
export function elementAt(
  element: XmlElement | undefined,
  ...path: readonly string[]
): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((current, name) => childrenOf(current, name)[0], element);
}

/** Text of the element at the path without white space around it; empty where there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string {
  return elementAt(element, ...path)?.text.trim() ?? '';
}
