// API keys: who has one, until when; making and revoking them.
import type { ApiKey } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { useDeleteApiKey } from '../../api/mutations.ts';
import { apiKeysQuery } from '../../api/queries.ts';
import { useNow, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge } from '../../ui/page.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { Ago, DateTime } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { ConfirmRemoval } from './confirm-removal.tsx';
import { useFailureToast } from './form-problem.tsx';
import { NewKey } from './new-key.tsx';
import s from './settings.module.css';
import { ShownOnce } from './shown-once.tsx';
import { WaitingTable } from './waiting-table.tsx';

export function KeysSection(): ReactNode {
  const text = useText();
  const { data, error, refetch } = useQuery(apiKeysQuery);
  const [isCreating, setCreating] = useState(false);
  const [token, setToken] = useState('');
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
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
      {data === undefined && error === null && <WaitingTable head={<Head />} columns={6} rows={3} />}
      {data === undefined && error !== null && (
        <ErrorState error={error} needs="admin" onRetry={() => void refetch()} />
      )}
      {data?.items.length === 0 && (
        <EmptyState title={text.settings.keys.empty} hint={text.settings.keys.emptyHint} />
      )}
      {data !== undefined && data.items.length > 0 && (
        <div ref={frame} className={t.frame}>
          <table className={t.table}>
            <Head />
            <tbody>
              {data.items.map((key) => (
                <KeyRow key={key.id} apiKey={key} />
              ))}
            </tbody>
          </table>
        </div>
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

function Head(): ReactNode {
  const text = useText();
  const { keys } = text.settings;
  return (
    <thead>
      <tr>
        <th scope="col">{keys.name}</th>
        <th scope="col" className={s.actorColumn}>
          {keys.role}
        </th>
        <th scope="col" className={s.timeColumn}>
          {keys.created}
        </th>
        <th scope="col" className={s.timeColumn}>
          {keys.lastUsed}
        </th>
        <th scope="col" className={s.dateColumn}>
          {keys.expires}
        </th>
        <td className={s.buttonsColumn} />
      </tr>
    </thead>
  );
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
      <td className={t.muted}>
        <Ago time={apiKey.createdAt} />
      </td>
      <td className={t.muted}>
        <Ago time={apiKey.lastUsedAt} />
      </td>
      <td className={t.muted}>
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
