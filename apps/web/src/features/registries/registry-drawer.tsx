// One registry: its scan under way or the last, what is configured, and the scans before.
import type { Registry, ScanJob } from '@guardcell/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useCancelScanJob, useDeleteRegistry, useScanRegistry } from '../../api/scan-mutations.ts';
import { isUnderWay, registriesQuery, scanJobsQuery } from '../../api/scan-queries.ts';
import { useCan } from '../../api/session.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmRemoval } from '../../ui/confirm-removal.tsx';
import { Drawer, Section } from '../../ui/drawer.tsx';
import { useFailureToast } from '../../ui/form-problem.tsx';
import { Facts, Mono } from '../../ui/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { Ago, DateTime } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { JobProgress } from './job-progress.tsx';
import s from './registries.module.css';

export function RegistryDrawer(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const { registryName } = useParams({ from: '/app/images/registries/named/$registryName' });
  const { data, error, refetch } = useQuery(registriesQuery);
  const registry = data?.items.find(({ name }) => name === registryName);
  const close = (): void => void navigate({ to: '/images/registries' });
  return (
    <Drawer
      label={text.registries.details}
      itemKey={registryName}
      title={<h2>{registryName}</h2>}
      onClose={close}
      footer={registry !== undefined && <Actions registry={registry} onGone={close} />}
    >
      {registry !== undefined ? (
        <Body registry={registry} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton width="70%" />
      ) : (
        <EmptyState title={text.error.notFound} />
      )}
    </Drawer>
  );
}

function Body({ registry }: { readonly registry: Registry }): ReactNode {
  const text = useText();
  const { registries } = text;
  const format = useFormat();
  const list = (values: readonly string[]): ReactNode =>
    values.length === 0 ? registries.allRepositories : <Mono wrap>{values.join('\n')}</Mono>;
  return (
    <>
      <Section
        title={registries.column.last}
        aside={
          <Link to="/images" search={{ registry: registry.name }} className={x.name}>
            {`${registries.seeImages} (${format.number(registry.artifacts)})`}
          </Link>
        }
      >
        {registry.lastJob === null ? (
          <p className={x.muted}>{registries.never}</p>
        ) : (
          <JobProgress job={registry.lastJob} />
        )}
      </Section>
      <Section title={text.nav.settings}>
        <Facts
          items={[
            [registries.address, <Mono key="u">{registry.url}</Mono>],
            [registries.user, registry.username],
            [registries.repositories, list(registry.repositories)],
            registry.exclude.length > 0 && [registries.exclude, list(registry.exclude)],
            [registries.tags, list(registry.tags)],
            registry.newestTags > 0 && [registries.newestTags, format.number(registry.newestTags)],
            [
              registries.schedule,
              registry.enabled ? format.duration(registry.everyMinutes * 60_000) : registries.paused,
            ],
            registry.enabled && [registries.column.next, <DateTime key="n" time={registry.nextRunAt} />],
          ]}
        />
      </Section>
      <Section title={registries.history}>
        <History name={registry.name} />
      </Section>
    </>
  );
}

function History({ name }: { readonly name: string }): ReactNode {
  const { registries, common } = useText();
  const list = useInfiniteQuery(scanJobsQuery({ kind: ['registry'], target: name }));
  const jobs = list.data?.pages.flatMap((page) => page.items);
  if (jobs === undefined) {
    return list.isError ? (
      <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <Skeleton height={48} />
    );
  }
  if (jobs.length === 0) return <p className={x.muted}>{registries.noHistory}</p>;
  return (
    <>
      <ul className={s.jobs}>
        {jobs.map((job) => (
          <JobItem key={job.id} job={job} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button size="small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {list.isFetchingNextPage ? common.loading : common.more}
        </Button>
      )}
    </>
  );
}

function JobItem({ job }: { readonly job: ScanJob }): ReactNode {
  const { registries } = useText();
  return (
    <li className={s.job}>
      <div className={s.jobHead}>
        <DateTime time={job.startedAt || job.createdAt} />
        <span>{registries.startedBy(job.startedBy)}</span>
      </div>
      <JobProgress job={job} />
      {job.errorCode !== '' && (
        <p className={x.sub}>
          <Mono>{job.errorCode}</Mono>
        </p>
      )}
      {job.problems.length > 0 && (
        <details className={s.disclosure}>
          <summary>{registries.problems(job.problems.length)}</summary>
          <ul className={s.problems}>
            {job.problems.map((problem) => (
              <li key={`${problem.at} ${problem.code} ${problem.message}`}>
                <Mono wrap>{problem.at}</Mono>
                <div>
                  {problem.message} <span className={x.muted}>({problem.code})</span>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
      {job.finishedAt === '' && job.startedAt !== '' && (
        <span className={x.muted}>
          <Ago time={job.startedAt} />
        </span>
      )}
    </li>
  );
}

function Actions({
  registry,
  onGone,
}: {
  readonly registry: Registry;
  readonly onGone: () => void;
}): ReactNode {
  const text = useText();
  const { registries } = text;
  const navigate = useNavigate();
  const toast = useToast();
  const fail = useFailureToast();
  const mayScan = useCan('responder');
  const isAdmin = useCan('admin');
  const scan = useScanRegistry();
  const cancel = useCancelScanJob();
  const remove = useDeleteRegistry();
  const [removing, setRemoving] = useState(false);
  const { name, lastJob } = registry;
  const start = (all: boolean): void =>
    scan.mutate(
      { name, all },
      { onSuccess: () => toast({ tone: 'good', title: registries.started(name) }), onError: fail },
    );
  const why = mayScan ? undefined : text.vulnerabilities.needResponder;
  return (
    <>
      {lastJob !== null && isUnderWay(lastJob.state) ? (
        <Button
          disabled={!mayScan || cancel.isPending}
          title={why}
          onClick={() => cancel.mutate(lastJob.id, { onError: fail })}
        >
          {registries.cancel}
        </Button>
      ) : (
        <>
          <Button
            variant="primary"
            disabled={!mayScan || scan.isPending}
            title={why}
            onClick={() => start(false)}
          >
            {registries.scanNow}
          </Button>
          <Button
            disabled={!mayScan || scan.isPending}
            title={why ?? registries.scanAllHint}
            onClick={() => start(true)}
          >
            {registries.scanAll}
          </Button>
        </>
      )}
      {isAdmin && (
        <>
          <Button
            icon="edit"
            variant="quiet"
            onClick={() =>
              void navigate({
                to: '/images/registries/named/$registryName/edit',
                params: { registryName: name },
              })
            }
          >
            {text.common.edit}
          </Button>
          <Button icon="trash" variant="quiet" onClick={() => setRemoving(true)}>
            {text.common.remove}
          </Button>
        </>
      )}
      {removing && (
        <ConfirmRemoval
          title={registries.removeTitle(name)}
          note={registries.removeText}
          action={text.common.remove}
          isBusy={remove.isPending}
          onClose={() => setRemoving(false)}
          onConfirm={() =>
            remove.mutate(name, {
              onSuccess: () => {
                toast({ tone: 'good', title: registries.removed(name) });
                onGone();
              },
              onError: (error) => {
                setRemoving(false);
                fail(error);
              },
            })
          }
        />
      )}
    </>
  );
}
