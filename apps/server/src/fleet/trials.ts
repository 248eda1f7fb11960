// Trials of rules on the events that agents remember: sent with the desired state, answered once by each agent.
import type { TrialAnswer, TrialCommand } from '@guardcell/contract';
import type { Clock } from '@guardcell/kit';

const WAIT_MS = 8000;

export interface TrialResults {
  readonly answers: readonly TrialAnswer[];
  /** Agents that listen and did not answer in time. */
  readonly silent: number;
}

export interface Trials {
  /** Undefined when one is under way: each costs the sensors' threads time. */
  run(file: { readonly name: string; readonly content: string }): Promise<TrialResults | undefined>;
  /** What agents are asked for now. */
  open(): readonly TrialCommand[];
  answer(id: string, answer: TrialAnswer): void;
}

export interface TrialDeps {
  readonly clock: Clock;
  readonly changed: () => void;
  /** Ids of the agents that should answer. */
  readonly sensors: () => readonly string[];
  readonly waitMs?: number;
}

export function createTrials({ clock, changed, sensors, waitMs = WAIT_MS }: TrialDeps): Trials {
  let current: { readonly command: TrialCommand; readonly take: (answer: TrialAnswer) => void } | undefined;
  let count = 0;
  return {
    open: () => (current === undefined ? [] : [current.command]),
    answer(id, answer) {
      if (current?.command.id === id) current.take(answer);
    },
    async run({ name, content }) {
      if (current !== undefined) return undefined;
      const asked = new Set(sensors());
      if (asked.size === 0) return { answers: [], silent: 0 };
      const answers = new Map<string, TrialAnswer>();
      const { promise, resolve } = Promise.withResolvers<void>();
      count += 1;
      const nowMs = clock.nowMs();
      current = {
        command: { id: `${nowMs}-${count}`, name, content, expiresAtMs: nowMs + waitMs },
        take(answer) {
          if (!asked.has(answer.sensorId)) return;
          answers.set(answer.sensorId, answer);
          if (answers.size === asked.size) resolve();
        },
      };
      changed();
      const timer = setTimeout(resolve, waitMs);
      await promise;
      clearTimeout(timer);
      current = undefined;
      return { answers: [...answers.values()], silent: asked.size - answers.size };
    },
  };
}
