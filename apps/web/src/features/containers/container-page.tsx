// One container: who it is, what happened in it, what was done to it, and what it may do.
import type { ContainerView } from '@guardcell/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actionsQuery, containerQuery, eventsQuery } from '../../api/queries.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { CONTAINER_TABS } from '../../routes/router.tsx';
import { JsonCode } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Segments } from '../../ui/field.tsx';
import { Banner, Card, Facts, Mono, PageHead } from '../../ui/page.tsx';
import { SeverityLabel, severityCounts } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { Ago, ClockTime, DateTime } from '../../ui/time.tsx';
import { ActionButtons } from '../response/action-buttons.tsx';
import { ActionList } from '../response/action-state.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';
import { ContainerBadges } from './container-badges.tsx';
import { ContainerConfig } from './container-config.tsx';
import s from './containers.module.css';

type Tab = 'summary' | (typeof CONTAINER_TABS)[number];
const TABS: readonly Tab[] = ['summary', ...CONTAINER_TABS];

export function ContainerPage(): ReactNode {
  const text = useText();
  const { containerId } = useParams({ from: '/app/containers/$containerId' });
  const { data: view, error, refetch } = useQuery(containerQuery(containerId));
  if (error !== null && view === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (view === undefined) {
    return (
      <>
        <p className={s.crumb}>
          <Link to="/containers">{text.containers.title}</Link>
        </p>
        <PageHead title={containerId.slice(0, 12)} />
        <Skeleton height={32} width={420} />
        <div className={s.summary}>
          <Skeleton height={260} />
          <Skeleton height={260} />
        </div>
      </>
    );
  }
  return <Entity view={view} />;
}

function Entity({ view }: { readonly view: ContainerView }): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const { tab = 'summary' } = useSearch({ from: '/app/containers/$containerId' });
  const { container } = view;
  const name = container.name || container.id.slice(0, 12);
  const subject = {
    containerId: container.id,
    containerName: container.name,
    image: container.image.reference,
    hostname: view.hostname,
    namespace: container.kubernetes?.namespace ?? '',
    pod: container.kubernetes?.podName ?? '',
    pid: 0,
    processName: '',
  };
  return (
    <>
      <p className={s.crumb}>
        <Link to="/containers">{text.containers.title}</Link>
      </p>
      <PageHead title={name} note={<ContainerBadges view={view} />}>
        <ActionButtons subject={subject} view={view} />
      </PageHead>
      {!container.complete && <Banner tone="plain" title={text.containers.incomplete} />}
      <div className={s.tabBar}>
        <Segments
          label={name}
          value={tab}
          options={TABS.map((one) => [one, text.containers.tab[one]] as const)}
          onChange={(one) =>
            void navigate({
              to: '/containers/$containerId',
              params: { containerId: container.id },
              search: one === 'summary' ? {} : { tab: one },
            })
          }
        />
      </div>
      {tab === 'summary' && <Summary view={view} />}
      {tab === 'events' && <Events view={view} limit={50} />}
      {tab === 'actions' && <Actions id={container.id} />}
      {tab === 'config' && <ContainerConfig container={container} />}
      {tab === 'raw' && (
        <Card title={text.containers.tab.raw} aside={<CopyButton value={JSON.stringify(view, null, 2)} />}>
          <JsonCode value={view} label={text.containers.tab.raw} />
        </Card>
      )}
    </>
  );
}

function Summary({ view }: { readonly view: ContainerView }): ReactNode {
  const text = useText();
  const format = useFormat();
  const { container } = view;
  const { kubernetes } = container;
  if (container.id === 'host') {
    return (
      <div className={s.stack}>
        <Banner tone="plain" title={text.containers.hostNote} />
        <Events view={view} limit={20} />
      </div>
    );
  }
  return (
    <div className={s.stack}>
      <Card title={text.containers.alerts24h}>
        <ul className={s.counts}>
          {severityCounts(view.alerts24h).map(([severity, count]) => (
            <li key={severity}>
              <Link
                to="/events"
                search={{ container: [container.id], severity: [severity] }}
                className={s.count}
              >
                <SeverityLabel severity={severity} />
                <strong>{format.number(count)}</strong>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
      <div className={s.summary}>
        <Card title={text.containers.identity}>
          <Facts
            items={[
              [
                text.containers.id,
                <span key="id" className={s.idLine}>
                  <Mono>{container.id.slice(0, 12)}</Mono>
                  <CopyButton iconOnly value={container.id} />
                </span>,
              ],
              [text.alert.image, <Mono key="image">{container.image.reference || '—'}</Mono>],
              [text.alert.digest, <Mono key="digest">{container.image.digest || '—'}</Mono>],
              [text.alert.host, view.hostname],
              kubernetes !== undefined && [text.alert.pod, kubernetes.podName],
              kubernetes !== undefined && [text.alert.namespace, kubernetes.namespace],
            ]}
          />
        </Card>
        <Card title={text.containers.runtimeBox}>
          <Facts
            items={[
              [
                text.alert.runtime,
                [container.runtime, container.runtimeNamespace].filter(Boolean).join(' / '),
              ],
              [text.containers.network, container.networkMode],
              [text.containers.ip, <Mono key="ip">{container.ip || '—'}</Mono>],
              [text.containers.pid, container.pid > 0 ? String(container.pid) : '—'],
              [text.containers.created, <DateTime key="created" time={container.createdAtMs} />],
              [text.containers.column.started, <DateTime key="started" time={container.startedAtMs} />],
              [text.containers.lastSeen, <Ago key="seen" time={view.lastSeenAt} />],
            ]}
          />
        </Card>
      </div>
      <Events view={view} limit={8} />
    </div>
  );
}

function Events({ view, limit }: { readonly view: ContainerView; readonly limit: number }): ReactNode {
  const text = useText();
  const titleOf = useRuleTitles();
  const search = { container: [view.container.id], since: '7d' };
  const { data, error, refetch } = useInfiniteQuery(eventsQuery(search));
  const alerts = data?.pages[0]?.items.slice(0, limit);
  return (
    <Card
      flush
      title={text.containers.tab.events}
      aside={
        <Link to="/events" search={search} className={s.cardLink}>
          {text.containers.allEvents}
        </Link>
      }
    >
      {error !== null && alerts === undefined && (
        <ErrorState compact error={error} onRetry={() => void refetch()} />
      )}
      {alerts?.length === 0 && (
        <EmptyState compact title={text.overview.noAlerts} hint={text.containers.noEvents} />
      )}
      <ul className={s.eventList}>
        {alerts?.map((alert) => (
          <li key={alert.id}>
            <Link to="/events/$eventId" params={{ eventId: alert.id }} search={search} className={s.event}>
              <span className={t.muted}>
                <ClockTime time={alert.time} />
              </span>
              <SeverityLabel severity={alert.severity} />
              <span className={s.eventRule}>{titleOf(alert.rule)}</span>
              <span className={t.sub}>{alert.message}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Actions({ id }: { readonly id: string }): ReactNode {
  const text = useText();
  const { data, error, refetch } = useInfiniteQuery(actionsQuery({ container: id }));
  const records = data?.pages.flatMap((page) => page.items);
  if (error !== null && records === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <Card title={text.containers.tab.actions}>
      {records?.length === 0 ? (
        <EmptyState compact title={text.containers.noActionsYet} hint={text.response.history.emptyHint} />
      ) : (
        <ActionList records={records ?? []} />
      )}
    </Card>
  );
}
