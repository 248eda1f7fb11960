// The server and its store in facts, then every agent.
import type { Status } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { statusQuery } from '../../api/queries.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Badge, Card, Facts, Mono } from '../../ui/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { Ago, DateTime } from '../../ui/time.tsx';
import { AgentCard } from './agent-card.tsx';
import s from './settings.module.css';

export function SystemSection(): ReactNode {
  const text = useText();
  const { system } = text.settings;
  const { data, error, refetch } = useQuery(statusQuery);
  if (data === undefined && error !== null) {
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={s.stack}>
      <div className={s.pair}>
        <ServerCard status={data} />
        <StoreCard status={data} />
      </div>
      {data?.agents.map((agent) => (
        <AgentCard key={agent.sensorId} agent={agent} />
      ))}
      {data?.agents.length === 0 && (
        <Card title={system.agents}>
          <EmptyState compact title={system.noAgents} hint={system.noAgentsHint} />
        </Card>
      )}
      {data === undefined && (
        <Card title={system.agents}>
          <div className={s.lines} aria-busy="true">
            {[40, 62, 50, 70, 44].map((width) => (
              <Skeleton key={width} width={`${width}%`} />
            ))}
          </div>
        </Card>
      )}
    </div>
  );
}

function ServerCard({ status }: { readonly status: Status | undefined }): ReactNode {
  const text = useText();
  const format = useFormat();
  const { system } = text.settings;
  return (
    <Card
      title={system.server}
      aside={
        <a
          href="/openapi.json"
          target="_blank"
          rel="noreferrer"
          className={s.link}
          title={system.openapiHint}
        >
          {system.openapi}
          <Icon name="external" size={14} />
        </a>
      }
    >
      <Facts
        items={[
          [system.version, status === undefined ? <Wait /> : <Mono key="v">{status.version}</Mono>],
          [system.address, status === undefined ? <Wait /> : <Mono key="a">{status.url}</Mono>],
          [
            system.started,
            status === undefined ? (
              <Wait />
            ) : (
              <span key="s" className={s.inline}>
                <DateTime time={status.startedAt} />
                <span className={x.muted}>
                  <Ago time={status.startedAt} />
                </span>
              </span>
            ),
          ],
          [system.memory, status === undefined ? <Wait /> : format.bytes(status.serverRssBytes)],
        ]}
      />
    </Card>
  );
}

function StoreCard({ status }: { readonly status: Status | undefined }): ReactNode {
  const text = useText();
  const format = useFormat();
  const { system } = text.settings;
  const store = status?.store;
  return (
    <Card
      title={system.store}
      aside={
        store !== undefined && (
          <Badge tone={store.state === 'ok' ? 'good' : 'bad'}>{system.storeState[store.state]}</Badge>
        )
      }
    >
      <Facts
        items={[
          [
            text.nav.events,
            store === undefined ? <Wait /> : system.stored(store.events, format.bytes(store.sizeBytes)),
          ],
          [system.oldest, store === undefined ? <Wait /> : <DateTime key="o" time={store.oldestEventAt} />],
          store !== undefined && store.detail !== '' && [text.common.status, store.detail],
          [
            system.rules,
            status === undefined ? <Wait /> : system.rulesLoaded(status.rules.loaded, status.rules.enabled),
          ],
          [system.containers, status === undefined ? <Wait /> : format.number(status.containers)],
        ]}
      />
    </Card>
  );
}

function Wait(): ReactNode {
  return <Skeleton width={160} />;
}
