// The inventory of containers, with the measures in force and recent alerts.
import type { ContainerView } from '@guardcell/contract';
import { ApiError, notFound } from '../errors.ts';
import type { FleetContainer } from '../fleet/fleet.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';

interface ListQuery {
  readonly q?: string;
  readonly state?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

type AlertCounts = ReadonlyMap<string, Readonly<Record<string, number>>>;

const DAY_MS = 86_400_000;
const COUNTS_AGE_MS = 5000;
const MAX_COUNTED = 5000;

/** Alerts of the last day by container, asked of the store at most every few seconds. */
function createAlertCounts(platform: Pick<Platform, 'events' | 'clock'>): () => Promise<AlertCounts> {
  let known: Promise<AlertCounts> | undefined;
  let knownMs = 0;
  async function ask(nowMs: number): Promise<AlertCounts> {
    const top = await platform.events.topContainers(nowMs - DAY_MS, nowMs, MAX_COUNTED);
    return new Map(top.map(({ container, counts }) => [container, counts]));
  }
  return () => {
    const nowMs = platform.clock.nowMs();
    if (known === undefined || nowMs - knownMs > COUNTS_AGE_MS) {
      knownMs = nowMs;
      known = ask(nowMs).catch((thrown: unknown) => {
        known = undefined;
        throw thrown;
      });
    }
    return known;
  };
}

export function isPaused(platform: Pick<Platform, 'actions'>, { container }: FleetContainer): boolean {
  if (container.state === 'paused') return true;
  // The cgroup freezer stops a container without its runtime knowing.
  return (
    container.state === 'running' &&
    platform.actions.inForce('pause', container.id)?.mechanism === 'cgroup-freezer'
  );
}

export function isQuarantined(platform: Pick<Platform, 'actions'>, { container }: FleetContainer): boolean {
  return platform.actions.inForce('quarantine', container.id) !== undefined;
}

function sortKey({ container }: FleetContainer): string {
  // The host last: people look for containers.
  return `${container.id === 'host' ? '1' : '0'}${container.name}\n${container.id}`;
}

/** What `state` may name besides the runtime's states: measures in force, and a property people look for. */
function statesOf(platform: Pick<Platform, 'actions'>, known: FleetContainer): readonly string[] {
  return [
    known.container.state,
    ...(isPaused(platform, known) ? ['paused'] : []),
    ...(isQuarantined(platform, known) ? ['quarantined'] : []),
    ...(known.container.privileged ? ['privileged'] : []),
  ];
}

function matches(platform: Pick<Platform, 'actions'>, known: FleetContainer, query: ListQuery): boolean {
  const { container } = known;
  const wanted = query.state ?? [];
  if (wanted.length > 0 && !statesOf(platform, known).some((state) => wanted.includes(state))) return false;
  const needle = (query.q ?? '').toLowerCase();
  if (needle === '') return true;
  const { kubernetes } = container;
  const texts = [
    container.name,
    container.id,
    container.image.reference,
    kubernetes?.namespace,
    kubernetes?.podName,
  ];
  return texts.some((text) => text?.toLowerCase().includes(needle) ?? false);
}

function decodeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[01]/.test(key)) throw new ApiError('GC_INVALID_CURSOR', 'the cursor is not one of this list');
  return key;
}

export function containerRoutes(platform: Platform): Pick<Handlers, 'listContainers' | 'getContainer'> {
  const alertCounts = createAlertCounts(platform);

  function view(each: FleetContainer, counts: AlertCounts): ContainerView {
    return {
      container: structuredClone(each.container) as ContainerView['container'],
      hostname: each.hostname,
      quarantined: isQuarantined(platform, each),
      paused: isPaused(platform, each),
      alerts24h: { ...counts.get(each.container.id) },
      lastSeenAt: new Date(each.lastSeenAtMs).toISOString(),
    };
  }

  return {
    async listContainers({ query }: Call<ListQuery>) {
      const after = decodeCursor(query.cursor);
      const found = platform.fleet
        .containers()
        .filter((each) => matches(platform, each, query))
        .map((each) => ({ each, key: sortKey(each) }))
        .filter(({ key }) => key > after)
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      const page = found.slice(0, query.limit);
      const last = found.length > page.length ? page.at(-1)?.key : undefined;
      const counts = await alertCounts();
      return {
        items: page.map(({ each }) => view(each, counts)),
        nextCursor: last === undefined ? null : Buffer.from(last).toString('base64url'),
      };
    },
    async getContainer({ params }: Call): Promise<ContainerView> {
      const reference = params['id'] ?? '';
      const [first, ...others] = platform.fleet.find(reference);
      if (first === undefined) throw notFound('container', reference);
      if (others.length > 0 && first.container.id !== 'host') {
        const ids = [first, ...others].map((each) => each.container.id.slice(0, 12));
        throw new ApiError('GC_AMBIGUOUS', `more than one container is called "${reference.slice(0, 200)}"`, {
          hint: `Ask for the id: ${ids.slice(0, 5).join(', ')}.`,
        });
      }
      return view(first, await alertCounts());
    },
  };
}
