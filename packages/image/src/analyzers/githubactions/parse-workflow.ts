// GitHub Actions that workflows and composite actions use: `uses: owner/repo/path@ref`.
// Lines are enough, so that a broken or hostile YAML file costs nothing; texts of `run: |` blocks are passed over.
import type { FoundPackage } from '../found-package.ts';

const USES = /^\s*(?:-\s+)?uses:\s*(["']?)([^\s"'#]{3,300})\1\s*(?:#\s*(.{0,100}))?/;
const BLOCK = /:\s*[|>][+-]?\d?[+-]?\s*(?:#.*)?$/;

/** A commit pinned with the version as comment counts as that version; advisories do not know commits. */
function versionOf(ref: string, comment: string): string {
  if (!/^[0-9a-f]{40}$/.test(ref)) return ref;
  return /\bv?\d+(?:\.\d+){0,3}(?:-[\w.]+)?/.exec(comment)?.[0] ?? ref;
}

function toFound(uses: string, comment: string): FoundPackage[] {
  const cut = uses.indexOf('@');
  // Folders of the repository and container images are no actions.
  if (cut < 0 || /^(?:\.|docker:)/.test(uses)) return [];
  const [owner, repository] = uses.slice(0, cut).split('/');
  const ref = uses.slice(cut + 1);
  if (!owner || !repository || ref === '') return [];
  return [{ name: `${owner}/${repository}`, version: versionOf(ref, comment), direct: true }];
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Every action and reusable workflow named by `uses`. */
export function parseWorkflow(text: string): readonly FoundPackage[] {
  const found: FoundPackage[] = [];
  let blockIndent = -1;
  for (const raw of text.split('\n')) {
    const line = raw.slice(0, 2000);
    if (line.trim() === '') continue;
    if (blockIndent >= 0) {
      if (indentOf(line) > blockIndent) continue;
      blockIndent = -1;
    }
    if (BLOCK.test(line)) {
      // `- run: |` opens its block at the column of the key.
      blockIndent = indentOf(line.replace(/^(\s*)-(\s)/, '$1 $2'));
      continue;
    }
    const uses = USES.exec(line);
    if (uses?.[2] !== undefined) found.push(...toFound(uses[2], uses[3] ?? ''));
  }
  return found;
}
