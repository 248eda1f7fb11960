// The whole public surface of respond.
export { compileGuard, GUARD_VARIABLES } from './guard.ts';
export { type LoadedResponses, loadResponseFile, loadResponseFiles } from './load-file.ts';
export { MAX_SKIP_RECORDS, planActions } from './plan.ts';
export { createRecentActions, type RecentActions } from './recent-actions.ts';
export { AUTOMATIC_ACTOR, abandon, finish, isOpen, markUndone } from './record.ts';
export { type ParsedInput, parseResponseInput, validateResponseInput } from './response-input.ts';
export { refusal } from './target.ts';
export { toYaml } from './to-yaml.ts';
export * from './types.ts';
export { planManual, planUndo } from './undo.ts';
