// Where a vulnerability was found, page by page.
import type { VulnerabilityOccurrence } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { occurrencesQuery } from '../../api/scan-queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge, Mono } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import s from './vulnerabilities.module.css';
import { FixMark, InUseMark } from './vulnerability-marks.tsx';

export function Occurrences({ id }: { readonly id: string }): ReactNode {
  const { vulnerabilities, common } = useText();
  const list = useInfiniteQuery(occurrencesQuery(id, {}));
  const all = list.data?.pages.flatMap((page) => page.items);
  if (all === undefined) {
    return list.isError ? (
      <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <Skeleton height={60} />
    );
  }
  if (all.length === 0) return <p className={x.muted}>{vulnerabilities.noOccurrences}</p>;
  return (
    <>
      <ul className={s.occurrences}>
        {all.map((each) => (
          <OccurrenceItem key={`${each.artifact} ${each.package}`} id={id} occurrence={each} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div className={s.more}>
          <Button size="small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {list.isFetchingNextPage ? common.loading : common.more}
          </Button>
        </div>
      )}
    </>
  );
}

function OccurrenceItem(props: {
  readonly id: string;
  readonly occurrence: VulnerabilityOccurrence;
}): ReactNode {
  const { vulnerabilities } = useText();
  const { id, occurrence: each } = props;
  return (
    <li className={s.occurrence}>
      <Link
        to="/images/$imageId"
        params={{ imageId: each.artifact }}
        search={{
          cve: id,
          at: each.package,
          ...(each.acceptance !== '' && { accepted: 'true' as const }),
        }}
        className={x.name}
      >
        {each.artifactName}
      </Link>
      <strong>{Math.round(each.score)}</strong>
      <div className={s.occurrenceFacts}>
        <Mono>{`${each.packageName} ${each.installed}`}</Mono>
        <FixMark fixed={each.fixed} status={each.status} />
        <InUseMark grade={each.inUse} />
        {each.running > 0 && <span>{vulnerabilities.runningIn(each.running)}</span>}
        <span>
          {vulnerabilities.column.firstSeen} <Ago time={each.firstSeenAt} />
        </span>
        {each.acceptance !== '' && (
          <Link to="/vulnerabilities/risks/$riskId" params={{ riskId: each.acceptance }}>
            <Badge tone="cold">{vulnerabilities.isAccepted}</Badge>
          </Link>
        )}
      </div>
    </li>
  );
}
