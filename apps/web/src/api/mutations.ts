// Every write of the console, with what it makes stale.
import type { ActionRequest, ResponseRuleInput, Role, Settings } from '@guardcell/contract';
import type { ActionRecord } from '@guardcell/core';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Tag } from './queries.ts';
import type { Results, User, UserPassword } from './types.ts';

function useWrite<Input, Output>(
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

export function usePutSettings(): UseMutationResult<Settings, Error, Settings> {
  return useWrite((body: Settings) => call('putSettings', { body }), ['settings']);
}

export function useCreateApiKey(): UseMutationResult<
  Results['createApiKey'],
  Error,
  { name: string; role: Role; expiresInDays: number }
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
