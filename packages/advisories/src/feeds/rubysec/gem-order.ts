// The order of RubyGems versions, as far as turning requirements into intervals needs it.

function segments(version: string): readonly string[] {
  return version.replaceAll('-', '.pre.').match(/\d+|[a-zA-Z]+/g) ?? [];
}

/** Below, at or above zero; letters (pre-releases) are lower than numbers and than nothing. */
export function compareGemVersions(left: string, right: string): number {
  const [a, b] = [segments(left), segments(right)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const x = a[at] ?? '0';
    const y = b[at] ?? '0';
    const numeric = [/^\d/.test(x), /^\d/.test(y)];
    if (numeric[0] !== numeric[1]) return numeric[0] === true ? 1 : -1;
    const order = numeric[0] === true ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}
