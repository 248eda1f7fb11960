// The registries that are scanned: scope, the last scan with its progress, the next. Details are child routes.
import type { Registry } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { registriesQuery } from '../../api/scan-queries.ts';
import { useCan } from '../../api/session.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { OpenRow, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { ImagesHead } from '../images/images-head.tsx';
import { JobProgress } from './job-progress.tsx';
import s from './registries.module.css';

const WAITING_ROWS = 3;

export function RegistriesPage(): ReactNode {
  const { registries } = useText();
  const navigate = useNavigate();
  const isAdmin = useCan('admin');
  const { data, error, isPending, refetch } = useQuery(registriesQuery);
  return (
    <>
      <ImagesHead current="registries">
        <Button
          variant="primary"
          icon="plus"
          disabled={!isAdmin}
          title={isAdmin ? undefined : registries.onlyAdmin}
          onClick={() => void navigate({ to: '/images/registries/new' })}
        >
          {registries.add}
        </Button>
      </ImagesHead>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !isPending && data?.items.length === 0 ? (
        <EmptyState title={registries.empty} hint={registries.emptyHint} />
      ) : (
        <Table head={<Head />} columns={5} waiting={isPending ? WAITING_ROWS : 0}>
          {data?.items.map((registry) => (
            <RegistryRow key={registry.name} registry={registry} />
          ))}
        </Table>
      )}
      <Outlet />
    </>
  );
}

function Head(): ReactNode {
  const { column } = useText().registries;
  return (
    <>
      <colgroup>
        <col width="26%" />
        <col />
        <col width="88" />
        <col width="30%" />
        <col width="128" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{column.name}</th>
          <th scope="col">{column.scope}</th>
          <th scope="col">{column.images}</th>
          <th scope="col">{column.last}</th>
          <th scope="col">{column.next}</th>
        </tr>
      </thead>
    </>
  );
}

function RegistryRow({ registry }: { readonly registry: Registry }): ReactNode {
  const { registries } = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const { registryName } = useParams({ strict: false });
  const scope = registry.repositories.join(', ') || registries.allRepositories;
  return (
    <OpenRow
      isOpen={registryName === registry.name}
      onOpen={() =>
        void navigate({
          to: '/images/registries/named/$registryName',
          params: { registryName: registry.name },
        })
      }
    >
      <td>
        <div className={t.main}>
          <Link
            to="/images/registries/named/$registryName"
            params={{ registryName: registry.name }}
            className={s.link}
          >
            {registry.name}
          </Link>
        </div>
        <div className={t.sub} title={registry.url}>
          {registry.url}
        </div>
      </td>
      <td>
        <div className={t.cut} title={scope}>
          {scope}
        </div>
        <div className={t.sub}>{registry.newestTags > 0 && registries.newest(registry.newestTags)}</div>
      </td>
      <td>
        <Link to="/images" search={{ registry: registry.name }} className={s.link}>
          {format.number(registry.artifacts)}
        </Link>
      </td>
      <td>
        {registry.lastJob === null ? (
          <span className={t.muted}>{registries.never}</span>
        ) : (
          <JobProgress job={registry.lastJob} />
        )}
      </td>
      <td className={t.muted}>
        {registry.enabled && registry.nextRunAt !== '' ? (
          <Ago time={registry.nextRunAt} />
        ) : registry.enabled ? (
          '—'
        ) : (
          registries.paused
        )}
      </td>
    </OpenRow>
  );
}
