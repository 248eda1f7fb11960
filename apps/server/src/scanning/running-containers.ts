// Tells the store of scans what runs where, whenever it changes.
import { exposureOfContainer } from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import type { RunningContainer, ScanStore } from '@guardcell/store';
import type { Fleet, FleetContainer } from '../fleet/fleet.ts';

export interface RunningContainers {
  /** The fleet changed, or may have. */
  changed(): void;
  idle(): Promise<void>;
}

const ALIVE: readonly string[] = ['running', 'paused'];

function isAlive({ container }: FleetContainer): boolean {
  return ALIVE.includes(container.state) && container.id !== 'host';
}

function runningOf({ container, hostname }: FleetContainer, fleet: Pick<Fleet, 'find'>): RunningContainer {
  const { id, name, image, kubernetes } = container;
  return {
    id,
    name,
    hostname,
    namespace: kubernetes?.namespace ?? '',
    pod: kubernetes?.podName ?? '',
    image: image.reference,
    manifestDigest: image.digest,
    imageId: image.id,
    exposure: exposureOfContainer(container, (other) => fleet.find(other)[0]?.container),
  };
}

export function createRunningContainers(
  fleet: Pick<Fleet, 'containers' | 'agents' | 'find'>,
  store: () => Promise<ScanStore>,
  /** Whether anything was ever stored: a store is not opened to hear that nothing runs. */
  hasStore: () => boolean,
  logger: Logger,
  /** The store was told of something new. */
  onTold: () => void,
): RunningContainers {
  const told = new Map<string, string>();
  let work: Promise<void> | undefined;
  let isStale = false;

  async function tell(): Promise<void> {
    while (isStale) {
      isStale = false;
      const sensors = new Map<string, RunningContainer[]>(
        fleet.agents().map(({ sensorId }) => [sensorId, []]),
      );
      for (const each of fleet.containers()) {
        if (isAlive(each)) sensors.get(each.sensorId)?.push(runningOf(each, fleet));
      }
      // Sensors that were forgotten run nothing any more.
      for (const sensor of told.keys()) if (!sensors.has(sensor)) sensors.set(sensor, []);
      let isNews = false;
      for (const [sensor, containers] of sensors) {
        const signature = JSON.stringify(containers);
        if (told.get(sensor) === signature) continue;
        if (containers.length === 0 && !hasStore()) continue;
        await (await store()).setRunning(sensor, containers);
        told.set(sensor, signature);
        isNews = true;
      }
      if (isNews) onTold();
    }
  }

  return {
    changed() {
      isStale = true;
      work ??= tell()
        .catch((thrown: unknown) =>
          logger.warn('what runs cannot be told to the store', { ...errorFacts(thrown) }),
        )
        .finally(() => {
          work = undefined;
        });
    },
    async idle() {
      for (let now = work; now !== undefined; now = work) await now;
    },
  };
}
