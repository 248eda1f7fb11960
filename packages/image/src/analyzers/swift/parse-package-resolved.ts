// Package.resolved of the Swift package manager, formats 1 to 3. Advisories name repositories, so do packages here.
import type { FoundPackage } from '../found-package.ts';
import type { Parsed } from '../text-analyzer.ts';
import { listOf, property, textOf } from '../untyped.ts';

/** `https://github.com/a/b.git` and `git@github.com:a/b.git` are both `github.com/a/b`. */
function repositoryName(location: string): string {
  const scp = /^[\w.-]{1,64}@([^:/]{1,255}):(.*)$/s.exec(location);
  const path = scp ? `${scp[1]}/${scp[2]}` : location.replace(/^[a-z+]{1,16}:\/\/(?:[^/@]{0,255}@)?/i, '');
  // Only a run's first slash begins a match: a run in the middle is looked at once, not once for each of its slashes.
  return path.replace(/(?<!\/)\/+$/, '').replace(/\.git$/, '');
}

/** Pins to a version; those to a branch or a revision have none that advisories could speak of. */
export function parsePackageResolved(text: string): Parsed {
  const json: unknown = JSON.parse(text);
  const pins = property(json, 'pins') ?? property(property(json, 'object'), 'pins');
  if (!Array.isArray(pins)) return { problem: 'no list of pins' };
  return listOf(pins).flatMap((pin): FoundPackage[] => {
    const name =
      repositoryName(textOf(property(pin, 'location')) || textOf(property(pin, 'repositoryURL'))) ||
      textOf(property(pin, 'identity'));
    const version = textOf(property(property(pin, 'state'), 'version'));
    return name === '' || version === '' ? [] : [{ name, version }];
  });
}
