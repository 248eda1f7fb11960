// Writes XML: elements as data, text escaped, characters that XML 1.0 forbids replaced.

/** Text, or an element: name, attributes, children. */
export type XmlNode = string | XmlElement;

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

// Everything outside of the production `Char` (https://www.w3.org/TR/xml/#charsets).
// oxlint-disable-next-line no-control-regex -- these are exactly the characters to replace
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text without the control characters that no format for people has a use for, and that terminals obey. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replaceAll(FORBIDDEN, '\uFFFD');
}

/** For text and attribute values of XML and HTML alike. */
export function escapeXml(text: string): string {
  return withoutControls(text).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Line breaks of attribute values would be read as spaces. */
function escapeAttribute(text: string): string {
  return escapeXml(text).replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An element; absent children and attributes are left out. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly (XmlNode | undefined)[] = [],
): XmlElement {
  const given = Object.entries(attributes).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    name,
    attributes: Object.fromEntries(given),
    children: children.filter((child) => child !== undefined),
  };
}

/** `<name>text</name>`, or nothing where there is no text. */
export function xmlText(name: string, text: string | undefined): XmlElement | undefined {
  return text === undefined || text === '' ? undefined : xml(name, {}, [text]);
}

/** `<name>` around the children, or nothing where there are none. */
export function xmlList(name: string, children: readonly (XmlNode | undefined)[]): XmlElement | undefined {
  const present = children.filter((child) => child !== undefined);
  return present.length === 0 ? undefined : xml(name, {}, present);
}

/** The element and all within it, indented; text stays as it is. */
export function renderXml(element: XmlElement, indent = ''): string {
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('');
  const open = `${indent}<${element.name}${attributes}`;
  if (element.children.length === 0) return `${open}/>\n`;
  if (element.children.some((child) => typeof child === 'string')) {
    const text = element.children.map((child) =>
      typeof child === 'string' ? escapeXml(child) : renderXml(child),
    );
    return `${open}>${text.join('')}</${element.name}>\n`;
  }
  const inner = element.children.map((child) => renderXml(child as XmlElement, `${indent}  `)).join('');
  return `${open}>\n${inner}${indent}</${element.name}>\n`;
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
