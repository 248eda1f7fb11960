// Every write of the console, with what it makes stale.
import type {
  ActionRequest,
  ExceptionInput,
  KeyRole,
  ResponseRuleInput,
  Role,
  RuleFileDocument,
  Settings,
} from '@guardcell/contract';
import type { ActionRecord } from '@guardcell/core';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Tag } from './queries.ts';
import type { Results, User, UserPassword } from './types.ts';

/** A write that makes what carries these tags be read again, whether it succeeds or fails. */
export function useWrite<Input, Output>(
  write: (input: Input) => Promise<Output>,
  stale: readonly Tag[],
): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSettled: () => Promise.all(stale.map((tag) => client.invalidateQueries({ queryKey: [tag] }))),
  });
}

const AFTER_ACTION: readonly Tag[] = ['actions', 'containers', 'overview'];

export function useRunAction(): UseMutationResult<ActionRecord, Error, ActionRequest> {
  return useWrite((body: ActionRequest) => call('runAction', { body }), AFTER_ACTION);
}

export function useUndoAction(): UseMutationResult<ActionRecord, Error, string> {
  return useWrite((id: string) => call('undoAction', { params: { id } }), AFTER_ACTION);
}

export function useUpdateRule(): UseMutationResult<
  Results['updateRule'],
  Error,
  { name: string; enabled: boolean }
> {
  return useWrite(
    ({ name, enabled }: { name: string; enabled: boolean }) =>
      call('updateRule', { params: { name }, body: { enabled } }),
    ['rules', 'status'],
  );
}

export interface RuleFileWrite {
  readonly name: string;
  readonly content: string;
  readonly draft: boolean;
  /** Undefined: the file is new. */
  readonly version: string | undefined;
}

const AFTER_RULE_FILE: readonly Tag[] = ['rules', 'rule-files', 'status'];

export function useWriteRuleFile(): UseMutationResult<RuleFileDocument, Error, RuleFileWrite> {
  return useWrite(
    ({ name, content, draft, version }: RuleFileWrite) =>
      version === undefined
        ? call('createRuleFile', { body: { name, content, draft } })
        : call('putRuleFile', { params: { name }, body: { content, draft }, ifMatch: version }),
    AFTER_RULE_FILE,
  );
}

export function useDeleteRuleFile(): UseMutationResult<undefined, Error, { name: string; draft: boolean }> {
  return useWrite(
    ({ name, draft }: { name: string; draft: boolean }) =>
      call('deleteRuleFile', { params: { name }, query: draft ? { draft } : {} }),
    AFTER_RULE_FILE,
  );
}

export function useAddException(): UseMutationResult<
  Results['addRuleException'],
  Error,
  { rule: string; exception: ExceptionInput }
> {
  return useWrite(
    ({ rule, exception }: { rule: string; exception: ExceptionInput }) =>
      call('addRuleException', { params: { name: rule }, body: exception }),
    AFTER_RULE_FILE,
  );
}

export function usePutResponse(): UseMutationResult<
  Results['putResponse'],
  Error,
  { rule: ResponseRuleInput; dryRun: boolean }
> {
  return useWrite(
    ({ rule, dryRun }: { rule: ResponseRuleInput; dryRun: boolean }) =>
      call('putResponse', { params: { name: rule.name }, body: rule, query: dryRun ? { dryRun } : {} }),
    ['responses'],
  );
}

export function useDeleteResponse(): UseMutationResult<undefined, Error, string> {
  return useWrite((name: string) => call('deleteResponse', { params: { name } }), ['responses']);
}

export interface SettingsWrite {
  readonly settings: Settings;
  /** What the form began with: who changed the settings meanwhile is not overwritten. */
  readonly version: string;
}

export function usePutSettings(): UseMutationResult<Settings, Error, SettingsWrite> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ settings, version }: SettingsWrite) =>
      call('putSettings', { body: settings, ifMatch: version === '' ? undefined : version }),
    // Not after a refusal: the form begins anew with what is read, and what was typed and why it was refused would be gone.
    onSuccess: () => client.invalidateQueries({ queryKey: ['settings'] }),
  });
}

export function useCreateApiKey(): UseMutationResult<
  Results['createApiKey'],
  Error,
  { name: string; role: KeyRole; expiresInDays: number }
> {
  return useWrite((body) => call('createApiKey', { body }), ['settings']);
}

export function useDeleteApiKey(): UseMutationResult<undefined, Error, string> {
  return useWrite((id: string) => call('deleteApiKey', { params: { id } }), ['settings']);
}

export function useChangePassword(): UseMutationResult<undefined, Error, { current: string; next: string }> {
  return useWrite((body) => call('changePassword', { body }), []);
}

export function useCreateUser(): UseMutationResult<UserPassword, Error, { name: string; role: Role }> {
  return useWrite((body) => call('createUser', { body }), ['settings']);
}

export function useUpdateUser(): UseMutationResult<User, Error, { name: string; role: Role }> {
  return useWrite(({ name, role }) => call('updateUser', { params: { name }, body: { role } }), ['settings']);
}

export function useDeleteUser(): UseMutationResult<undefined, Error, string> {
  return useWrite((name: string) => call('deleteUser', { params: { name } }), ['settings']);
}

/** The server makes the new password, and tells it this once. */
export function useResetPassword(): UseMutationResult<UserPassword, Error, string> {
  return useWrite((name: string) => call('resetPassword', { params: { name }, body: {} }), ['settings']);
}
