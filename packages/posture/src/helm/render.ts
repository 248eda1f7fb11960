// Renders a template with the values of its chart, and says which line of it every line of the result comes from.
import { FUNCTIONS, isMap, isTrue, printed, type Value } from './functions.ts';
import { parseTemplate } from './parse-template.ts';
import {
  type Branch,
  type Expression,
  METHOD,
  type ParsedTemplate,
  type TemplateNode,
  TemplateProblem,
} from './syntax.ts';

export interface RenderedTemplate {
  readonly text: string;
  /** Line of the template by line of the text, both from 1; index 0 is not used. */
  readonly lines: readonly number[];
}

/** What templates of one chart share. */
export interface RenderContext {
  /** `Values`, `Chart`, `Release` … */
  readonly root: Readonly<Record<string, Value>>;
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
  /** Work that is left for all templates together: hostile ones must end, too. */
  readonly budget: { left: number };
}

/** A step for every node, expression and sixteen letters that a function takes or gives. */
export const RENDER_BUDGET = 3_000_000;
const LETTERS_OF_A_STEP = 16;
const MAX_OUTPUT = 2_000_000;
const MAX_DEPTH = 40;
const MAX_RANGE = 1000;

interface Scope {
  readonly dot: Value;
  readonly variables: Map<string, Value>;
  readonly parent: Scope | undefined;
}

