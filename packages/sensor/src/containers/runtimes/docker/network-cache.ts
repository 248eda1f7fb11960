// Drivers of docker's networks by id, asked for once: the driver of a network never changes.
import { objectOf, textOf } from '../../json-fields.ts';
import type { EngineClient } from './engine-client.ts';

const MAX_NETWORKS = 1000;

export interface NetworkCache {
  /** `bridge`, `host`, `null`, `macvlan` …; empty when the engine does not say. Never rejects. */
  driverOf(networkId: string): Promise<string>;
}

export function openNetworkCache(engine: Pick<EngineClient, 'ask'>): NetworkCache {
  const drivers = new Map<string, Promise<string>>();

  async function ask(id: string): Promise<string> {
    try {
      const answer = await engine.ask('GET', `/networks/${encodeURIComponent(id)}`);
      if (answer.status === 200) return textOf(objectOf(answer.body)['Driver']);
    } catch {
      // Asked again with the next container.
    }
    drivers.delete(id);
    return '';
  }

  return {
    driverOf(id) {
      const known = drivers.get(id);
      if (known !== undefined) return known;
      const oldest = drivers.keys().next();
      if (drivers.size >= MAX_NETWORKS && oldest.done !== true) drivers.delete(oldest.value);
      const driver = ask(id);
      drivers.set(id, driver);
      return driver;
    },
  };
}
