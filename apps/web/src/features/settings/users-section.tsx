// Users: their roles, adding and deleting them, giving them a new password.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { usersQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Table, type TableColumn } from '../../ui/table.tsx';
import { NewUser } from './new-user.tsx';
import s from './settings.module.css';
import { ShownOnce } from './shown-once.tsx';
import { UserRow } from './user-row.tsx';

/** A password that was just made, and whose it is. */
export interface MadePassword {
  readonly userName: string;
  readonly password: string;
}

export function UsersSection(): ReactNode {
  const columns = useColumns();
  const text = useText();
  const { users } = text.settings;
  const { data, error, refetch } = useQuery(usersQuery);
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<MadePassword | null>(null);
  return (
    <div className={s.stack}>
      <div className={s.intro}>
        <p className={s.hint}>{users.self}</p>
        <Button variant="primary" icon="plus" onClick={() => setAdding(true)}>
          {users.add}
        </Button>
      </div>
      {data === undefined && error !== null ? (
        <ErrorState error={error} needs="admin" onRetry={() => void refetch()} />
      ) : (
        <Table columns={columns} waiting={data === undefined ? 3 : 0}>
          {data?.items.map((user) => (
            <UserRow key={user.name} user={user} onPassword={setMade} />
          ))}
        </Table>
      )}
      {isAdding && (
        <NewUser
          taken={data?.items.map((user) => user.name) ?? []}
          onClose={() => setAdding(false)}
          onCreated={(created) => {
            setAdding(false);
            setMade(created);
          }}
        />
      )}
      {made !== null && (
        <ShownOnce
          title={users.passwordTitle(made.userName)}
          note={users.passwordText}
          label={users.password}
          secret={made.password}
          onClose={() => setMade(null)}
        />
      )}
    </div>
  );
}

/** Of the table, with the room that each takes. */
function useColumns(): readonly TableColumn[] {
  const { users } = useText().settings;
  return [
    { label: users.name },
    { label: users.role, width: '200' },
    { label: users.lastLogin, width: '168' },
    { label: users.created, width: '168' },
    { label: '', width: '216' },
  ];
}
