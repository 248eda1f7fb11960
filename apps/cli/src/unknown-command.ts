// What to say to a command that does not exist: what was meant, also by people who come from other scanners.
import { nearestName } from '@guardcell/core';

/** First words of other scanners, and the command that does it here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  filesystem: 'scan fs',
  rootfs: 'scan fs',
  dir: 'scan fs',
  repository: 'scan repo',
  git: 'scan repo',
  config: 'scan fs DIR --only misconfig',
  vm: 'scan host',
  img: 'scan image',
};

/** What stands before the colon of a target elsewhere. */
const KINDS: Readonly<Record<string, string>> = {
  dir: 'scan fs',
  file: 'scan fs',
  sbom: 'scan sbom',
  registry: 'scan image',
  image: 'scan image',
};

/** A hint for words that begin with no command. */
export function unknownCommandHint(words: readonly string[], names: readonly string[]): string {
  const [first = '', second = ''] = words;
  const isScan = first === 'scan';
  const word = isScan ? second : first;
  const meant = names.includes(`scan ${word}`) ? `scan ${word}` : elsewhere(word);
  if (meant !== undefined) return `Did you mean 'guardcell ${meant}'?`;
  const target = targetCommand(word);
  if (target !== undefined) return `To scan it: guardcell ${target}`;
  const near = nearestName(words.slice(0, 2).join(' '), names);
  const group = names.filter((name) => name.startsWith(`${first} `));
  const known = group.length > 0 ? `There is: ${group.join(', ')}.` : 'guardcell help lists them.';
  const close = near ?? (group.length > 0 ? undefined : nearestName(first, names));
  if (close === undefined) return known;
  return `Did you mean '${close}'?${group.length > 0 ? ` ${known}` : ''}`;
}

function elsewhere(word: string): string | undefined {
  return Object.hasOwn(ELSEWHERE, word) ? ELSEWHERE[word] : undefined;
}

/** The command for `nginx:1.27`, `dir:.` or `./folder`, as other scanners take them as their only word. */
function targetCommand(word: string): string | undefined {
  const [, kind = '', rest = ''] = /^([a-z]+):(.+)$/.exec(word) ?? [];
  const command = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (command !== undefined) return `${command} ${rest}`;
  if (/^\.{0,2}\//.test(word) || word === '.' || word === '..') return `scan fs ${word}`;
  return /^[a-z0-9][^\s]*[:/][^\s]+$/.test(word) ? `scan image ${word}` : undefined;
}
