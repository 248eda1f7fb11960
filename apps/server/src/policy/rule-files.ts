// The rule files as users see and edit them. Custom files are plain YAML in a folder of the platform: what is written
// here, by hand or by git is the same file, and its version is its content.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RuleFileDocument, RuleFileView } from '@guardcell/contract';
import type { RuleFile, RuleLoadProblem } from '@guardcell/core';
import { systemErrorCode } from '@guardcell/kit';
import { writePrivate } from '../data-dir.ts';
import { ApiError, notFound } from '../errors.ts';
import { checkMatch } from '../http/entity-tag.ts';
import { originOf } from './library-rule.ts';
import type { LoadedRules, RuleLoader } from './load-rules.ts';
import type { Sources } from './source-files.ts';

const CUSTOM = 'custom/';
/** Where the console and the command line write exceptions. */
export const TUNING_FILE = 'custom/tuning.yaml';
const DRAFT = '.draft';
const MAX_CUSTOM_FILES = 500;
const MAX_PROBLEMS_TOLD = 20;
const NEW_NAME = /^[a-z0-9][a-z0-9._-]{0,80}\.ya?ml$/;

export interface RuleFilesDeps {
  /** Folder of the custom files. */
  readonly dir: string;
  readonly sources: () => Sources;
  /** Looks at the files now; what changed is in force when it resolves. */
  readonly refresh: () => Promise<void>;
  /** What the files in force were loaded to. */
  readonly loaded: () => LoadedRules;
  readonly loader: RuleLoader;
}

export interface RuleFiles {
  readonly dir: string;
  list(): Promise<readonly RuleFileView[]>;
  /** @throws ApiError GC_NOT_FOUND. */
  read(name: string, draft?: boolean): Promise<RuleFileDocument>;
  /** The files in force with this one in its place, or at the end. */
  withFile(file: RuleFile): readonly RuleFile[];
  /** Of what a load found: the file's own problems, and errors elsewhere that are new. */
  relevant(loaded: LoadedRules, name: string): readonly RuleLoadProblem[];
  /** What is wrong with the file among the others: its own problems, and errors that it causes elsewhere. */
  check(file: RuleFile): Promise<readonly RuleLoadProblem[]>;
  /**
   * Writes a custom file when it has no errors, or its draft whatever it has.
   * @throws ApiError GC_EXISTS, GC_READ_ONLY, GC_NOT_FOUND, GC_STALE, GC_INVALID_RULES, GC_INVALID_REQUEST, GC_TOO_MANY.
   */
  write(change: RuleFileChange): Promise<RuleFileDocument>;
  /** @throws ApiError GC_READ_ONLY, GC_NOT_FOUND, GC_STALE, GC_INVALID_RULES when others need it. */
  remove(name: string, draft: boolean, ifMatch?: string): Promise<void>;
}

export interface RuleFileChange {
  readonly name: string;
  readonly content: string;
  readonly draft: boolean;
  /** `create`: must not exist; `replace`: must exist; `put`: either. */
  readonly mode: 'create' | 'replace' | 'put';
  readonly ifMatch?: string | undefined;
  /** Checks everything and writes nothing. */
  readonly dryRun?: boolean;
}

/** Files that exceptions are written to come last, after every rule they can be about. */
export function tuningLast(sources: Sources): Sources {
  const tuning = sources.files.filter((file) => file.name === TUNING_FILE);
  return tuning.length === 0
    ? sources
    : { ...sources, files: [...sources.files.filter((file) => file.name !== TUNING_FILE), ...tuning] };
}

