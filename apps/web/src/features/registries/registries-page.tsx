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
import { OpenRow, Table, type TableColumn } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import { ImagesHead } from '../images/images-head.tsx';
import { JobProgress } from './job-progress.tsx';

const WAITING_ROWS = 3;

export function RegistriesPage(): ReactNode {
  const columns = useColumns();
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
        <Table columns={columns} waiting={isPending ? WAITING_ROWS : 0}>
          {data?.items.map((registry) => (
            <RegistryRow key={registry.name} registry={registry} />
          ))}
        </Table>
      )}
      <Outlet />
    </>
  );
}

/** Of the table, with the room that each takes. */
function useColumns(): readonly TableColumn[] {
  const { column } = useText().registries;
  return [
    { label: column.name, width: '24%' },
    { label: column.scope },
    { label: column.images, width: '72' },
    { label: column.last, width: '32%' },
    { label: column.next, width: '112' },
  ];
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
            className={x.name}
          >
            {registry.name}
          </Link>
        </div>
        <div className={x.sub} title={registry.url}>
          {registry.url}
        </div>
      </td>
      <td>
        <div className={x.cut} title={scope}>
          {scope}
        </div>
        <div className={x.sub}>{registry.newestTags > 0 && registries.newest(registry.newestTags)}</div>
      </td>
      <td>
        <Link to="/images" search={{ registry: registry.name }} className={x.name}>
          {format.number(registry.artifacts)}
        </Link>
      </td>
      <td>
        {registry.lastJob === null ? (
          <span className={x.muted}>{registries.never}</span>
        ) : (
          <JobProgress job={registry.lastJob} />
        )}
      </td>
      <td className={x.muted}>
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
