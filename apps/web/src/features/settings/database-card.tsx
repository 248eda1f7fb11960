// The vulnerability database: how old it is, where each part comes from, and a way to fetch it now.
import type { VulnerabilityData } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useUpdateVulnerabilityData } from '../../api/scan-mutations.ts';
import { vulnerabilityDataQuery } from '../../api/scan-queries.ts';
import { useCan } from '../../api/session.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useFailureToast } from '../../ui/form-problem.tsx';
import { Badge, Banner, Card, Facts, Mono } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import x from '../../ui/text.module.css';
import { Ago, DateTime } from '../../ui/time.tsx';
import s from './settings.module.css';

const STALE_MS = 3 * 86_400_000;

export function DatabaseCard(): ReactNode {
  const { scanSettings } = useText();
  const { data, error, refetch } = useQuery(vulnerabilityDataQuery);
  if (error !== null && data === undefined) {
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={s.stack}>
      <Card title={scanSettings.database} aside={data !== undefined && <UpdateButton data={data} />}>
        {data === undefined ? <Skeleton height={150} /> : <DatabaseFacts data={data} />}
      </Card>
      <Card title={scanSettings.feeds} flush>
        {data === undefined ? <Skeleton height={220} /> : <Feeds feeds={data.feeds} />}
      </Card>
    </div>
  );
}

function UpdateButton({ data }: { readonly data: VulnerabilityData }): ReactNode {
  const { scanSettings, registries } = useText();
  const isAdmin = useCan('admin');
  const fail = useFailureToast();
  const update = useUpdateVulnerabilityData();
  const isBusy = update.isPending || data.update.state === 'running';
  return (
    <Button
      size="small"
      disabled={!isAdmin || isBusy}
      title={isAdmin ? undefined : registries.onlyAdmin}
      onClick={() => update.mutate(undefined, { onError: fail })}
    >
      {isBusy ? scanSettings.updating : scanSettings.update}
    </Button>
  );
}

function DatabaseFacts({ data }: { readonly data: VulnerabilityData }): ReactNode {
  const { scanSettings } = useText();
  const format = useFormat();
  const { update, rematch } = data;
  return (
    <>
      {update.state === 'failed' && (
        <Banner tone="bad" title={scanSettings.failed}>
          {update.detail}
        </Banner>
      )}
      <Facts
        items={[
          [
            scanSettings.builtAt,
            <span key="b" className={s.inline}>
              <DateTime time={data.builtAt} />
              <Badge tone={data.origin === 'none' ? 'bad' : 'plain'}>
                {scanSettings.origin[data.origin]}
              </Badge>
            </span>,
          ],
          [scanSettings.revision, <Mono key="r">{data.revision}</Mono>],
          [scanSettings.records, format.number(data.vulnerabilities)],
          [scanSettings.size, format.bytes(data.sizeBytes)],
          [scanSettings.lastUpdate, <Ago key="l" time={update.lastAt} />],
          [
            scanSettings.nextUpdate,
            update.state === 'off' ? scanSettings.off : <Ago key="n" time={update.nextAt} />,
          ],
          [
            scanSettings.rematch,
            rematch.state === 'running' ? (
              scanSettings.rematchRunning
            ) : (
              <span key="m" className={s.inline}>
                <Ago time={rematch.finishedAt} />
                {rematch.finishedAt !== '' && (
                  <span className={x.muted}>
                    {scanSettings.rematched(rematch.artifacts, rematch.newFindings)}
                  </span>
                )}
              </span>
            ),
          ],
        ]}
      />
    </>
  );
}

function Feeds({ feeds }: { readonly feeds: VulnerabilityData['feeds'] }): ReactNode {
  const { scanSettings } = useText();
  const format = useFormat();
  return (
    <table className={t.table}>
      <colgroup>
        <col />
        <col width="88" />
        <col width="112" />
        <col width="120" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{scanSettings.feed}</th>
          <th scope="col" className={t.right}>
            {scanSettings.feedRecords}
          </th>
          <th scope="col">{scanSettings.feedDate}</th>
          <th scope="col">{scanSettings.feedAge}</th>
        </tr>
      </thead>
      <tbody>
        {feeds.map((feed) => (
          <tr key={feed.name}>
            <td>
              <div className={x.cut}>{feed.name}</div>
              {feed.problem !== '' && <div className={s.feedProblem}>{feed.problem}</div>}
            </td>
            <td className={t.right}>{format.number(feed.records)}</td>
            <td className={x.muted}>{feed.dataDate || '—'}</td>
            <td>
              <FeedAge feed={feed} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FeedAge({ feed }: { readonly feed: VulnerabilityData['feeds'][number] }): ReactNode {
  const { scanSettings } = useText();
  const isOld = Date.now() - Date.parse(feed.fetchedAt) > STALE_MS;
  return (
    <span className={s.inline}>
      <Ago time={feed.fetchedAt} />
      {feed.problem !== '' ? (
        <Badge tone="warn" title={feed.problem}>
          {scanSettings.feedProblem}
        </Badge>
      ) : (
        isOld && <Badge tone="plain">{scanSettings.feedOld}</Badge>
      )}
    </span>
  );
}
