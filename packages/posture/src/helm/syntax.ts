// Syntax of Go templates, as far as charts use it. Spec: https://pkg.go.dev/text/template.

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** `.a.b`, `$x.a`, `(…).a`; without a base the dot is meant. */
  | { readonly kind: 'field'; readonly base: Expression | undefined; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** Name of a call whose first argument is a field that is itself a function: `.Capabilities.APIVersions.Has "v1"`. */
export const METHOD = '.';

export interface Branch {
  /** Undefined for `else`. */
  readonly condition: Expression | undefined;
  readonly body: readonly TemplateNode[];
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'output'; readonly value: Expression; readonly line: number }
  | { readonly kind: 'assign'; readonly name: string; readonly isNew: boolean; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] }
  | { readonly kind: 'with'; readonly name: string; readonly branches: readonly Branch[] }
  | {
      readonly kind: 'range';
      /** `$key, $value`; empty names are not set. */
      readonly names: readonly [key: string, value: string];
      readonly over: Expression;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | {
      readonly kind: 'template';
      readonly name: string;
      readonly value: Expression | undefined;
      readonly line: number;
    };

export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  /** What `define` names. */
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** Something that we do not render; the file is left to helm. */
export class TemplateProblem extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}
