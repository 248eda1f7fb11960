// What the agent is told at start, as JSON in GUARDCELL_AGENT_OPTIONS.
import { CodedError } from '@guardcell/kit';

export interface AgentOptions {
  /** The agent's own folder: spool, last good policy. Mode 0700. */
  readonly dataDir: string;
  /** Unix socket of the server's agent API. */
  readonly serverSocket: string;
  /** File with the bearer token for that API. */
  readonly tokenFile: string;
  /** False with `--no-sensor`: inventory and actions only. */
  readonly sensor: boolean;
  readonly version: string;
  readonly ringSizeBytes: number;
  readonly spoolMaxBytes: number;
}

/** @throws CodedError GC_AGENT_OPTIONS when the text is not what the supervisor writes. */
export function parseAgentOptions(text: string | undefined): AgentOptions {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('dataDir' in value) || !('serverSocket' in value)) {
    throw new CodedError('GC_AGENT_OPTIONS', 'the agent was started without its options', {
      hint: 'Start it with `guardcell up`.',
    });
  }
  const { ringSizeBytes = 16 * 1024 * 1024, spoolMaxBytes = 512 * 1024 * 1024 } =
    value as Partial<AgentOptions>;
  return { ...(value as AgentOptions), ringSizeBytes, spoolMaxBytes };
}
