// First tab of a container: alerts of the last day, who it is, how it runs.
import type { ContainerView } from '@guardcell/contract';
import { exposureOfContainer } from '@guardcell/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actionsQuery } from '../../api/queries.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Banner, Card, Facts, Mono } from '../../ui/page.tsx';
import { SeverityLabel, severityCounts } from '../../ui/severity.tsx';
import { Ago, DateTime } from '../../ui/time.tsx';
import { ActionList } from '../response/action-state.tsx';
import { ExposureMark } from '../vulnerabilities/vulnerability-marks.tsx';
import { ContainerVulnerabilities } from './container-vulnerabilities.tsx';
import s from './containers.module.css';

const SHOWN_ACTIONS = 5;

export function ContainerSummary({ view }: { readonly view: ContainerView }): ReactNode {
  const text = useText();
  const format = useFormat();
  const { container } = view;
  const { image, kubernetes } = container;
  const labels = Object.entries(container.labels);
  return (
    <>
      {!container.complete && <Banner tone="plain" title={text.containers.incomplete} />}
      <div className={s.boxes}>
        <Card title={text.containers.alerts24h} className={s.wide}>
          <div className={s.counts}>
            {severityCounts(view.alerts24h).map(([severity, count]) => (
              <Link
                key={severity}
                to="/events"
                search={{ container: [container.id], severity: [severity] }}
                className={s.count}
              >
                <SeverityLabel severity={severity} />
                <strong>{format.number(count)}</strong>
              </Link>
            ))}
          </div>
        </Card>
        {container.id !== 'host' && <ContainerVulnerabilities view={view} />}
        <Card title={text.containers.identity}>
          <Facts
            items={[
              [text.common.name, container.name],
              [
                text.containers.id,
                <Mono key="id" wrap>
                  {container.id}
                </Mono>,
              ],
              [text.alert.image, <Mono key="image">{image.reference || '—'}</Mono>],
              image.digest !== '' && [
                text.alert.digest,
                <Mono key="digest" wrap>
                  {image.digest}
                </Mono>,
              ],
              kubernetes !== undefined && [text.alert.namespace, kubernetes.namespace],
              kubernetes !== undefined && [text.alert.pod, kubernetes.podName],
              [text.alert.host, view.hostname],
            ]}
          />
        </Card>
        <Card title={text.containers.runtimeBox}>
          <Facts
            items={[
              [text.alert.runtime, container.runtime],
              [text.containers.network, container.networkMode],
              container.id !== 'host' && [
                text.vulnerabilities.column.exposure,
                <ExposureMark key="exposure" exposure={exposureOfContainer(container)} />,
              ],
              [text.containers.ip, container.ip],
              [text.containers.pid, container.pid === 0 ? '' : String(container.pid)],
              [text.containers.created, <DateTime key="created" time={container.createdAtMs} />],
              [text.containers.column.started, <DateTime key="started" time={container.startedAtMs} />],
              [text.containers.lastSeen, <Ago key="seen" time={view.lastSeenAt} />],
            ]}
          />
        </Card>
        <Card title={text.containers.labels}>
          {labels.length === 0 ? (
            <p>{text.containers.noLabels}</p>
          ) : (
            <Facts
              items={labels.map(
                ([name, value]) =>
                  [
                    name,
                    <Mono key={name} wrap>
                      {value}
                    </Mono>,
                  ] as const,
              )}
            />
          )}
        </Card>
        <RecentActions containerId={container.id} />
      </div>
    </>
  );
}

function RecentActions({ containerId }: { readonly containerId: string }): ReactNode {
  const text = useText();
  const { data } = useInfiniteQuery(actionsQuery({ container: containerId }));
  const records = data?.pages[0]?.items.slice(0, SHOWN_ACTIONS) ?? [];
  return (
    <Card title={text.containers.tab.actions}>
      {records.length === 0 ? <p>{text.containers.noActionsYet}</p> : <ActionList records={records} />}
    </Card>
  );
}
