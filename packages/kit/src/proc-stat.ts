// /proc/PID/stat of Linux, proc(5).

export interface ProcStat {
  readonly comm: string;
  /** What stands behind the name: state, parent, group, session, terminal …; the start in clock ticks is the twentieth. */
  readonly fields: readonly string[];
}

/** The name stands in parentheses and may itself hold blanks and parentheses. No fields when the text is none of that kind. */
export function procStat(text: string): ProcStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return { comm: '', fields: [] };
  return {
    comm: text.slice(open + 1, close),
    fields: text
      .slice(close + 2)
      .trim()
      .split(' '),
  };
}
