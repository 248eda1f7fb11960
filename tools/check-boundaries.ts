// Keeps the direction of architecture: pure core ← adapters ← apps. Run by `guardcell check`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';

const ROOT = resolve(import.meta.dirname, '..');
const SCOPE = '@guardcell/';
/** No node:*, no adapter: they run anywhere, browser included. */
const PURE: ReadonlySet<string> = new Set([
  'core',
  'contract',
  'cel',
  'rules',
  'respond',
  'vuln',
  'report',
  'secrets',
  'posture',
]);
const ADAPTERS: ReadonlySet<string> = new Set([
  'store',
  'spool',
  'sensor',
  'notify',
  'capture',
  'image',
  'advisories',
  'malware',
]);
const WEB_MAY_IMPORT: ReadonlySet<string> = new Set(['core', 'contract', 'rules']);

interface Room {
  readonly kind: 'package' | 'app' | 'other';
  readonly name: string;
}

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function sourceFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/node_modules/') && !file.includes('/dist/'));
}

function importsOf(file: string): Import[] {
  const { module } = parseSync(file, readFileSync(file, 'utf8'));
  const specifiers = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((part) => part.moduleRequest?.value ?? []),
    ),
  ];
  return specifiers.map((specifier) => ({ file, specifier }));
}

function roomOf(file: string): Room {
  const [top, name = ''] = relative(ROOT, file).split('/');
  if (top === 'packages') return { kind: 'package', name };
  if (top === 'apps') return { kind: 'app', name };
  return { kind: 'other', name: top ?? '' };
}

/** Entries of a package beside its index: parts that are worth loading alone. */
function partsOf(name: string): ReadonlySet<string> {
  const known = PARTS.get(name);
  if (known !== undefined) return known;
  const file = join(ROOT, 'packages', name, 'package.json');
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { exports?: object }) : {};
  const parts = new Set(Object.keys(manifest.exports ?? {}));
  PARTS.set(name, parts);
  return parts;
}

const PARTS = new Map<string, ReadonlySet<string>>();

function violation(room: Room, entry: Import, isTest: boolean): string | undefined {
  const { specifier, file } = entry;
  if (specifier.startsWith('.')) {
    const target = roomOf(resolve(dirname(file), specifier));
    const crosses = room.kind !== 'other' && (target.kind !== room.kind || target.name !== room.name);
    return crosses && !isTest ? 'reaches into another room by a relative path' : undefined;
  }
  if (room.kind === 'package' && PURE.has(room.name) && !isTest && specifier.startsWith('node:')) {
    return 'a pure package must not import node:*';
  }
  if (!specifier.startsWith(SCOPE)) {
    if (room.name === 'core' && !isTest && !specifier.startsWith('node:')) return 'core has no dependencies';
    return undefined;
  }
  const [name = '', ...part] = specifier.slice(SCOPE.length).split('/');
  if (part.length > 0 && !partsOf(name).has(`./${part.join('/')}`)) {
    return 'deep import; packages are used through what their package.json exports';
  }
  const isApp = ['server', 'agent', 'cli', 'web'].includes(name);
  if (isApp) return 'apps are composition roots; nobody imports them';
  if (room.kind === 'app' && room.name === 'web' && !WEB_MAY_IMPORT.has(name)) {
    return `web may import only ${[...WEB_MAY_IMPORT].join(', ')}`;
  }
  if (room.kind !== 'package' || isTest) return undefined;
  if (PURE.has(room.name) && !PURE.has(name)) return `a pure package must not import ${name}`;
  if (ADAPTERS.has(room.name) && ADAPTERS.has(name)) return 'adapters do not know each other';
  if (name === 'fakes') return 'fakes are for tests';
  return undefined;
}

function packageCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  function visit(name: string, path: readonly string[]): void {
    if (path.includes(name)) {
      found.push([...path.slice(path.indexOf(name)), name].join(' → '));
      return;
    }
    for (const next of edges.get(name) ?? []) visit(next, [...path, name]);
  }
  for (const name of edges.keys()) if (found.length === 0) visit(name, []);
  return found;
}

/** Every rule that the tree breaks, one line each; empty when all is well. */
export function checkBoundaries(): string[] {
  const problems: string[] = [];
  const edges = new Map<string, Set<string>>();
  const files = ['packages', 'apps', 'tests', 'tools', 'bench'].flatMap((dir) =>
    sourceFiles(join(ROOT, dir)),
  );
  for (const file of files) {
    const room = roomOf(file);
    // Tests and tools run on a developer's machine; what they import ships to nobody.
    const isTest = /\.test\.tsx?$/.test(file) || /\/(testing|tools|conformance)\//.test(file);
    for (const entry of importsOf(file)) {
      const reason = violation(room, entry, isTest);
      if (reason !== undefined) problems.push(`${relative(ROOT, file)}: '${entry.specifier}': ${reason}`);
      if (room.kind === 'package' && !isTest && entry.specifier.startsWith(SCOPE)) {
        const [target = ''] = entry.specifier.slice(SCOPE.length).split('/');
        if (target !== room.name) edges.set(room.name, (edges.get(room.name) ?? new Set()).add(target));
      }
    }
  }
  return [...problems, ...packageCycles(edges).map((cycle) => `package cycle: ${cycle}`)];
}

if (import.meta.main) {
  const problems = checkBoundaries();
  for (const line of problems) console.error(line);
  console.log(`boundaries: ${problems.length === 0 ? 'kept' : `${problems.length} broken`}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