/** @throws TemplateProblem for what cannot be rendered here. */
export function renderTemplate(template: ParsedTemplate, context: RenderContext): RenderedTemplate {
  const { budget } = context;

  function spend(steps: number, line: number): void {
    budget.left -= steps;
    if (budget.left < 0) throw new TemplateProblem('rendering takes too long', line);
  }

  function weight(values: readonly Value[]): number {
    return values.reduce<number>(
      (sum, one) => sum + (typeof one === 'string' ? one.length / LETTERS_OF_A_STEP : 0),
      0,
    );
  }

  const lines: number[] = [0, 1];
  let text = '';

  function write(piece: string, line: number, follows: boolean): void {
    if (text.length + piece.length > MAX_OUTPUT) throw new TemplateProblem('the result is too long', line);
    const parts = piece.split('\n');
    // A line belongs to what stands in it first, blanks aside.
    if (parts[0]?.trim() !== '' && text.slice(text.lastIndexOf('\n') + 1).trim() === '')
      lines[lines.length - 1] = line;
    for (let i = 1; i < parts.length; i++) lines.push(follows ? line + i : line);
    text += piece;
  }

  function collected(nodes: readonly TemplateNode[], scope: Scope, depth: number): string {
    let inner = '';
    renderNodes(nodes, scope, depth, (piece) => {
      inner += piece;
      if (inner.length > MAX_OUTPUT) throw new TemplateProblem('the result is too long', 1);
    });
    return inner;
  }

  type Write = (piece: string, line: number, follows: boolean) => void;

  function renderNodes(nodes: readonly TemplateNode[], scope: Scope, depth: number, out: Write): void {
    for (const node of nodes) {
      spend(1, 1);
      if (depth > MAX_DEPTH) throw new TemplateProblem('the template does not end', 1);
      switch (node.kind) {
        case 'text':
          out(node.text, node.line, true);
          break;
        case 'output':
          out(printed(evaluate(node.value, scope, node.line, depth)), node.line, false);
          break;
        case 'assign':
          assign(scope, node.name, evaluate(node.value, scope, 1, depth), node.isNew);
          break;
        case 'if':
          chosen(node.branches, scope, depth, (_value, body) =>
            renderNodes(body, inner(scope, scope.dot), depth + 1, out),
          );
          break;
        case 'with':
          chosen(node.branches, scope, depth, (value, body, isElse) => {
            const within = inner(scope, isElse ? scope.dot : value);
            if (node.name !== '') within.variables.set(node.name, value);
            renderNodes(body, within, depth + 1, out);
          });
          break;
        case 'range':
          range(node, scope, depth, out);
          break;
        case 'template':
          out(
            called(
              node.name,
              node.value === undefined ? undefined : evaluate(node.value, scope, node.line, depth),
              node.line,
              depth,
            ),
            node.line,
            false,
          );
          break;
      }
    }
  }

  function chosen(
    branches: readonly Branch[],
    scope: Scope,
    depth: number,
    use: (value: Value, body: readonly TemplateNode[], isElse: boolean) => void,
  ): void {
    for (const { condition, body } of branches) {
      const value = condition === undefined ? true : evaluate(condition, scope, 1, depth);
      if (!isTrue(value)) continue;
      use(value, body, condition === undefined);
      return;
    }
  }

  function range(
    node: Extract<TemplateNode, { kind: 'range' }>,
    scope: Scope,
    depth: number,
    out: Write,
  ): void {
    const over = evaluate(node.over, scope, 1, depth);
    const entries = entriesOf(over);
    if (entries.length > MAX_RANGE) throw new TemplateProblem(`a list has more than ${MAX_RANGE} items`, 1);
    if (entries.length === 0) renderNodes(node.otherwise, inner(scope, scope.dot), depth + 1, out);
    for (const [key, value] of entries) {
      const within = inner(scope, value);
      if (node.names[0] !== '') within.variables.set(node.names[0], key);
      if (node.names[1] !== '') within.variables.set(node.names[1], value);
      renderNodes(node.body, within, depth + 1, out);
    }
  }

  function called(name: string, dot: Value, line: number, depth: number): string {
    const nodes = template.defined.get(name) ?? context.defined.get(name);
    if (nodes === undefined) throw new TemplateProblem(`the template '${name}' is not in the chart`, line);
    return collected(nodes, { dot, variables: new Map([['$', dot]]), parent: undefined }, depth + 1);
  }

  function evaluate(expression: Expression, scope: Scope, line: number, depth: number): Value {
    spend(1, line);
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'variable':
        return variable(scope, expression.name, line);
      case 'field': {
        const base =
          expression.base === undefined ? scope.dot : evaluate(expression.base, scope, line, depth);
        return expression.path.reduce<Value>((value, name) => field(value, name, line), base);
      }
      case 'call':
        return call(expression.name, expression.args, scope, line, depth);
    }
  }

  function call(
    name: string,
    given: readonly Expression[],
    scope: Scope,
    line: number,
    depth: number,
  ): Value {
    const [method] = given;
    if (name === METHOD && method?.kind === 'field') {
      // The newest Kubernetes has every interface that charts ask for.
      if (method.path.at(-1) === 'Has') return true;
      throw new TemplateProblem(`.${method.path.join('.')} is known to helm alone`, line);
    }
    const args = given.map((one) => evaluate(one, scope, line, depth));
    if (name === 'include') return called(printed(args[0]), args[1], line, depth);
    if (name === 'tpl') return tpl(printed(args[0]), args[1], line, depth);
    if (name === 'fail') throw new TemplateProblem('the chart refuses its own default values', line);
    const known = FUNCTIONS.get(name);
    if (known === undefined) throw new TemplateProblem(`the function '${name}' is not rendered`, line);
    try {
      const result = known(...args);
      spend(weight([...args, result]), line);
      return result;
    } catch (error) {
      if (error instanceof TemplateProblem) throw error;
      throw new TemplateProblem(error instanceof Error ? error.message : name, line);
    }
  }

  function tpl(source: string, dot: Value, line: number, depth: number): string {
    if (!source.includes('{{')) return source;
    if (depth > MAX_DEPTH) throw new TemplateProblem('the template does not end', line);
    const { nodes } = parseTemplate(source);
    return collected(nodes, { dot, variables: new Map([['$', dot]]), parent: undefined }, depth + 1);
  }

  const scope: Scope = { dot: context.root, variables: new Map([['$', context.root]]), parent: undefined };
  renderNodes(template.nodes, scope, 0, write);
  return { text, lines };
}

function inner(scope: Scope, dot: Value): Scope {
  return { dot, variables: new Map(), parent: scope };
}

function variable(scope: Scope, name: string, line: number): Value {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent)
    if (at.variables.has(name)) return at.variables.get(name);
  throw new TemplateProblem(`the variable ${name} is not set`, line);
}

function assign(scope: Scope, name: string, value: Value, isNew: boolean): void {
  let owner: Scope | undefined = scope;
  if (!isNew) while (owner !== undefined && !owner.variables.has(name)) owner = owner.parent;
  (owner ?? scope).variables.set(name, value);
}

/** What is missing is empty, as helm has it. Files and a cluster's abilities are not at hand. */
function field(value: Value, name: string, line: number): Value {
  if (isUnknown(value)) throw new TemplateProblem(`.${name} is known to helm alone`, line);
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Stands for what only helm knows. */
export const UNKNOWN: unique symbol = Symbol('known to helm alone');

function isUnknown(value: Value): boolean {
  return value === UNKNOWN;
}

function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (Array.isArray(value)) return (value as readonly Value[]).map((one, i) => [i, one]);
  if (typeof value === 'number') return Array.from({ length: Math.min(MAX_RANGE, value) }, (_, i) => [i, i]);
  return isMap(value) ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}
