// Docker Engine: containers, their changes, and what the engine can do to them.
import type { IncomingMessage } from 'node:http';
import type { Container } from '@guardcell/core';
import { CodedError, readLines } from '@guardcell/kit';
import { listOf, objectOf, parseJson, textOf } from '../../json-fields.ts';
import type {
  ConnectOptions,
  RuntimeChange,
  RuntimeConnection,
  RuntimePlugin,
} from '../../runtime-plugin.ts';
import { containerOfEvent, containerOfInspect, networksOf } from './container-of-inspect.ts';
import { dockerControl } from './control.ts';
import { type EngineClient, engineFailure, openEngine } from './engine-client.ts';
import { openImageCache } from './image-cache.ts';
import { openNetworkCache } from './network-cache.ts';

const MAX_EVENT_BYTES = 1024 * 1024;
/** Containers asked for at once while listing. */
const LIST_BATCH = 8;

/** Changes that alter something we show. `exec_*` and `health_status` would only cost questions. */
const INTERESTING = [
  'create',
  'start',
  'die',
  'stop',
  'pause',
  'unpause',
  'destroy',
  'rename',
  'update',
  'restart',
];

function eventsPath(): string {
  const filters = { type: ['container'], event: INTERESTING };
  return `/events?filters=${encodeURIComponent(JSON.stringify(filters))}`;
}

/** A change from one line of the event stream; undefined when the line is not one. */
export function changeOfEvent(line: string): RuntimeChange | undefined {
  const event = objectOf(parseJson(line));
  const actor = objectOf(event['Actor']);
  const id = textOf(actor['ID']);
  if (id === '' || textOf(event['Type']) !== 'container') return undefined;
  return {
    id,
    removed: textOf(event['Action']) === 'destroy',
    known: containerOfEvent(id, actor['Attributes']),
  };
}

async function watch(events: IncomingMessage, onChange: (change: RuntimeChange) => void): Promise<string> {
  try {
    for await (const line of readLines(events, MAX_EVENT_BYTES)) {
      const change = changeOfEvent(line);
      if (change !== undefined) onChange(change);
    }
    return 'docker closed the event stream';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function containersOf(engine: EngineClient): Pick<RuntimeConnection, 'list' | 'inspect'> {
  const images = openImageCache(engine, () => Date.now());
  const networks = openNetworkCache(engine);

  async function inspect(id: string): Promise<Container | undefined> {
    const answer = await engine.ask('GET', `/containers/${encodeURIComponent(id)}/json`);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw engineFailure(answer, 'describe a container');
    const image = await images.get(textOf(objectOf(answer.body)['Image']));
    const drivers = await Promise.all(networksOf(answer.body).map((each) => networks.driverOf(each)));
    return containerOfInspect(answer.body, image, drivers);
  }

  async function list(): Promise<readonly Container[]> {
    const answer = await engine.ask('GET', '/containers/json?all=1');
    if (answer.status !== 200) throw engineFailure(answer, 'list containers');
    const ids = listOf(answer.body)
      .map((item) => textOf(objectOf(item)['Id']))
      .filter((id) => id !== '');
    const found: Container[] = [];
    for (let at = 0; at < ids.length; at += LIST_BATCH) {
      const batch = await Promise.all(ids.slice(at, at + LIST_BATCH).map(inspect));
      for (const container of batch) if (container !== undefined) found.push(container);
    }
    return found;
  }

  return { list, inspect };
}

async function connect(options: ConnectOptions): Promise<RuntimeConnection> {
  const engine = await openEngine(options.socket, options.signal);
  const hangUp = new AbortController();
  const signal = AbortSignal.any([options.signal, hangUp.signal]);
  try {
    const events = await engine.stream(eventsPath(), signal);
    if (events.statusCode !== 200) {
      events.destroy();
      throw new CodedError('GC_RUNTIME_ANSWER', 'docker does not offer its event stream', {
        at: options.socket,
      });
    }
    return {
      version: engine.engineVersion,
      ...containersOf(engine),
      control: dockerControl(engine),
      ended: watch(events, options.onChange),
      close: () => {
        hangUp.abort();
        engine.close();
      },
    };
  } catch (error) {
    hangUp.abort();
    engine.close();
    throw error;
  }
}

export const dockerRuntime: RuntimePlugin = {
  runtime: 'docker',
  defaultSockets: ['/var/run/docker.sock'],
  connect,
};