function versionOf(content: string): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`;
}

function keyOf({ code, item, message }: RuleLoadProblem): string {
  return JSON.stringify([code, item, message]);
}

function refuse(problems: readonly RuleLoadProblem[]): void {
  const errors = problems.filter(({ level }) => level === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const place = (at: RuleLoadProblem): string => `${at.file}:${at.line}:${at.column}`;
  throw new ApiError('GC_INVALID_RULES', `${place(first)}: ${first.message}`, {
    hint: first.hint === '' ? 'Correct it, or save it as a draft.' : first.hint,
    errors: errors
      .slice(0, MAX_PROBLEMS_TOLD)
      .map((each) => ({ pointer: place(each), message: each.message })),
  });
}

export function createRuleFiles(deps: RuleFilesDeps): RuleFiles {
  const { dir, sources, refresh, loaded, loader } = deps;
  let writing: Promise<unknown> = Promise.resolve();

  const inForce = (name: string): RuleFile | undefined => sources().files.find((file) => file.name === name);
  const pathOf = (name: string): string => join(dir, name.slice(CUSTOM.length));

  /** Names of custom files that have a draft; drafts stand at the top of the folder. */
  async function draftNames(): Promise<readonly string[]> {
    const names = await readdir(dir).catch(() => []);
    return names
      .filter((name) => name.endsWith(DRAFT) && NEW_NAME.test(name.slice(0, -DRAFT.length)))
      .map((name) => CUSTOM + name.slice(0, -DRAFT.length));
  }

  async function draftOf(name: string): Promise<string | undefined> {
    if (!name.startsWith(CUSTOM) || !NEW_NAME.test(name.slice(CUSTOM.length))) return undefined;
    try {
      return await readFile(pathOf(name) + DRAFT, 'utf8');
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT') return undefined;
      throw thrown;
    }
  }

  function view(name: string, content: string, isPublished: boolean, hasDraft: boolean): RuleFileView {
    const { rules, problems } = loaded();
    const own = problems.filter((problem) => problem.file === name);
    const origin = originOf(name);
    return {
      name,
      origin,
      editable: origin === 'custom',
      published: isPublished,
      draft: hasDraft,
      rules: rules.filter((rule) => rule.file === name).length,
      errors: own.filter(({ level }) => level === 'error').length,
      warnings: own.filter(({ level }) => level === 'warning').length,
      characters: content.length,
    };
  }

  async function read(name: string, draft = false): Promise<RuleFileDocument> {
    const published = inForce(name);
    const drafted = await draftOf(name);
    const isDraft = drafted !== undefined && (draft || published === undefined);
    const content = isDraft ? drafted : published?.content;
    if (content === undefined) throw notFound('rule file', name);
    const file = view(name, content, published !== undefined, drafted !== undefined);
    const problems = isDraft
      ? await check({ name, content })
      : loaded().problems.filter((problem) => problem.file === name);
    return { file, isDraft, content, version: versionOf(content), problems: [...problems] };
  }

  function withFile(file: RuleFile): readonly RuleFile[] {
    const { files } = sources();
    if (files.some((each) => each.name === file.name))
      return files.map((each) => (each.name === file.name ? file : each));
    return tuningLast({ problems: [], folders: [], files: [...files, file] }).files;
  }

  function relevant(next: LoadedRules, own: string): readonly RuleLoadProblem[] {
    const known = new Set(loaded().problems.map(keyOf));
    return next.problems.filter(
      (problem) => problem.file === own || (problem.level === 'error' && !known.has(keyOf(problem))),
    );
  }

  async function check(file: RuleFile): Promise<readonly RuleLoadProblem[]> {
    return relevant(await loader.load(withFile(file)), file.name);
  }

  function needEditable(name: string, isNew: boolean): void {
    if (!name.startsWith(CUSTOM)) {
      throw new ApiError('GC_READ_ONLY', `'${name}' is not kept by the platform`, {
        hint: 'Copy what you want to change into a custom file.',
      });
    }
    if (isNew && !NEW_NAME.test(name.slice(CUSTOM.length))) {
      const message = 'must be small letters, digits, dots, hyphens or underscores and end in .yaml';
      throw new ApiError('GC_INVALID_REQUEST', `/name ${message}`, {
        errors: [{ pointer: '/name', message }],
      });
    }
  }

  async function writeNow(change: RuleFileChange): Promise<RuleFileDocument> {
    const { name, content, draft, mode, ifMatch } = change;
    const published = inForce(name)?.content;
    const drafted = await draftOf(name);
    const exists = published !== undefined || drafted !== undefined;
    needEditable(name, !exists || draft);
    if (mode === 'create' && exists)
      throw new ApiError('GC_EXISTS', `there is a rule file '${name}' already`);
    if (mode === 'replace' && !exists) throw notFound('rule file', name);
    if (!exists && (await list()).filter((file) => file.editable).length >= MAX_CUSTOM_FILES)
      throw new ApiError('GC_TOO_MANY', `there are ${MAX_CUSTOM_FILES} custom rule files already`);
    if (ifMatch !== undefined) {
      // Whoever opened the draft may publish it, and whoever opened what is in force may put a draft beside it.
      const tags = [published, drafted].filter((text) => text !== undefined).map(versionOf);
      const wanted = tags.find((tag) => ifMatch.includes(tag));
      checkMatch(ifMatch, wanted ?? tags[0]);
    }
    if (!draft) refuse(await check({ name, content }));
    if (change.dryRun === true) {
      const file = view(name, content, !draft || published !== undefined, draft || drafted !== undefined);
      return {
        file,
        isDraft: draft,
        content,
        version: versionOf(content),
        problems: [...(await check({ name, content }))],
      };
    }
    await writePrivate(draft ? pathOf(name) + DRAFT : pathOf(name), content);
    if (!draft && drafted !== undefined) await rm(pathOf(name) + DRAFT, { force: true });
    if (!draft) await refresh();
    return read(name, draft);
  }

  async function removeNow(name: string, draft: boolean, ifMatch: string | undefined): Promise<void> {
    needEditable(name, false);
    const published = inForce(name)?.content;
    const drafted = await draftOf(name);
    const content = draft ? drafted : (published ?? drafted);
    if (content === undefined) throw notFound('rule file', name);
    checkMatch(ifMatch, versionOf(content));
    if (!draft && published !== undefined) {
      const others = sources().files.filter((file) => file.name !== name);
      refuse(relevant(await loader.load(others), name));
      await rm(pathOf(name), { force: true });
    }
    if (drafted !== undefined) await rm(pathOf(name) + DRAFT, { force: true });
    if (!draft) await refresh();
  }

  async function list(): Promise<readonly RuleFileView[]> {
    const drafts = new Set(await draftNames());
    const published = sources().files.map((file) =>
      view(file.name, file.content, true, drafts.has(file.name)),
    );
    const names = new Set(published.map((file) => file.name));
    const others = [...drafts].filter((name) => !names.has(name)).sort();
    return [...published, ...others.map((name) => view(name, '', false, true))];
  }

  /** One write at a time: each is checked against what the one before left. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = writing.then(work);
    writing = mine.catch(() => undefined);
    return mine;
  }

  return {
    dir,
    list,
    read,
    withFile,
    relevant,
    check,
    write: (change) => inTurn(() => writeNow(change)),
    remove: (name, draft, ifMatch) => inTurn(() => removeNow(name, draft, ifMatch)),
  };
}

/** `web.yaml` and `custom/web.yaml` name the same file. */
export function customName(name: string): string {
  return name.startsWith(CUSTOM) ? name : CUSTOM + basename(name);
}
