// Conda: records of installed packages (conda-meta/NAME-VERSION-BUILD.json) and conda-lock.yml.
import type { FoundPackage } from '../found-package.ts';
import type { Parsed } from '../text-analyzer.ts';
import { property, textOf } from '../untyped.ts';

/** One installed package with its licence. */
export function parseCondaMeta(text: string): Parsed {
  const json: unknown = JSON.parse(text);
  const name = textOf(property(json, 'name'));
  const version = textOf(property(json, 'version'));
  if (name === '' || version === '') return { problem: 'no name or version' };
  const license = textOf(property(json, 'license'));
  return [{ name, version, licenses: license === '' ? [] : [license] }];
}

const unquote = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

/** Who installs a package of a lock; those of pip belong to PyPI, whose advisories are about other names. */
export type CondaManager = 'conda' | 'pip';

function toFound(fields: ReadonlyMap<string, string>, manager: CondaManager): FoundPackage[] {
  const name = fields.get('name');
  const version = fields.get('version');
  if (!name || !version || (fields.get('manager') === 'pip') !== (manager === 'pip')) return [];
  return [{ name, version, ...(fields.get('category') === 'dev' ? { dev: true } : {}) }];
}

/** `conda-lock.yml`, `dev.conda-lock.yaml` … */
export function isCondaLock(path: string): boolean {
  return /(?:^|[./])conda-lock\.ya?ml$/.test(path);
}

/** conda-lock.yml: items of the list `package:`, fields indented by two or four as the tool's version has it. */
export function parseCondaLock(text: string, manager: CondaManager): readonly FoundPackage[] {
  const found: FoundPackage[] = [];
  let inside = false;
  let indent = -1;
  let fields = new Map<string, string>();
  const finish = (): void => {
    found.push(...toFound(fields, manager));
    fields = new Map();
  };
  for (const line of text.split('\n')) {
    if (/^[A-Za-z]/.test(line)) inside = line.startsWith('package:');
    if (!inside) continue;
    const field = /^( {0,8})(- )?([a-z]+): *(\S.*)$/.exec(line);
    if (field === null) continue;
    const column = (field[1]?.length ?? 0) + (field[2]?.length ?? 0);
    if (field[2] !== undefined && (indent < 0 || column === indent)) {
      finish();
      indent = column;
    }
    if (column === indent) fields.set(field[3] ?? '', unquote(field[4] ?? ''));
  }
  finish();
  return found;
}
