// XML as a stream of small trees: whole documents of distributions are too large to hold.
import { CodedError } from '@guardcell/kit';
import { SaxesParser } from 'saxes';

export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Building {
  name: string;
  attributes: Record<string, string>;
  children: Building[];
  text: string;
}

const MAX_DEPTH = 100;
const MAX_ELEMENTS = 200_000;
const MAX_TEXT = 8192;

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/**
 * Yields each element with one of these (local) names as a tree.
 * @throws CodedError GC_FEED_SYNTAX for text that is not well-formed or a tree that is too large.
 */
export async function* xmlElements(
  bytes: AsyncIterable<Uint8Array>,
  names: ReadonlySet<string>,
  at: string,
): AsyncGenerator<XmlElement> {
  const parser = new SaxesParser();
  const stack: Building[] = [];
  let depth = 0;
  let size = 0;
  let done: XmlElement[] = [];
  const refuse = (message: string, cause?: unknown): never => {
    throw new CodedError('GC_FEED_SYNTAX', message, { at, cause });
  };
  parser.on('error', (error) => refuse(`not well-formed XML: ${error.message.slice(0, 200)}`, error));
  parser.on('doctype', (doctype) => {
    if (doctype.includes('<!ENTITY')) refuse('XML that declares entities is refused');
  });
  parser.on('opentag', ({ name: full, attributes }) => {
    depth += 1;
    if (depth > MAX_DEPTH) refuse(`XML nested deeper than ${MAX_DEPTH}`);
    const name = local(full);
    if (stack.length === 0 && !names.has(name)) return;
    size += 1;
    if (size > MAX_ELEMENTS) refuse(`an XML element with more than ${MAX_ELEMENTS} parts`);
    const element: Building = { name, attributes: { ...attributes }, children: [], text: '' };
    stack.at(-1)?.children.push(element);
    stack.push(element);
  });
  const add = (text: string): void => {
    const top = stack.at(-1);
    if (top !== undefined && top.text.length < MAX_TEXT) top.text += text.slice(0, MAX_TEXT);
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    depth -= 1;
    const closed = stack.pop();
    if (closed === undefined || stack.length > 0) return;
    size = 0;
    done.push(closed);
  });
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    parser.write(decoder.decode(chunk, { stream: true }));
    if (done.length === 0) continue;
    yield* done;
    done = [];
  }
  parser.write(decoder.decode()).close();
  yield* done;
}

/** Direct children with this name. */
export function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Text of the first child with this name; empty without one. */
export function childText(element: XmlElement | undefined, name: string): string {
  return element?.children.find((child) => child.name === name)?.text.trim() ?? '';
}

/** All descendants with this name. */
export function descendants(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ]);
}
