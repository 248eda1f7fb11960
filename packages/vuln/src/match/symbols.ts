// Functions that an advisory names against those that are in a program.

/** `path.(*Type).Method` of the linker and `path.Type.Method` of advisories become one; type arguments go. */
function plain(symbol: string): string {
  return symbol.replace(/\[[^\]]*\]/g, '').replace(/\(\*?([^()]*)\)/g, '$1');
}

/**
 * Whether any of the named functions is in the program; undefined when either side says nothing. `path.*` stands for
 * every function of a package.
 */
export function symbolsPresent(
  named: readonly string[] | undefined,
  present: readonly string[] | undefined,
): boolean | undefined {
  if (named === undefined || named.length === 0 || present === undefined || present.length === 0)
    return undefined;
  const program = programOf(present);
  return named.some((symbol) => {
    const name = plain(symbol);
    if (!name.endsWith('.*')) return program.has(name);
    const prefix = name.slice(0, -1);
    return [...program].some((one) => one.startsWith(prefix));
  });
}

/** Every module of a program carries the same list: it is read once. */
const programs = new WeakMap<readonly string[], ReadonlySet<string>>();

function programOf(present: readonly string[]): ReadonlySet<string> {
  const known = programs.get(present) ?? new Set(present.map(plain));
  programs.set(present, known);
  return known;
}
