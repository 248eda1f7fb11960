// The whole public surface of respond.
export { type LoadedResponses, loadResponseFiles } from './load-file.ts';
export { planActions } from './plan.ts';
export { createRecentActions, type RecentActions } from './recent-actions.ts';
export { abandon, finish, markUndone } from './record.ts';
export { validateResponseInput } from './response-input.ts';
export * from './types.ts';
export { planManual, planUndo } from './undo.ts';
