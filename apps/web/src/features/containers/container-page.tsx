// Everything about one container: identity, measures and buttons, alerts, actions, mounts and capabilities.
import type { ContainerView } from '@guardcell/contract';
import { shortContainerId } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { containerQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { CONTAINER_TABS } from '../../routes/router.tsx';
import { JsonCode } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Card, Mono, PageHead } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import u from '../../ui/ui.module.css';
import { ActionButtons } from '../response/action-buttons.tsx';
import { ContainerActions } from './container-actions.tsx';
import { ContainerConfig } from './container-config.tsx';
import { ContainerEvents } from './container-events.tsx';
import { StateMarks } from './container-marks.tsx';
import { ContainerSummary } from './container-summary.tsx';
import s from './containers.module.css';

type Tab = (typeof CONTAINER_TABS)[number] | 'summary';

export function ContainerPage(): ReactNode {
  const text = useText();
  const { containerId } = useParams({ from: '/app/containers/$containerId' });
  const { tab = 'summary' } = useSearch({ from: '/app/containers/$containerId' });
  const { data: view, error, refetch } = useQuery(containerQuery(containerId));
  if (error !== null && view === undefined) {
    return (
      <>
        <PageHead title={text.containers.title} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  return (
    <>
      <Head view={view} />
      <Tabs containerId={containerId} current={tab} />
      {view === undefined ? <Waiting /> : <Body view={view} tab={tab} />}
    </>
  );
}

function Head({ view }: { readonly view: ContainerView | undefined }): ReactNode {
  const text = useText();
  const container = view?.container;
  const name = container === undefined ? '' : container.name || shortContainerId(container.id);
  return (
    <div className={s.head}>
      <div className={s.headText}>
        <Link to="/containers" className={s.crumb}>
          {text.containers.title}
        </Link>
        {container === undefined || view === undefined ? (
          <p>
            <Skeleton width={280} height={24} />
          </p>
        ) : (
          <>
            <PageHead title={name} />
            <div className={s.headFacts}>
              <StateMarks view={view} />
              <Mono>{shortContainerId(container.id)}</Mono>
              <CopyButton iconOnly value={container.id} />
              <span>{container.image.reference}</span>
            </div>
          </>
        )}
      </div>
      {container !== undefined && view !== undefined && (
        <div className={s.headActions}>
          <ActionButtons
            view={view}
            subject={{
              containerId: container.id,
              containerName: container.name,
              image: container.image.reference,
              hostname: view.hostname,
              namespace: container.kubernetes?.namespace ?? '',
              pod: container.kubernetes?.podName ?? '',
              pid: 0,
              processName: '',
            }}
          />
        </div>
      )}
    </div>
  );
}

function Tabs({ containerId, current }: { readonly containerId: string; readonly current: Tab }): ReactNode {
  const text = useText();
  return (
    <nav className={u.tabs} aria-label={text.containers.title}>
      {(['summary', ...CONTAINER_TABS] as const).map((tab) => (
        <Link
          key={tab}
          to="/containers/$containerId"
          params={{ containerId }}
          search={tab === 'summary' ? {} : { tab }}
          replace
          className={u.tab}
          // Without it the router also marks the summary, whose address every other tab's begins with.
          activeOptions={{ exact: true }}
          aria-current={tab === current ? 'page' : undefined}
        >
          {text.containers.tab[tab]}
        </Link>
      ))}
    </nav>
  );
}

function Waiting(): ReactNode {
  return (
    <div className={s.boxes}>
      {[1, 2].map((box) => (
        <Card key={box} title="">
          {[80, 60, 70, 40, 65].map((width) => (
            <p key={width}>
              <Skeleton width={`${width}%`} />
            </p>
          ))}
        </Card>
      ))}
    </div>
  );
}

function Body({ view, tab }: { readonly view: ContainerView; readonly tab: Tab }): ReactNode {
  const text = useText();
  switch (tab) {
    case 'summary':
      return <ContainerSummary view={view} />;
    case 'events':
      return <ContainerEvents containerId={view.container.id} />;
    case 'actions':
      return <ContainerActions containerId={view.container.id} />;
    case 'config':
      return <ContainerConfig view={view} />;
    case 'raw':
      return (
        <Card title={text.containers.tab.raw} aside={<CopyButton value={JSON.stringify(view, null, 2)} />}>
          <JsonCode value={view} label={text.containers.tab.raw} />
        </Card>
      );
  }
}
