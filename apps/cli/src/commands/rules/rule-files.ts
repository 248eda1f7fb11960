// Rule files named on the command line: files, folders, `-` for stdin, `builtin` for Guardcell's own rules.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { nearestName, type RuleFile, type RuleLoadProblem } from '@guardcell/core';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import { type CompiledRule, type LoadResult, loadRules } from '@guardcell/rules';
import type { CommandContext, OptionSpec } from '../../command.ts';
import { texts } from '../../command.ts';
import { PROJECT_ROOT } from '../../paths.ts';

export const RULES_OPTION: Readonly<Record<string, OptionSpec>> = {
  rules: {
    type: 'string',
    short: 'r',
    multiple: true,
    value: 'FILE|DIR',
    help: "rule files in the order given; `builtin` stands for Guardcell's own, - for stdin",
  },
};

const FILE_MAX_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 5000;
const MAX_LEVELS_UP = 4;
const BUILTIN = 'builtin';
/** Lists and macros that the rules of a folder share; its rules need them to load. */
const SHARED = '_shared';

const CONTENT = join(PROJECT_ROOT, 'content');

/** Every rule file that Guardcell brings along, below `content/`, by path. */
function builtinFolders(): readonly string[] {
  return ['rules', 'audit-rules'].map((name) => join(CONTENT, name)).filter((path) => existsSync(path));
}

export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/.test(path);
}

export function isRuleFile(path: string): boolean {
  return /\.ya?ml$/.test(path) && !isTestFile(path);
}

/** Text of a file or of stdin. @throws CodedError GC_RULES_FILE_NOT_FOUND, GC_RULES_FILE, GC_RULES_TOO_LARGE. */
export function readTextFile(path: string): string {
  try {
    const bytes = readFileSync(path === '-' ? 0 : path);
    if (bytes.length > FILE_MAX_BYTES) {
      throw new CodedError('GC_RULES_TOO_LARGE', `the file has more than ${FILE_MAX_BYTES} bytes`, {
        at: path,
      });
    }
    return bytes.toString('utf8');
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    if (systemErrorCode(cause) === 'ENOENT') throw missing(path, cause);
    throw new CodedError('GC_RULES_FILE', 'the file cannot be read', { at: path, cause });
  }
}

function missing(path: string, cause?: unknown): CodedError {
  return new CodedError('GC_RULES_FILE_NOT_FOUND', 'there is no such file or folder', {
    at: path,
    hint: `Give a file, a folder, \`${BUILTIN}\` or - for stdin.`,
    ...(cause !== undefined && { cause }),
  });
}

/** YAML files below a folder, sorted by path, at most 5000. @throws CodedError GC_RULES_TOO_MANY. */
export function yamlFilesBelow(folder: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (found.length > MAX_FILES) {
    throw new CodedError('GC_RULES_TOO_MANY', `the folder has more than ${MAX_FILES} YAML files`, {
      at: folder,
    });
  }
  return found.sort();
}

export function isFolder(path: string): boolean {
  if (path === '-') return false;
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw missing(path, cause);
  }
}

/** Paths of rule files; folders give those below them. @throws CodedError when one does not exist or holds none. */
export function rulePaths(given: readonly string[]): readonly string[] {
  return given.flatMap((path) => {
    if (path === BUILTIN)
      return builtinFolders()
        .flatMap((folder) => yamlFilesBelow(folder))
        .filter(isRuleFile);
    if (!isFolder(path)) return [path];
    const found = yamlFilesBelow(path).filter(isRuleFile);
    // Nothing checked must not look like nothing wrong.
    if (found.length === 0)
      throw new CodedError('GC_RULES_NONE', 'there is no rule file in this folder', {
        at: path,
        hint: 'Rule files end in .yaml or .yml.',
      });
    return found;
  });
}

/** Files of the nearest `_shared` folder at or above the file's folder. */
function sharedBeside(path: string): readonly string[] {
  if (path === '-') return [];
  let folder = dirname(path);
  for (let level = 0; level < MAX_LEVELS_UP; level += 1) {
    const shared = join(folder, SHARED);
    if (existsSync(shared)) return yamlFilesBelow(shared).filter(isRuleFile);
    const above = dirname(folder);
    if (above === folder) break;
    folder = above;
  }
  return [];
}

/** The files with what they share first, each once. */
export function readRuleFiles(paths: readonly string[]): readonly RuleFile[] {
  const seen = new Set<string>();
  const files: RuleFile[] = [];
  const shared = new Set(paths.flatMap(sharedBeside));
  for (const path of [...shared, ...paths]) {
    const identity = path === '-' || !existsSync(path) ? path : realpathSync(path);
    if (seen.has(identity)) continue;
    seen.add(identity);
    files.push({ name: nameOf(path), content: readTextFile(path) });
  }
  return files;
}

/** As users know it: `builtin/…` for Guardcell's own, else as given. */
function nameOf(path: string): string {
  if (path === '-') return 'stdin';
  const folder = builtinFolders().find((home) => path.startsWith(home + sep));
  return folder === undefined ? path : join(BUILTIN, relative(folder, path));
}

export interface LocalRules {
  readonly load: LoadResult;
  readonly files: readonly RuleFile[];
}

/** Rules of `-r`, or Guardcell's own without it; prints the errors of files to stderr and goes on. */
export function loadLocalRules(context: CommandContext): LocalRules {
  const given = texts(context.options, 'rules');
  const files = readRuleFiles(rulePaths(given.length === 0 ? [BUILTIN] : given));
  const load = loadRules(files);
  for (const problem of load.problems) if (problem.level === 'error') context.err(problemLine(problem));
  return { load, files };
}

export function problemLine(problem: RuleLoadProblem): string {
  const { level, file, line, column, code, message, hint } = problem;
  return `${file}:${line}:${column}: ${level} ${code}: ${message}${hint === '' ? '' : `\n    ${hint}`}\n`;
}

/** By name, case-insensitive name or id. @throws CodedError GC_RULE_NOT_FOUND with what was probably meant. */
export function ruleNamed(rules: readonly CompiledRule[], wanted: string): CompiledRule {
  const lower = wanted.toLowerCase();
  const found =
    rules.find((rule) => rule.name === wanted) ??
    rules.find((rule) => rule.meta.id === wanted) ??
    rules.find((rule) => rule.name.toLowerCase() === lower);
  if (found !== undefined) return found;
  const near = suggestion(
    wanted,
    rules.flatMap(({ name, meta }) => (meta.id === undefined ? [name] : [name, meta.id])),
  );
  throw new CodedError('GC_RULE_NOT_FOUND', `there is no rule '${wanted}'`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`
        : `${rules.length} rules are loaded; guardcell rules list --local names them, -r FILE adds files.`,
  });
}

/** Names that a mistyped or shortened one may stand for, at most three. */
export function suggestion(wanted: string, names: readonly string[]): readonly string[] {
  const near = nearestName(wanted, names);
  if (near !== undefined) return [near];
  const words = wanted.toLowerCase().split(/\s+/);
  return names.filter((name) => words.every((word) => name.toLowerCase().includes(word))).slice(0, 3);
}
