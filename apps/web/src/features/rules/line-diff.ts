// Lines that two texts differ in, for looking over a change before it is saved. Bounded: texts that differ in very many
// lines are shown as one replaced by the other.

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'skipped';
  readonly text: string;
  /** Line in the old and in the new text, from 1; 0 where it is in none. */
  readonly before: number;
  readonly after: number;
}

const MAX_CELLS = 4_000_000;
const CONTEXT = 3;

/** The whole of both texts as one list of lines. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, next] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < next.length - start &&
    old[old.length - 1 - end] === next[next.length - 1 - end]
  ) {
    end += 1;
  }
  const a = old.slice(start, old.length - end);
  const b = next.slice(start, next.length - end);
  const lines: DiffLine[] = old
    .slice(0, start)
    .map((text, at) => ({ kind: 'same', text, before: at + 1, after: at + 1 }));
  for (const step of middle(a, b)) {
    if (step.kind === 'removed')
      lines.push({ kind: 'removed', text: a[step.a] ?? '', before: start + step.a + 1, after: 0 });
    else if (step.kind === 'added')
      lines.push({ kind: 'added', text: b[step.b] ?? '', before: 0, after: start + step.b + 1 });
    else
      lines.push({
        kind: 'same',
        text: a[step.a] ?? '',
        before: start + step.a + 1,
        after: start + step.b + 1,
      });
  }
  for (let at = end; at > 0; at -= 1) {
    lines.push({
      kind: 'same',
      text: old[old.length - at] ?? '',
      before: old.length - at + 1,
      after: next.length - at + 1,
    });
  }
  return lines;
}

interface Step {
  readonly kind: 'same' | 'added' | 'removed';
  readonly a: number;
  readonly b: number;
}

/** Longest common subsequence, backwards so that the walk goes forwards. */
function middle(a: readonly string[], b: readonly string[]): Step[] {
  const steps: Step[] = [];
  if (a.length * b.length > MAX_CELLS) {
    for (const at of a.keys()) steps.push({ kind: 'removed', a: at, b: 0 });
    for (const at of b.keys()) steps.push({ kind: 'added', a: 0, b: at });
    return steps;
  }
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) steps.push({ kind: 'same', a: i++, b: j++ });
    else if (
      j >= b.length ||
      (i < a.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    )
      steps.push({ kind: 'removed', a: i++, b: j });
    else steps.push({ kind: 'added', a: i, b: j++ });
  }
  return steps;
}

/** Only what changed, with a few lines around; a line `skipped` stands for what is left out. */
export function shortDiff(before: string, after: string): DiffLine[] {
  const lines = diffLines(before, after);
  const near = new Set<number>();
  for (const [at, line] of lines.entries()) {
    if (line.kind === 'same') continue;
    for (let step = -CONTEXT; step <= CONTEXT; step += 1) near.add(at + step);
  }
  const short: DiffLine[] = [];
  for (const [at, line] of lines.entries()) {
    if (near.has(at)) short.push(line);
    else if (short.at(-1)?.kind !== 'skipped' && near.size > 0)
      short.push({ kind: 'skipped', text: '', before: 0, after: 0 });
  }
  return short;
}
