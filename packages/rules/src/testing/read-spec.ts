// Event descriptions out of YAML: every key is checked, so that a typing mistake cannot make a test pass.

import { nearestName } from '@guardcell/core';
import type { YamlMap, YamlNode, YamlScalar } from '../loader/yaml-tree.ts';

/** A description that cannot be used; caught where tests are read. */
export class SpecFailure extends Error {
  override readonly name: string = 'SpecFailure';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

type Reader = (node: YamlNode) => unknown;
export type Shape = Readonly<Record<string, Reader>>;

export function asMap(node: YamlNode): YamlMap {
  if (node.kind === 'map') return node;
  throw new SpecFailure('expected a map', node.at.line);
}

/** Reads a map whose keys are those of the shape. */
export function readShape(node: YamlNode, shape: Shape): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { key, keyAt, value } of asMap(node).entries) {
    const read = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (read === undefined) {
      const near = nearestName(key, Object.keys(shape));
      throw new SpecFailure(
        `unknown key '${key}'${near === undefined ? '' : `, did you mean '${near}'?`}`,
        keyAt.line,
      );
    }
    out[key] = read(value);
  }
  return out;
}

export function text(node: YamlNode): string {
  if (node.kind === 'scalar') return node.text;
  throw new SpecFailure('expected a text', node.at.line);
}

export function integer(node: YamlNode): number {
  const value = text(node);
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  throw new SpecFailure(`expected a whole number, not '${value}'`, node.at.line);
}

export function boolean(node: YamlNode): boolean {
  const value = text(node);
  if (value === 'true' || value === 'false') return value === 'true';
  throw new SpecFailure(`expected true or false, not '${value}'`, node.at.line);
}

export function oneOf(...allowed: readonly string[]): Reader {
  return (node) => {
    const value = text(node);
    if (allowed.includes(value)) return value;
    throw new SpecFailure(`expected one of ${allowed.join(', ')}, not '${value}'`, node.at.line);
  };
}

export function listOf(read: Reader): Reader {
  return (node) => {
    if (node.kind === 'sequence') return node.items.map(read);
    throw new SpecFailure('expected a sequence', node.at.line);
  };
}

export function textMap(node: YamlNode): Record<string, string> {
  return Object.fromEntries(asMap(node).entries.map(({ key, value }) => [key, text(value)]));
}

export function textOrList(node: YamlNode): string | readonly string[] {
  return node.kind === 'sequence' ? node.items.map(text) : text(node);
}

export function textMapOrList(node: YamlNode): Record<string, string> | readonly string[] {
  return node.kind === 'sequence' ? node.items.map(text) : textMap(node);
}

/** A number when it looks like one, else text. */
export function numberOrText(node: YamlNode): number | string {
  const value = text(node);
  return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

export function isScalar(node: YamlNode): node is YamlScalar {
  return node.kind === 'scalar';
}
