// `guardcell version compare`: which of two versions comes first by the rules of an ecosystem.
import { createInterface } from 'node:readline';
import { VERSION_SCHEMES, type VersionScheme } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { compareVersions, isVersion, schemeOfEcosystem } from '@guardcell/vuln';
import { type Command, EXIT } from '../../command.ts';

const SIGNS = { '-1': '<', '0': '=', '1': '>' } as const;

export const versionCompare: Command = {
  name: 'version compare',
  summary: 'print <, = or >: how an ecosystem orders two versions',
  usage: 'ECOSYSTEM (A B | -)',
  options: {},
  isVerdict: true,
  examples: [
    "guardcell version compare deb '1.0~rc1-1' 1.0-1",
    'guardcell version compare PyPI 1.0rc1 1.0.post1',
    'printf "1.9 1.10\\n1.0 1\\n" | guardcell version compare Maven -',
  ],
  async run({ positionals, out, err, signal }) {
    const [ecosystem, a, b, ...more] = positionals;
    const pairs = a === '-' && b === undefined;
    if (ecosystem === undefined || a === undefined || more.length > 0 || (b === undefined && !pairs))
      throw new CodedError('GC_USAGE', 'an ecosystem and two versions are needed', {
        hint: 'guardcell version compare ECOSYSTEM A B, or - for pairs on stdin, one pair in a line.',
      });
    const scheme = knownScheme(ecosystem);
    if (b !== undefined) out(`${compared(scheme, a, b, 'arguments')}\n`);
    else
      return (await compareLines(scheme, { input: process.stdin, signal }, out, err)) ? EXIT.ok : EXIT.usage;
    return EXIT.ok;
  },
};

function knownScheme(ecosystem: string): VersionScheme {
  const scheme = schemeOfEcosystem(ecosystem);
  if (scheme === undefined)
    throw new CodedError('GC_VERSION_ECOSYSTEM', `no version order is known for '${ecosystem}'`, {
      hint: `Known: ${VERSION_SCHEMES.join(', ')}, and OSV ecosystems such as Debian:12, PyPI, crates.io.`,
    });
  return scheme;
}

function compared(scheme: VersionScheme, a: string, b: string, at: string): string {
  const result = compareVersions(scheme, a, b);
  if (result !== undefined) return SIGNS[result];
  const bad = isVersion(scheme, a) ? b : a;
  throw new CodedError('GC_VERSION_INVALID', `'${bad}' is no ${scheme} version`, {
    at,
    hint: 'Give whole versions, with the epoch and release that the ecosystem writes.',
  });
}

/**
 * Two versions in a line, parted by white space; empty lines are passed over. What cannot be compared is a `?` in its
 * place and told on stderr. Returns whether all could be.
 */
async function compareLines(
  scheme: VersionScheme,
  source: { readonly input: NodeJS.ReadableStream; readonly signal: AbortSignal },
  out: (text: string) => void,
  err: (text: string) => void,
): Promise<boolean> {
  let number = 0;
  let isWhole = true;
  for await (const line of createInterface({ ...source, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      out(`${comparedLine(scheme, line, `stdin:${number}`)}\n`);
    } catch (thrown) {
      if (!(thrown instanceof CodedError)) throw thrown;
      isWhole = false;
      out('?\n');
      err(`error ${thrown.code}: ${thrown.message} (${thrown.at})\n`);
    }
  }
  return isWhole;
}

function comparedLine(scheme: VersionScheme, line: string, at: string): string {
  const [a, b, ...more] = line.trim().split(/\s+/);
  if (a === undefined || b === undefined || more.length > 0)
    throw new CodedError('GC_VERSION_INVALID', 'a line holds two versions, parted by a space', {
      at,
      hint: 'For example: 1.0-1 1.0-2',
    });
  return compared(scheme, a, b, at);
}
