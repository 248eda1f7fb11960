// The whole public surface of the rule engine.
export type { AuditAlert } from './audit/audit-alert.ts';
export { auditAlert } from './audit/audit-alert.ts';
export type { AuditEvent, AuditEventResult, AuditProblem } from './audit/audit-event.ts';
export { AUDIT_SOURCE, auditEvent, auditIdentity } from './audit/audit-event.ts';
export type { AuditDocuments, AuditReadProblem } from './audit/read-audit.ts';
export { MAX_AUDIT_DEPTH, MAX_AUDIT_EVENT_CHARS, readAudit } from './audit/read-audit.ts';
export {
  diffRules,
  type ListChange,
  type MacroChange,
  type PartChange,
  type RuleChange,
  type RulePart,
  type RuleSetDiff,
} from './compare/diff-rules.ts';
export type { Engine, EngineStats, RuleMatch, RuleStats } from './engine/engine.ts';
export { createEngine } from './engine/engine.ts';
export { enterEventTypes } from './engine/enter-interest.ts';
export type { EngineEnvironment } from './engine/environment.ts';
export type { RuleInterest } from './engine/interest.ts';
export { ruleInterest } from './engine/interest.ts';
export { EVENT_TYPES } from './events/event-table.ts';
export { type EventParameter, type EventTypeView, eventTypeViews, operatorsOf } from './explain/catalog.ts';
export {
  type ConditionNode,
  describeRule,
  type PrefilterFacts,
  type RuleDescription,
} from './explain/describe-rule.ts';
export { type ExplainedNode, type ExplainOptions, explainTree } from './explain/explain-tree.ts';
export { flattenTree, treeOfNodes } from './explain/flat-tree.ts';
export type { EventSource, FieldDefinition, ValueType } from './fields/field.ts';
export { EVENT_SOURCES } from './fields/field.ts';
export { FIELDS } from './fields/registry.ts';
export type { RuleMeta, Translated } from './loader/items.ts';
export type { CompiledRule, LoadOptions, LoadResult, UnreadableFile } from './loader/load-rules.ts';
export { loadRules } from './loader/load-rules.ts';
export { PLUGIN_VERSIONS } from './loader/plugin-versions.ts';
export { loadOfPortable, type PortableLoad, portableLoad } from './loader/portable-load.ts';
export type { FalcoVerdict } from './loader/verdict.ts';
export { falcoVerdict } from './loader/verdict.ts';
export { ENGINE_VERSION } from './loader/versions.ts';
export type { OperatorDefinition } from './operators/operator.ts';
export { OPERATORS } from './operators/registry.ts';
export type { AppendOutput, OutputMatch } from './output/append-output.ts';
export { type FalcoAlert, type FalcoFormatOptions, toFalcoJson, toFalcoText } from './output/falco-format.ts';
export { rfc3339 } from './output/time-text.ts';
export type { EventSpec } from './testing/event-spec.ts';
export { createPlainEngine, type PlainEngine } from './testing/plain-engine.ts';
export { type EventFile, type NamedEvent, readEvents } from './testing/read-events.ts';
export type { TestOutcome, TestRunOptions } from './testing/run-rule-tests.ts';
export { runRuleTests } from './testing/run-rule-tests.ts';
export { syntheticEvent } from './testing/synthetic-event.ts';
export { TRANSFORMERS } from './transformers/registry.ts';
export type { TransformerDefinition } from './transformers/transformer.ts';
export { alertEvent } from './tuning/alert-event.ts';
export { type AlertValues, alertValues } from './tuning/alert-values.ts';
export { exceptionCondition, type RuleException } from './tuning/exception.ts';
export { type ExceptionPreview, type PreviewOptions, previewException } from './tuning/preview.ts';
export {
  type ExceptionProposal,
  proposeExceptions,
  type RiskNote,
  type TunedRule,
} from './tuning/propose.ts';
export { addException, type WriteOptions, type WrittenException } from './tuning/write-exception.ts';
