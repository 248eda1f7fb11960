// Every write about scanning, with what it makes stale.
import type {
  Acceptance,
  AcceptanceInput,
  RegistryCheck,
  RegistryInput,
  ScanJob,
  VulnerabilityData,
} from '@guardcell/contract';
import type { UseMutationResult } from '@tanstack/react-query';
import { call } from './client.ts';
import { useWrite } from './mutations.ts';
import type { Tag } from './queries.ts';
import type { Results } from './types.ts';

const AFTER_SCAN: readonly Tag[] = ['registries', 'scan-jobs', 'artifacts'];
const AFTER_DECISION: readonly Tag[] = ['acceptances', 'vulnerabilities', 'artifacts'];

interface NamedRegistry {
  readonly name: string;
  readonly input: RegistryInput;
}

export function usePutRegistry(): UseMutationResult<Results['putRegistry'], Error, NamedRegistry> {
  return useWrite(
    ({ name, input }: NamedRegistry) => call('putRegistry', { params: { name }, body: input }),
    AFTER_SCAN,
  );
}

export function useDeleteRegistry(): UseMutationResult<undefined, Error, string> {
  return useWrite((name: string) => call('deleteRegistry', { params: { name } }), AFTER_SCAN);
}

/** Changes nothing: the platform tries the registry as it would be saved. */
export function useCheckRegistry(): UseMutationResult<RegistryCheck, Error, NamedRegistry> {
  return useWrite(
    ({ name, input }: NamedRegistry) => call('checkRegistry', { params: { name }, body: input }),
    [],
  );
}

export function useScanRegistry(): UseMutationResult<ScanJob, Error, { name: string; all?: boolean }> {
  return useWrite(
    ({ name, all }: { name: string; all?: boolean }) =>
      call('scanRegistry', { params: { name }, query: all === true ? { all } : {} }),
    AFTER_SCAN,
  );
}

export function useCancelScanJob(): UseMutationResult<ScanJob, Error, string> {
  return useWrite((id: string) => call('cancelScanJob', { params: { id } }), AFTER_SCAN);
}

export function useScanArtifact(): UseMutationResult<ScanJob, Error, string> {
  return useWrite((id: string) => call('scanArtifact', { params: { id } }), AFTER_SCAN);
}

export function useDeleteArtifact(): UseMutationResult<undefined, Error, string> {
  return useWrite(
    (id: string) => call('deleteArtifact', { params: { id } }),
    ['artifacts', 'vulnerabilities'],
  );
}

export function useUpdateVulnerabilityData(): UseMutationResult<VulnerabilityData, Error, void> {
  return useWrite(() => call('updateVulnerabilityData'), ['vulnerability-data']);
}

export function useRequestAcceptance(): UseMutationResult<Acceptance, Error, AcceptanceInput> {
  return useWrite((body: AcceptanceInput) => call('requestAcceptance', { body }), AFTER_DECISION);
}

export type Decision = 'approve' | 'reject' | 'revoke';
const DECISIONS = {
  approve: 'approveAcceptance',
  reject: 'rejectAcceptance',
  revoke: 'revokeAcceptance',
} as const;

export function useDecide(): UseMutationResult<
  Acceptance,
  Error,
  { readonly id: string; readonly decision: Decision; readonly note: string }
> {
  return useWrite(
    ({ id, decision, note }: { id: string; decision: Decision; note: string }) =>
      call(DECISIONS[decision], { params: { id }, body: { note } }),
    AFTER_DECISION,
  );
}
