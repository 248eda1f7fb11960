// API keys: who has one, until when; making and revoking them.
import type { ApiKey } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useDeleteApiKey } from '../../api/mutations.ts';
import { apiKeysQuery } from '../../api/queries.ts';
import { useNow, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmRemoval } from '../../ui/confirm-removal.tsx';
import { useFailureToast } from '../../ui/form-problem.tsx';
import { Badge } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { Table, type TableColumn } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { Ago, DateTime } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { NewKey } from './new-key.tsx';
import s from './settings.module.css';
import { ShownOnce } from './shown-once.tsx';

export function KeysSection(): ReactNode {
  const columns = useColumns();
  const text = useText();
  const { data, error, refetch } = useQuery(apiKeysQuery);
  const [isCreating, setCreating] = useState(false);
  const [token, setToken] = useState('');
  const create = (
    <Button variant="primary" icon="plus" onClick={() => setCreating(true)}>
      {text.settings.keys.create}
    </Button>
  );
  return (
    <div className={s.stack}>
      <div className={s.intro}>
        <p className={s.hint}>{text.settings.keys.hint}</p>
        {create}
      </div>
      {data === undefined && error !== null ? (
        <ErrorState error={error} needs="admin" onRetry={() => void refetch()} />
      ) : data?.items.length === 0 ? (
        <EmptyState title={text.settings.keys.empty} hint={text.settings.keys.emptyHint} />
      ) : (
        <Table columns={columns} waiting={data === undefined ? 3 : 0}>
          {data?.items.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </Table>
      )}
      {isCreating && (
        <NewKey
          onClose={() => setCreating(false)}
          onCreated={(created) => {
            setCreating(false);
            setToken(created);
          }}
        />
      )}
      {token !== '' && (
        <ShownOnce
          title={text.settings.keys.tokenTitle}
          note={text.settings.keys.tokenText}
          label={text.settings.keys.token}
          secret={token}
          onClose={() => setToken('')}
        />
      )}
    </div>
  );
}

/** Of the table, with the room that each takes. */
function useColumns(): readonly TableColumn[] {
  const text = useText();
  const { keys } = text.settings;
  return [
    { label: keys.name },
    { label: keys.role, width: '150' },
    { label: keys.created, width: '168' },
    { label: keys.lastUsed, width: '168' },
    { label: keys.expires, width: '200' },
    { label: '', width: '150' },
  ];
}

function KeyRow({ apiKey }: { readonly apiKey: ApiKey }): ReactNode {
  const text = useText();
  const { keys } = text.settings;
  const nowMs = useNow();
  const toast = useToast();
  const fail = useFailureToast();
  const revoke = useDeleteApiKey();
  const [isAsking, setAsking] = useState(false);
  const expired = apiKey.expiresAt !== '' && Date.parse(apiKey.expiresAt) <= nowMs;

  function confirm(): void {
    revoke.mutate(apiKey.id, {
      onSuccess: () => toast({ tone: 'good', title: keys.revoked(apiKey.name) }),
      onError: fail,
      onSettled: () => setAsking(false),
    });
  }
  return (
    <tr data-row tabIndex={-1} className={s.textRow}>
      <td className={t.main}>{apiKey.name}</td>
      <td>{text.role[apiKey.role]}</td>
      <td className={x.muted}>
        <Ago time={apiKey.createdAt} />
      </td>
      <td className={x.muted}>
        <Ago time={apiKey.lastUsedAt} />
      </td>
      <td className={x.muted}>
        {expired ? <Badge tone="warn">{keys.expired}</Badge> : <DateTime time={apiKey.expiresAt} />}
      </td>
      <td>
        <div className={s.rowButtons}>
          <Button
            size="small"
            icon="trash"
            aria-label={keys.revokeTitle(apiKey.name)}
            onClick={() => setAsking(true)}
          >
            {keys.revoke}
          </Button>
        </div>
        {isAsking && (
          <ConfirmRemoval
            title={keys.revokeTitle(apiKey.name)}
            note={keys.revokeText}
            action={keys.revoke}
            isBusy={revoke.isPending}
            onConfirm={confirm}
            onClose={() => setAsking(false)}
          />
        )}
      </td>
    </tr>
  );
}
