// Dependency list that cargo-auditable puts into programs: zlib-compressed JSON in the section `.dep-v0`.
// Format: https://github.com/rust-secure-code/cargo-auditable, file PARSING.md.
import { inflateSync } from 'node:zlib';
import { guarded, type Parsed } from '../text-analyzer.ts';
import { listOf, property, textOf } from '../untyped.ts';

/** Bytes after inflation; real lists have some ten thousand. */
const MAX_JSON_BYTES = 8 * 1024 * 1024;

export const AUDIT_SECTIONS: ReadonlySet<string> = new Set([
  '.dep-v0',
  '__dep-v0',
  '.rust-deps-v0',
  'rust-deps-v0',
]);

/** Build dependencies are not part of the program and count as development packages. */
export function parseAuditData(section: Uint8Array): Parsed {
  const json = guarded('dependency list of cargo-auditable', () => ({
    value: JSON.parse(inflateSync(section, { maxOutputLength: MAX_JSON_BYTES }).toString('utf8')) as unknown,
  }));
  if ('problem' in json) return json;
  const packages = listOf(property(json.value, 'packages'));
  const root = packages.find((p) => property(p, 'root') === true);
  const direct = new Set(listOf(property(root, 'dependencies')));
  return packages.flatMap((p, index) => {
    const name = textOf(property(p, 'name'));
    const version = textOf(property(p, 'version'));
    if (name === '' || version === '') return [];
    return [
      {
        name,
        version,
        direct: p === root || direct.has(index),
        ...(property(p, 'kind') === 'build' ? { dev: true } : {}),
      },
    ];
  });
}
