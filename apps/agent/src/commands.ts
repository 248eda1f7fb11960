// Carries out what the server wants done, each command once, and tells it the result until it has heard.
import type { ActionCommand, ActionResult } from '@guardcell/contract';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { Actuators } from '@guardcell/sensor';
import type { ServerLink } from './server-link.ts';

const ACTION_DEADLINE_MS = 30_000;
const REMEMBERED_MAX = 10_000;

export interface CommandRunner {
  /** The open commands as the server sees them; level-triggered, so seeing one again is normal. */
  desired(commands: readonly ActionCommand[]): void;
}

function expired(command: ActionCommand): ActionResult {
  return {
    state: 'skipped',
    detail: `the command expired at ${new Date(command.expiresAtMs).toISOString()} before this host saw it`,
    errorCode: 'GC_ACTION_EXPIRED',
    mechanism: '',
  };
}

export function createCommandRunner(
  actuators: Actuators,
  link: ServerLink,
  clock: Clock,
  logger: Logger,
): CommandRunner {
  /** Undefined while under way, else the result, which is sent again if the server still asks. */
  const known = new Map<string, ActionResult | undefined>();

  async function carryOut(command: ActionCommand): Promise<ActionResult> {
    if (clock.nowMs() > command.expiresAtMs) return expired(command);
    try {
      return await actuators.run(
        { id: command.id, action: command.action.do, target: command.target, with: command.action.with },
        AbortSignal.timeout(ACTION_DEADLINE_MS),
      );
    } catch (thrown) {
      const { code, message } = errorFacts(thrown);
      return { state: 'failed', detail: message, errorCode: code, mechanism: '' };
    }
  }

  async function deliver(id: string, result: ActionResult): Promise<void> {
    try {
      await link.sendResult(id, result);
    } catch (thrown) {
      // The server asks again when it is back: the command stays in its desired state until it has the result.
      logger.warn('the result of an action waits for the server', { action: id, ...errorFacts(thrown) });
    }
  }

  async function handle(command: ActionCommand): Promise<void> {
    known.set(command.id, undefined);
    const result = await carryOut(command);
    known.set(command.id, result);
    logger.info('action done', {
      action: command.action.do,
      state: result.state,
      mechanism: result.mechanism,
    });
    await deliver(command.id, result);
  }

  return {
    desired(commands) {
      for (const command of commands) {
        if (!known.has(command.id)) {
          if (known.size >= REMEMBERED_MAX) known.delete(known.keys().next().value ?? '');
          void handle(command);
          continue;
        }
        const result = known.get(command.id);
        if (result !== undefined) void deliver(command.id, result);
      }
    },
  };
}
