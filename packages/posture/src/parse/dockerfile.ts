// Dockerfiles: instructions with flags, continued lines, heredocs and stages, each with its lines.

export interface Instruction {
  /** Upper case. */
  readonly name: string;
  /** `--from=build` as `from` → `build`; without a value the empty text. */
  readonly flags: ReadonlyMap<string, string>;
  /** Everything behind name and flags, continued lines joined by a blank, heredocs appended. */
  readonly text: string;
  readonly startLine: number;
  readonly endLine: number;
}

export interface Stage {
  readonly image: string;
  readonly alias: string;
  readonly from: Instruction;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
}

const HEREDOC = /<<-?\s*(["']?)([A-Za-z_][A-Za-z0-9_]{0,63})\1/g;
const TAKES_HEREDOC: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);

function escapeChar(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line);
    if (directive === null) return '\\';
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

function splitFlags(rest: string): { readonly flags: ReadonlyMap<string, string>; readonly text: string } {
  const flags = new Map<string, string>();
  let text = rest;
  for (;;) {
    const match = /^--([a-z][a-z0-9-]*)(?:=(\S*))?(?:\s+|$)/i.exec(text);
    if (match === null) return { flags, text };
    flags.set((match[1] ?? '').toLowerCase(), match[2] ?? '');
    text = text.slice(match[0].length);
  }
}

interface Joined {
  readonly text: string;
  readonly next: number;
}

/** Joins continued lines from `from` on; comments and empty lines within do not end the instruction. */
function joinLines(lines: readonly string[], from: number, escape: string): Joined {
  const parts: string[] = [];
  let at = from;
  for (; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    if (at > from && (line === '' || line.startsWith('#'))) continue;
    const continued = line.endsWith(escape);
    parts.push(continued ? line.slice(0, -1).trim() : line);
    if (!continued) return { text: parts.join(' '), next: at + 1 };
  }
  return { text: parts.join(' '), next: at };
}

function heredocs(lines: readonly string[], from: number, text: string): Joined {
  let next = from;
  const bodies: string[] = [];
  for (const match of text.matchAll(HEREDOC)) {
    const end = match[2] ?? '';
    const start = next;
    while (next < lines.length && (lines[next] ?? '').trim() !== end) next++;
    bodies.push(...lines.slice(start, next));
    next = Math.min(lines.length, next + 1);
  }
  return { text: bodies.join('\n'), next };
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: { image: string; alias: string; from: Instruction; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.name !== 'FROM') {
      stages.at(-1)?.instructions.push(instruction);
      continue;
    }
    const [image = '', word = '', alias = ''] = instruction.text.split(/\s+/);
    const named = word.toLowerCase() === 'as';
    stages.push({ image, alias: named ? alias.toLowerCase() : '', from: instruction, instructions: [] });
  }
  return stages;
}

/** Parses a Dockerfile. Total: lines that are no instruction become instructions nobody asks for. */
export function parseDockerfile(source: string): Dockerfile {
  const lines = source.split(/\r?\n/);
  const escape = escapeChar(lines);
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = (lines[at] ?? '').trim();
    if (line === '' || line.startsWith('#')) {
      at++;
      continue;
    }
    const joined = joinLines(lines, at, escape);
    const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(joined.text) ?? [];
    const upper = name.toUpperCase();
    const { flags, text } = splitFlags(rest);
    const body = TAKES_HEREDOC.has(upper)
      ? heredocs(lines, joined.next, text)
      : { text: '', next: joined.next };
    const full = body.text === '' ? text : `${text}\n${body.text}`;
    instructions.push({ name: upper, flags, text: full, startLine: at + 1, endLine: body.next });
    at = body.next;
  }
  return { instructions, stages: stagesOf(instructions) };
}

/** The last user that a stage sets; empty when it sets none. */
export function userOf(stage: Stage | undefined): string {
  return stage?.instructions.findLast((instruction) => instruction.name === 'USER')?.text.trim() ?? '';
}
