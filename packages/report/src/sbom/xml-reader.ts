// A small strict XML 1.0 reader for documents that anybody may have written: no document types, no entities but the
// five predefined ones and character references, bounded depth and size, linear time.

export interface XmlTree {
  /** Without namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlTree[];
  /** All text directly within, CDATA included. */
  readonly text: string;
}

export type ReadXml = { readonly root: XmlTree } | { readonly problem: string };

const MAX_DEPTH = 200;
const MAX_ELEMENTS = 10_000_000;
const NAME = /[\p{L}_:][\p{L}\p{N}_:.\-·]*/uy;
const ATTRIBUTE = /\s+([\p{L}_:][\p{L}\p{N}_:.\-·]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/uy;
const TAG_END = /\s*(\/?)>/y;
const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface OpenElement {
  readonly name: string;
  readonly fullName: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlTree[];
  readonly text: string[];
}

class XmlProblem extends Error {}

function decodeReference(reference: string): string {
  const known = PREDEFINED[reference];
  if (known !== undefined) return known;
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(reference);
  const code =
    digits === null ? -1 : Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] === undefined ? 10 : 16);
  if (code < 1 || code > 0x10_ff_ff)
    throw new XmlProblem(`entity &${reference.slice(0, 20)}; is not defined`);
  return String.fromCodePoint(code);
}

function decode(raw: string): string {
  return raw.includes('&')
    ? raw.replaceAll(/&([^;&\s]{0,32});?/g, (whole, reference: string) => {
        if (!whole.endsWith(';')) throw new XmlProblem('a bare &');
        return decodeReference(reference);
      })
    : raw;
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
  if (found === -1) throw new XmlProblem(`${what} without end`);
  return found + end.length;
}

function parse(source: string): XmlTree {
  const open: OpenElement[] = [];
  let root: XmlTree | undefined;
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
    else if (raw.trim() !== '') throw new XmlProblem('text outside of the root element');
  }

  function startTag(): void {
    const name = matchAt(NAME, source, position + 1)?.[0];
    if (name === undefined) throw new XmlProblem('a < that starts nothing');
    if (open.length === 0 && root !== undefined) throw new XmlProblem('more than one root element');
    if (open.length >= MAX_DEPTH) throw new XmlProblem(`nested deeper than ${MAX_DEPTH}`);
    if (++elements > MAX_ELEMENTS) throw new XmlProblem(`more than ${MAX_ELEMENTS} elements`);
    position += 1 + name.length;
    const attributes = new Map<string, string>();
    for (let match = matchAt(ATTRIBUTE, source, position); match !== null; ) {
      attributes.set(localName(match[1] ?? ''), decode(match[2] ?? match[3] ?? ''));
      position += match[0].length;
      match = matchAt(ATTRIBUTE, source, position);
    }
    const end = matchAt(TAG_END, source, position);
    if (end === null) throw new XmlProblem(`broken start of <${name.slice(0, 40)}>`);
    position += end[0].length;
    const element = { name: localName(name), fullName: name, attributes, children: [], text: [] };
    if (end[1] === '/') close(element);
    else open.push(element);
  }

  function endTag(): void {
    const after = skipPast(source, '>', position, 'an end tag');
    const name = source.slice(position + 2, after - 1).trimEnd();
    const element = open.pop();
    if (element?.fullName !== name)
      throw new XmlProblem(`</${name.slice(0, 40)}> closes nothing that is open`);
    close(element);
    position = after;
  }

  while (position < source.length) {
    if (source[position] !== '<') {
      const next = source.indexOf('<', position);
      const end = next === -1 ? source.length : next;
      addText(decode(source.slice(position, end)));
      position = end;
    } else if (source.startsWith('<!--', position)) {
      position = skipPast(source, '-->', position + 4, 'a comment');
    } else if (source.startsWith('<![CDATA[', position)) {
      const end = skipPast(source, ']]>', position + 9, 'CDATA');
      addText(source.slice(position + 9, end - 3));
      position = end;
    } else if (source.startsWith('<!', position)) {
      throw new XmlProblem('document types and entities are not read');
    } else if (source.startsWith('<?', position)) {
      position = skipPast(source, '?>', position + 2, 'a processing instruction');
    } else if (source.startsWith('</', position)) endTag();
    else startTag();
  }
  if (open.length > 0) throw new XmlProblem(`<${open.at(-1)?.fullName.slice(0, 40)}> is not closed`);
  if (root === undefined) throw new XmlProblem('no element');
  return root;
}

/** The tree of elements, or why the text is refused; never throws. */
export function readXml(source: string): ReadXml {
  try {
    return { root: parse(source) };
  } catch (error) {
    if (error instanceof XmlProblem) return { problem: `not well-formed XML: ${error.message}` };
    throw error;
  }
}
