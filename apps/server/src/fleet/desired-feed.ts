// Pushes the desired state (policy and open commands) to the agents that listen: at once, and again on every change.
import type { ActionCommand, DesiredState, ScanningState, TrialCommand } from '@guardcell/contract';
import type { DesiredPolicy } from '@guardcell/core';

export interface DesiredFeed {
  /** Something changed: every listener gets its state again. Changes in the same turn are sent once. */
  changed(): void;
  /** Writes lines until closed. `sensor` empty: commands of every host. */
  listen(sensor: string, write: (line: string) => void): { close(): void };
  /** Whether some agent has been given a policy since this server started. */
  delivered(): boolean;
  /** Whether an agent listens that gets the commands for this sensor. */
  reaches(sensor: string): boolean;
}

export function createDesiredFeed(
  policy: () => DesiredPolicy | undefined,
  commandsFor: (sensor: string) => readonly ActionCommand[],
  trials: () => readonly TrialCommand[] = () => [],
  scanningFor: (sensor: string) => ScanningState | undefined = () => undefined,
): DesiredFeed {
  const listeners = new Set<{ readonly sensor: string; readonly send: () => void }>();
  let scheduled = false;
  let delivered = false;

  function line(sensor: string): string | undefined {
    const current = policy();
    if (current === undefined) return undefined;
    const open = trials();
    const scanning = scanningFor(sensor);
    const state: DesiredState = {
      policy: {
        revision: current.revision,
        ruleFiles: [...current.ruleFiles],
        disabledRules: [...current.disabledRules],
      },
      commands: [...commandsFor(sensor)],
      ...(open.length > 0 && { trials: [...open] }),
      ...(scanning !== undefined && { scanning }),
    };
    return `${JSON.stringify(state)}\n`;
  }

  return {
    changed() {
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        for (const listener of listeners) listener.send();
      });
    },
    listen(sensor, write) {
      const listener = {
        sensor,
        send() {
          const text = line(sensor);
          if (text === undefined) return;
          write(text);
          delivered = true;
        },
      };
      listeners.add(listener);
      listener.send();
      return { close: () => void listeners.delete(listener) };
    },
    delivered: () => delivered,
    reaches: (sensor) => [...listeners].some((each) => each.sensor === '' || each.sensor === sensor),
  };
}
