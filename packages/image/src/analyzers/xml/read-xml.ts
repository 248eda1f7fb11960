// A small XML reader for manifests of packages: elements, attributes, text. No DTD, no external entities, one pass;
// depth and number of elements are bounded.

export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Own text, trimmed. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  readonly texts: string[];
}

const MAX_DEPTH = 100;
const MAX_ELEMENTS = 500_000;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Unknown entities stay as they are written. */
function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES.get(name) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of source.matchAll(
    /([\w:.-]{1,200})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)')/g,
  )) {
    attributes.set(localName(name), unescaped(double ?? single ?? ''));
  }
  return attributes;
}

/** End of a tag that begins before `from`; `>` within quotes does not end it. -1 when the file ends first. */
function tagEnd(source: string, from: number): number {
  let quote = '';
  for (let i = from; i < source.length; i++) {
    const char = source[i];
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return i;
  }
  return -1;
}

const closed = ({ name, attributes, children, texts }: Open): XmlElement => ({
  name,
  attributes,
  children,
  text: texts.join('').trim(),
});

/** Comments, instructions, declarations and character data: what ends them, by how they begin. */
const SPECIAL: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];

/** The root element; throws SyntaxError when the document is broken or too large. */
export function readXml(source: string): XmlElement {
  const top: Open = { name: '', attributes: new Map(), children: [], texts: [] };
  const stack: Open[] = [top];
  let count = 0;
  let at = 0;
  while (at < source.length) {
    const current = stack.at(-1) ?? top;
    const next = source.indexOf('<', at);
    current.texts.push(unescaped(source.slice(at, next < 0 ? source.length : next)));
    if (next < 0) break;
    const special = SPECIAL.find(([start]) => source.startsWith(start, next));
    if (special !== undefined) {
      const start = next + special[0].length;
      const end = source.indexOf(special[1], start);
      if (end < 0) throw new SyntaxError('XML ends within a comment or declaration');
      if (special[0] === '<![CDATA[') current.texts.push(source.slice(start, end));
      at = end + special[1].length;
      continue;
    }
    const end = tagEnd(source, next + 1);
    if (end < 0) throw new SyntaxError('XML ends within a tag');
    at = end + 1;
    if (source[next + 1] === '/') {
      if (stack.length === 1) throw new SyntaxError('XML closes what it did not open');
      stack.pop();
      (stack.at(-1) ?? top).children.push(closed(current));
      continue;
    }
    const empty = source[end - 1] === '/';
    const tag = source.slice(next + 1, empty ? end - 1 : end);
    const name = /^[^\s]{1,200}/.exec(tag)?.[0] ?? '';
    if (++count > MAX_ELEMENTS || stack.length > MAX_DEPTH)
      throw new SyntaxError('XML is too large or too deep');
    const opened: Open = {
      name: localName(name),
      attributes: readAttributes(tag.slice(name.length)),
      children: [],
      texts: [],
    };
    if (empty) current.children.push(closed(opened));
    else stack.push(opened);
  }
  const root = top.children[0];
  if (stack.length > 1 || root === undefined) throw new SyntaxError('XML ends early or is empty');
  return root;
}

export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** First child of each name along the path. */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((current, name) => childrenOf(current, name)[0], element);
}
