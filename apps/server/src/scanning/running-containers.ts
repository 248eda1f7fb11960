// Tells the store of scans what runs where, whenever it changes.
import type { Container } from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import type { RunningContainer, ScanStore } from '@guardcell/store';
import type { Fleet, FleetContainer } from '../fleet/fleet.ts';

export interface RunningContainers {
  /** The fleet changed, or may have. */
  changed(): void;
  /** Those that run an image with this digest, or are this host. */
  of(artifactId: string): readonly Container[];
  idle(): Promise<void>;
}

const ALIVE: readonly string[] = ['running', 'paused'];

function isAlive({ container }: FleetContainer): boolean {
  return ALIVE.includes(container.state) && container.id !== 'host';
}

function runningOf({ container, hostname }: FleetContainer): RunningContainer {
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
  };
}

export function createRunningContainers(
  fleet: Pick<Fleet, 'containers' | 'agents'>,
  store: () => Promise<ScanStore>,
  /** Whether anything was ever stored: a store is not opened to hear that nothing runs. */
  hasStore: () => boolean,
  logger: Logger,
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
        if (isAlive(each)) sensors.get(each.sensorId)?.push(runningOf(each));
      }
      // Sensors that were forgotten run nothing any more.
      for (const sensor of told.keys()) if (!sensors.has(sensor)) sensors.set(sensor, []);
      for (const [sensor, containers] of sensors) {
        const signature = JSON.stringify(containers);
        if (told.get(sensor) === signature) continue;
        if (containers.length === 0 && !hasStore()) continue;
        await (await store()).setRunning(sensor, containers);
        told.set(sensor, signature);
      }
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
    of(artifactId) {
      const isImage = artifactId.startsWith('sha256:');
      return fleet
        .containers()
        .filter(
          (each) =>
            isAlive(each) &&
            (isImage
              ? [each.container.image.digest, each.container.image.id].includes(artifactId)
              : artifactId === `container:${each.container.id}`),
        )
        .map(({ container }) => container);
    },
    async idle() {
      for (let now = work; now !== undefined; now = work) await now;
    },
  };
}
