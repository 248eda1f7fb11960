// Where a problem stands, from the file inwards, as Falco's verdict tells it, and the line around it.
import type { Position } from './yaml-tree.ts';

/** One step on the way from the file to the problem. Lines and columns count from 0, offsets in bytes. */
export interface ContextLocation {
  readonly itemType: string;
  readonly itemName: string;
  /** The file, or the beginning of the condition that the position lies in. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface ProblemContext {
  readonly locations: readonly ContextLocation[];
  readonly snippet: string;
}

/** A part of an item: `rule condition`, `rule output`, `value for` with the key as its name … */
export interface ItemPart {
  readonly type: string;
  readonly name: string;
  readonly at: Position;
}

/** What surrounds a problem, so far as its finder knows it. */
export interface Surroundings {
  readonly file: string;
  readonly at: Position;
  /** The rule, macro or list. */
  readonly item?: ItemPart | undefined;
  readonly part?: ItemPart | undefined;
  /** The condition with lists and exceptions in place, and the offset of the problem in it. */
  readonly expression?: { readonly text: string; readonly offset: number } | undefined;
}

const SNIPPET_WIDTH = 160;
const NAME_WIDTH = 20;

/** Text of a file and a table that turns its offsets into offsets of its UTF-8 form. */
export interface FileText {
  readonly content: string;
  bytesBefore: readonly number[] | undefined;
}

export function fileText(content: string): FileText {
  return { content, bytesBefore: undefined };
}

const STRIDE = 4096;

/** Offset in bytes of an offset in UTF-16 units. The table is made at the first question. */
function byteOffset(file: FileText, offset: number): number {
  file.bytesBefore ??= countBytes(file.content);
  const row = Math.min(Math.floor(offset / STRIDE), file.bytesBefore.length - 1);
  return (file.bytesBefore[row] ?? 0) + utf8Length(file.content.slice(row * STRIDE, offset));
}

function countBytes(content: string): readonly number[] {
  const before = [0];
  for (let at = STRIDE; at <= content.length; at += STRIDE) {
    before.push((before.at(-1) ?? 0) + utf8Length(content.slice(at - STRIDE, at)));
  }
  return before;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

/** Where the problem stands; the last location is the innermost. */
export function problemContext(where: Surroundings, text: FileText | undefined): ProblemContext {
  const { file, item, part, expression } = where;
  const location = (type: string, name: string, at: Position): ContextLocation => ({
    itemType: type,
    itemName: name,
    name: file,
    line: at.line - 1,
    column: at.column - 1,
    offset: text === undefined ? 0 : byteOffset(text, at.offset),
  });
  const start: Position = { line: 1, column: 1, offset: 0 };
  const locations = [location('rules content', '', start)];
  if (item !== undefined) locations.push(location(item.type, item.name, item.at));
  if (part !== undefined) locations.push(location(part.type, part.name, part.at));
  const inner = locations.at(-1);
  if (expression !== undefined && inner !== undefined) {
    locations.push(withinExpression(expression.text, expression.offset, inner));
    return { locations, snippet: snippetAt(expression.text, expression.offset) };
  }
  if (item === undefined) locations.push(location('rules content item', '', where.at));
  return { locations, snippet: snippetAt(text?.content ?? '', where.at.offset) };
}

/** Positions in conditions count from 1 and are added to where the condition stands. */
function withinExpression(text: string, offset: number, parent: ContextLocation): ContextLocation {
  const before = text.slice(0, offset);
  const lines = before.split(/[\r\n]/);
  const shortened = text.length > NAME_WIDTH ? `${text.slice(0, NAME_WIDTH - 3)}...` : text;
  return {
    itemType: 'condition expression',
    itemName: '',
    name: `"${shortened.replace(/[\r\n]/g, ' ')}"`,
    line: parent.line + lines.length,
    column: parent.column + (lines.at(-1) ?? '').length + 1,
    offset: parent.offset + utf8Length(before),
  };
}

/** The line around an offset, at most 80 characters to either side, and below it a mark at the offset. */
function snippetAt(content: string, offset: number): string {
  let at = Math.min(offset, content.length - 1);
  while (at > 0 && content[at] === '\n') at -= 1;
  const half = SNIPPET_WIDTH / 2;
  const lineStart = content.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = content.indexOf('\n', at);
  const start = Math.max(lineStart, at - half);
  const end = Math.min(lineEnd < 0 ? content.length : lineEnd, at + half);
  if (end <= start) return '';
  const cutLeft = start > lineStart;
  const cutRight = end < (lineEnd < 0 ? content.length : lineEnd);
  let line = content.slice(start, end);
  if (cutLeft) line = `...${line.slice(3)}`;
  if (cutRight) line = `${line.slice(0, -3)}...`;
  return `${line}\n${' '.repeat(at - start)}^\n`;
}
