// getopt: what a command line gives to its short options, by the rules of POSIX getopt.

interface OptionSpec {
  readonly known: ReadonlySet<string>;
  readonly withValue: ReadonlySet<string>;
}

/** `ab:` knows a and b, and b takes a value. A leading colon changes nothing here. */
function parseSpec(spec: string): OptionSpec {
  const known = new Set<string>();
  const withValue = new Set<string>();
  for (let at = 0; at < spec.length; at += 1) {
    const letter = spec[at] ?? '';
    if (letter === ':') continue;
    known.add(letter);
    if (spec[at + 1] === ':') withValue.add(letter);
  }
  return { known, withValue };
}

type OnOption = (name: string, value: string | undefined) => void;

/**
 * Reports each short option in order; unknown ones as `?`, a value that is missing as empty text. Stops at `--` and
 * at the first word that is no option; long options are passed over.
 */
function readOptions(args: readonly string[], spec: OptionSpec, onOption: OnOption): void {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--' || word === '-' || !word.startsWith('-')) return;
    if (word.startsWith('--')) continue;
    for (let letter = 1; letter < word.length; letter += 1) {
      const name = word[letter] ?? '';
      if (!spec.known.has(name)) {
        onOption('?', undefined);
      } else if (spec.withValue.has(name)) {
        const attached = word.slice(letter + 1);
        if (attached === '') at += 1;
        onOption(name, attached === '' ? (args[at] ?? '') : attached);
        break;
      } else {
        onOption(name, undefined);
      }
    }
  }
}

/** The last value of one option, its own letter for an option without value; undefined when it is absent. */
export function optionValue(args: readonly string[], spec: string, option: string): string | undefined {
  let found: string | undefined;
  readOptions(args, parseSpec(spec), (name, value) => {
    if (name === option) found = value ?? name;
  });
  return found;
}

/** All options in order, each followed by its value when it takes one. */
export function optionList(args: readonly string[], spec: string): readonly string[] {
  const found: string[] = [];
  readOptions(args, parseSpec(spec), (name, value) => {
    found.push(name);
    if (value !== undefined) found.push(value);
  });
  return found;
}
