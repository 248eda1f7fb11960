// Conda's environment.yml: what conda installs, and the lines that it hands to pip. Only exact versions tell what is used.
// Spec: conda, "Creating an environment file manually"; package match specifications.
import type { FoundPackage } from '../found-package.ts';

const FILE = /^(?:environment|env)(?:[-_.][A-Za-z0-9._-]{1,100})?\.ya?ml$/;
/** `channel/subdir::name=1.2.3=build`, `name==1.2`; a version with `*`, `|` or `,` is none. */
const PIN =
  /^(?:[^\s:]{1,200}::)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,198}) ?(={1,2}) ?([0-9][A-Za-z0-9._!+-]{0,99})(=[A-Za-z0-9_.-]{1,100})?$/;

/** `environment.yml`, `environment-dev.yaml`, `env.yml` … */
export function isEnvironmentFile(name: string): boolean {
  return FILE.test(name);
}

interface Environment {
  readonly conda: readonly FoundPackage[];
  /** In the notation of requirements files. */
  readonly pip: string;
}

/** Linear, and never more than the lines of the file; other files of the name have no `dependencies:` and are empty. */
export function parseEnvironment(text: string): Environment {
  const conda: FoundPackage[] = [];
  const pip: string[] = [];
  let inside = false;
  let pipColumn = -1;
  for (const line of text.split('\n')) {
    if (/^[A-Za-z]/.test(line)) inside = /^dependencies:\s*(?:#.*)?$/.test(line.trimEnd());
    const item = inside && line.length <= 4096 ? /^( {0,40})- +(\S.*)$/.exec(line) : null;
    if (item === null) continue;
    const column = item[1]?.length ?? 0;
    const value = unquoted((item[2] ?? '').replace(/\s+#.*$/, ''));
    if (pipColumn >= 0 && column > pipColumn) {
      pip.push(value);
      continue;
    }
    pipColumn = value === 'pip:' ? column : -1;
    const [, name = '', sign, version = '', build] = PIN.exec(value) ?? [];
    // One sign and few numbers stand for a series: `python=3.9`.
    const isExact = sign === '==' || build !== undefined || version.split('.').length > 2;
    if (name !== '' && isExact) conda.push({ name: name.toLowerCase(), version, direct: true });
  }
  return { conda, pip: pip.join('\n') };
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}
