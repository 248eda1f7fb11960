// Checks one file: finds its kind, parses it, runs the checks of that kind.
import type { MisconfigurationFinding } from '@guardcell/core';
import { accountsOfText, filesOfText, imageOfText } from './artifact/examples.ts';
import type { JudgePasswords } from './artifact/read-accounts.ts';
import type { AnyCheck, Check, Documents, Hit, PostureKind } from './check.ts';
import { POSTURE_CHECKS } from './checks/registry.ts';
import { detectKind } from './detect-kind.ts';
import { findingInLanguage, messageOf, type PostureLanguage } from './finding-language.ts';
import { parseDockerfile } from './parse/dockerfile.ts';
import { parseJenkinsfile } from './parse/jenkinsfile.ts';
import { kubernetesFile } from './parse/kubernetes.ts';
import { parseYaml, type YamlProblem } from './parse/yaml-tree.ts';

export interface PostureOptions {
  /** Language of titles, messages and fixes; English without it. */
  readonly language?: PostureLanguage;
  /** When the caller knows better than the name. */
  readonly kind?: PostureKind;
  readonly judgePasswords?: JudgePasswords;
}

export interface PostureResult {
  /** Undefined when no check is about such a file. */
  readonly kind: PostureKind | undefined;
  readonly findings: readonly MisconfigurationFinding[];
  /** Parts that could not be looked at. */
  readonly problems: readonly YamlProblem[];
}

/** Longer files are not looked at: nobody writes them by hand. */
const MAX_CHARACTERS = 2_000_000;
/** Hits of one check in one file; more of the same help nobody. */
const MAX_HITS = 200;
const MAX_DETAIL = 200;

interface Parsed {
  readonly documents: Partial<Documents>;
  readonly problems: readonly YamlProblem[];
}

function parse(kind: PostureKind, path: string, text: string, options: PostureOptions): Parsed {
  if (kind === 'image') return { documents: { image: imageOfText(text) }, problems: [] };
  if (kind === 'files') return { documents: { files: filesOfText(text) }, problems: [] };
  if (kind === 'accounts')
    return { documents: { accounts: accountsOfText(path, text, options.judgePasswords) }, problems: [] };
  if (kind === 'dockerfile') return { documents: { dockerfile: parseDockerfile(text) }, problems: [] };
  if (kind === 'jenkinsfile') return { documents: { jenkinsfile: parseJenkinsfile(text) }, problems: [] };
  if (kind === 'kubernetes' && /\{\{[\s\S]{0,2000}?\}\}/.test(text)) {
    return {
      documents: {},
      problems: [{ line: 1, message: 'a template that needs helm to render; not looked at' }],
    };
  }
  const { documents, problems } = parseYaml(text);
  if (kind === 'kubernetes') return { documents: { kubernetes: kubernetesFile(documents) }, problems };
  return { documents: { [kind]: { path, documents } }, problems };
}

function hitsOf<K extends PostureKind>(check: Check<K>, documents: Partial<Documents>): readonly Hit[] {
  const document: Documents[K] | undefined = documents[check.kind];
  return document === undefined ? [] : check.find(document);
}

function finding(check: AnyCheck, hit: Hit, path: string): MisconfigurationFinding {
  const [title] = check.title;
  return {
    check: check.id,
    title,
    severity: check.severity,
    path: hit.path ?? path,
    ...(hit.layer === undefined ? {} : { layer: hit.layer }),
    startLine: hit.startLine,
    endLine: Math.max(hit.startLine, hit.endLine),
    message: messageOf(title, hit.detail.slice(0, MAX_DETAIL), 'en'),
    fix: check.fix[0],
  };
}

/** Runs the checks that are about the file. Never throws for hostile text: what cannot be read is a problem. */
export function checkFile(path: string, text: string, options: PostureOptions = {}): PostureResult {
  const kind = options.kind ?? detectKind(path, text);
  if (kind === undefined) return { kind, findings: [], problems: [] };
  if (text.length > MAX_CHARACTERS) {
    return {
      kind,
      findings: [],
      problems: [{ line: 1, message: `longer than ${MAX_CHARACTERS} characters; not looked at` }],
    };
  }
  const { documents, problems } = parse(kind, path, text, options);
  const checked = checkDocuments(kind, path, documents, options);
  return { ...checked, problems: [...problems, ...checked.problems] };
}

/** Runs the checks of one kind over what was read already: settings of an image, facts of files, accounts. */
export function checkDocument<K extends PostureKind>(
  kind: K,
  path: string,
  document: Documents[K],
  options: PostureOptions = {},
): PostureResult {
  const documents: Partial<Documents> = {};
  documents[kind] = document;
  return checkDocuments(kind, path, documents, options);
}

function checkDocuments(
  kind: PostureKind,
  path: string,
  documents: Partial<Documents>,
  options: PostureOptions,
): PostureResult {
  const { language = 'en' } = options;
  const dropped: YamlProblem[] = [];
  const inLanguage = (one: MisconfigurationFinding): MisconfigurationFinding =>
    language === 'en' ? one : findingInLanguage(one, language);
  const findings = POSTURE_CHECKS.filter((check) => check.kind === kind).flatMap((check) => {
    const hits = hitsOf(check as Check<PostureKind>, documents);
    if (hits.length > MAX_HITS)
      dropped.push({ line: 1, message: `${hits.length - MAX_HITS} more hits of ${check.id}` });
    return hits.slice(0, MAX_HITS).map((hit) => inLanguage(finding(check, hit, path)));
  });
  return {
    kind,
    findings: findings.sort((a, b) => a.startLine - b.startLine || a.check.localeCompare(b.check)),
    problems: dropped,
  };
}
