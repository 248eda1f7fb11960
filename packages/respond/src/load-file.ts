// Response files: YAML, one or more documents, each one rule.
import { parseAgeMs, type ResponseRule, type RuleFile, type RuleLoadProblem } from '@guardcell/core';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { type Member, readFields, required } from './fields.ts';
import { asProblem, type Finding, type Report, reporter } from './problem.ts';
import { MAX_COOLDOWN_SECONDS, readName, readShared, SHARED_KEYS } from './rule-fields.ts';
import { placeOf } from './yaml-place.ts';

const API_VERSION = 'guardcell/v1';
const KIND = 'ResponseRule';

/** Longest file read, in UTF-16 units. */
const MAX_FILE_LENGTH = 1_048_576;
const MAX_DOCUMENTS = 1000;
/** Problems told of one file; who has more mends these first. */
const MAX_PROBLEMS = 100;
const DEFAULT_COOLDOWN_SECONDS = 300;

export interface LoadedResponses {
  readonly rules: readonly ResponseRule[];
  readonly problems: readonly RuleLoadProblem[];
}

function readCooldown(member: Member): number {
  const value = member.fields['cooldown'];
  if (value === undefined || value === null) return DEFAULT_COOLDOWN_SECONDS;
  const path = [...member.path, 'cooldown'];
  const ms = typeof value === 'string' ? parseAgeMs(value) : undefined;
  const hint = 'Write a number and a unit: 30s, 5m, 2h.';
  if (ms === undefined) member.report('GC_RESPONSE_VALUE', path, 'not a time span', { hint });
  else if (ms % 1000 !== 0 || ms > MAX_COOLDOWN_SECONDS * 1000) {
    member.report('GC_RESPONSE_VALUE', path, 'must be whole seconds, at most 24h', { hint });
  } else return ms / 1000;
  return DEFAULT_COOLDOWN_SECONDS;
}

function checkHead(member: Member): void {
  const { fields, report } = member;
  for (const [key, wanted] of [
    ['apiVersion', API_VERSION],
    ['kind', KIND],
  ] as const) {
    const value = required(member, key, `Write \`${key}: ${wanted}\`.`);
    if (value === undefined || fields[key] === wanted) continue;
    report('GC_RESPONSE_KIND', [key], `must be ${wanted}`, { hint: `Write \`${key}: ${wanted}\`.` });
  }
}

function readRule(value: unknown, file: string, report: Report): ResponseRule | undefined {
  const fields = readFields(value, [], ['apiVersion', 'kind', 'metadata', 'spec'], report);
  if (fields === undefined) return undefined;
  const root: Member = { fields, path: [], report };
  checkHead(root);
  const metadataValue = required(root, 'metadata', 'Write `metadata: { name: … }`.');
  const metadata =
    metadataValue === undefined ? undefined : readFields(metadataValue, ['metadata'], ['name'], report);
  const name = metadata === undefined ? '' : readName({ fields: metadata, path: ['metadata'], report });
  const specValue = required(root, 'spec');
  if (specValue === undefined) return undefined;
  const spec = readFields(specValue, ['spec'], [...SHARED_KEYS, 'cooldown'], report);
  if (spec === undefined) return undefined;
  const member: Member = { fields: spec, path: ['spec'], report };
  return {
    name,
    ...readShared(member),
    cooldownSeconds: readCooldown(member),
    origin: { kind: 'file', path: file },
  };
}

function fileProblem(file: RuleFile, message: string, hint: string): LoadedResponses {
  const finding: Finding = {
    code: 'GC_RESPONSE_SYNTAX',
    path: [],
    message,
    hint,
    onKey: false,
    inside: undefined,
  };
  return { rules: [], problems: [asProblem(finding, '', { file: file.name, line: 1, column: 1 })] };
}

interface Loading {
  readonly file: RuleFile;
  readonly lines: LineCounter;
  readonly rules: ResponseRule[];
  readonly problems: RuleLoadProblem[];
  /** Names taken so far, with the file that has them. */
  readonly names: Map<string, string>;
}

function syntaxFindings(loading: Loading, document: Document.Parsed): boolean {
  for (const error of document.errors.slice(0, MAX_PROBLEMS)) {
    const { line, col } = loading.lines.linePos(error.pos[0]);
    loading.problems.push({
      level: 'error',
      code: 'GC_RESPONSE_SYNTAX',
      message: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'malformed YAML',
      file: loading.file.name,
      line,
      column: col,
      item: '',
      hint: 'Check indentation, quotes and brackets.',
    });
  }
  return document.errors.length > 0;
}

function plainValue(document: Document.Parsed, report: Report): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'malformed YAML';
    report('GC_RESPONSE_SYNTAX', [], why.slice(0, 200), { hint: 'Write it without aliases (`*name`).' });
    return undefined;
  }
}

function loadDocument(loading: Loading, document: Document.Parsed): void {
  if (syntaxFindings(loading, document)) return;
  const findings: Finding[] = [];
  const report = reporter(findings);
  const value = plainValue(document, report);
  if (value === null) return; // an empty document
  const rule = findings.length === 0 ? readRule(value, loading.file.name, report) : undefined;
  const name = rule?.name ?? '';
  const taken = loading.names.get(name);
  if (name !== '' && taken !== undefined) {
    report('GC_RESPONSE_DUPLICATE', ['metadata', 'name'], `'${name}' is defined already in ${taken}`, {
      hint: 'Give each response rule its own name.',
    });
  }
  const source = { text: loading.file.content, document, lines: loading.lines };
  for (const finding of findings) {
    loading.problems.push(asProblem(finding, name, { file: loading.file.name, ...placeOf(source, finding) }));
  }
  if (rule === undefined || findings.length > 0) return;
  loading.names.set(name, loading.file.name);
  loading.rules.push(rule);
}

function loadInto(file: RuleFile, names: Map<string, string>): LoadedResponses {
  if (file.content.length > MAX_FILE_LENGTH) {
    return fileProblem(file, 'the file is larger than 1 MiB', 'Split it into several files.');
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(file.content, {
    lineCounter: lines,
    logLevel: 'silent',
    // Code frames are not shown, and on one long line they cost time squared.
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return { rules: [], problems: [] };
  if (documents.length > MAX_DOCUMENTS) {
    return fileProblem(file, `more than ${MAX_DOCUMENTS} documents`, 'Split it into several files.');
  }
  const loading: Loading = { file, lines, rules: [], problems: [], names };
  for (const document of documents) loadDocument(loading, document as Document.Parsed);
  return { rules: loading.rules, problems: loading.problems.slice(0, MAX_PROBLEMS) };
}

/**
 * Reads files in order; a name that an earlier document has taken is a problem of the later one. A document with a
 * problem is left out and reported; the others load. Never throws.
 */
export function loadResponseFiles(files: readonly RuleFile[]): LoadedResponses {
  const names = new Map<string, string>();
  const loaded = files.map((file) => loadInto(file, names));
  return {
    rules: loaded.flatMap(({ rules }) => rules),
    problems: loaded.flatMap(({ problems }) => problems),
  };
}
