// Answers in the language of who asks: `?language=` where a route has it, else `Accept-Language`. What is stored stays in
// English, and so do names, places, ids, what people wrote and what feeds and registries say.
import type {
  Artifact,
  ArtifactVulnerability,
  AuditVerdict,
  Registry,
  RegistryCheck,
  ReportLanguageTag,
  RouteName,
  ScanJob,
  TuneResult,
  VulnerabilityData,
} from '@guardcell/contract';
import {
  codedInChinese,
  detailInChinese,
  errorInChinese,
  messageInChinese,
  vulnerabilityInChinese,
} from '@guardcell/scan/remarks';
import type { Call, Handler, Handlers } from '../http/register-routes.ts';
import { acceptedLanguage, tellLanguage } from '../language/accepted-language.ts';
import { actionInChinese, statusInChinese } from '../language/host-in-chinese.ts';
import { messageOfProblem } from '../language/problem-in-chinese.ts';
import { ruleMessageInChinese, withProblemsInChinese } from '../language/rules-in-chinese.ts';
import { vocabularyInChinese } from '../language/vocabulary-in-chinese.ts';

type Answer = (answer: never) => unknown;

function job(answer: ScanJob): ScanJob {
  return {
    ...answer,
    detail: detailInChinese(answer.errorCode, answer.detail),
    problems: answer.problems.map((each) => ({
      ...each,
      message: messageInChinese(each.code, each.message),
    })),
  };
}

function registry(answer: Registry): Registry {
  return { ...answer, lastJob: answer.lastJob === null ? null : job(answer.lastJob) };
}

function listOf<Item>(one: (item: Item) => Item) {
  return <List extends { readonly items: readonly Item[] }>(answer: List): List => ({
    ...answer,
    items: answer.items.map(one),
  });
}

function check(answer: RegistryCheck): RegistryCheck {
  return { ...answer, detail: detailInChinese(answer.code, answer.detail) };
}

function artifact(answer: Artifact): Artifact {
  return { ...answer, errors: answer.errors.map(errorInChinese) };
}

function finding(answer: ArtifactVulnerability): ArtifactVulnerability {
  const { factors, explain } = vulnerabilityInChinese(answer);
  return { ...answer, factors: [...factors], explain };
}

function databaseFacts(answer: VulnerabilityData): VulnerabilityData {
  const { update, feeds } = answer;
  return {
    ...answer,
    update: { ...update, detail: codedInChinese(update.detail) },
    feeds: feeds.map((each) => ({ ...each, problem: codedInChinese(each.problem) })),
  };
}

function auditVerdict(answer: AuditVerdict): AuditVerdict {
  return {
    ...answer,
    faults: answer.faults.map(({ seq, message }) => ({ seq, message: messageOfProblem(message) })),
  };
}

function tuning(answer: TuneResult): TuneResult {
  return {
    ...answer,
    proposals: answer.proposals.map((each) => ({
      ...each,
      preview: { ...each.preview, problem: ruleMessageInChinese(each.preview.problem) },
    })),
  };
}

/** Chinese of the routes whose answers hold sentences of ours. */
const CHINESE: Readonly<Partial<Record<RouteName, Answer>>> = {
  status: statusInChinese,
  listRules: withProblemsInChinese,
  validateRules: withProblemsInChinese,
  ruleVocabulary: vocabularyInChinese,
  tryRules: withProblemsInChinese,
  tuneRule: tuning,
  getRuleFile: withProblemsInChinese,
  createRuleFile: withProblemsInChinese,
  putRuleFile: withProblemsInChinese,
  listResponses: withProblemsInChinese,
  verifyAudit: auditVerdict,
  listActions: listOf(actionInChinese),
  getAction: actionInChinese,
  runAction: actionInChinese,
  undoAction: actionInChinese,
  getArtifact: artifact,
  scanArtifact: job,
  listArtifactVulnerabilities: listOf(finding),
  listRegistries: listOf(registry),
  getRegistry: registry,
  putRegistry: registry,
  checkRegistry: check,
  scanRegistry: job,
  listScanJobs: listOf(job),
  getScanJob: job,
  cancelScanJob: job,
  vulnerabilityData: databaseFacts,
  updateVulnerabilityData: databaseFacts,
};
/** These need the texts of all checks and rules: they are told the language, and the work is done outside the server. */
const TOLD: ReadonlySet<RouteName> = new Set(['getArtifactFindings', 'getArtifactReport']);

function told(handler: Handler): Handler {
  return (call) => {
    const { query, request }: Call<{ readonly language?: ReportLanguageTag }> = call;
    const language = query.language ?? acceptedLanguage(request);
    return handler({ ...(call as object), query: { ...query, language } } as Call<never, never>);
  };
}

/** What a route has answered, with our sentences in Chinese. */
export function answerInChinese(name: RouteName, answer: unknown): unknown {
  return CHINESE[name]?.(answer as never) ?? answer;
}

function translated(name: RouteName, handler: Handler): Handler {
  return async (call) => {
    const answer = await handler(call);
    const language = acceptedLanguage(call.request);
    tellLanguage(call.reply, language);
    return language === 'zh-CN' ? answerInChinese(name, answer) : answer;
  };
}

function inLanguageOf(name: RouteName, handler: Handler): Handler {
  if (TOLD.has(name)) return told(handler);
  return CHINESE[name] === undefined ? handler : translated(name, handler);
}

/** The handlers with their answers in the language that is asked for. */
export function inLanguage(handlers: Handlers): Handlers {
  const entries = Object.entries(handlers) as [RouteName, Handler][];
  return Object.fromEntries(
    entries.map(([name, handler]) => [name, inLanguageOf(name, handler)]),
  ) as unknown as Handlers;
}
