// Users: their roles, adding and deleting them, giving them a new password.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { usersQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { NewUser } from './new-user.tsx';
import s from './settings.module.css';
import { ShownOnce } from './shown-once.tsx';
import { UserRow } from './user-row.tsx';
import { WaitingTable } from './waiting-table.tsx';

/** A password that was just made, and whose it is. */
export interface MadePassword {
  readonly userName: string;
  readonly password: string;
}

export function UsersSection(): ReactNode {
  const text = useText();
  const { users } = text.settings;
  const { data, error, refetch } = useQuery(usersQuery);
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<MadePassword | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
  return (
    <div className={s.stack}>
      <div className={s.intro}>
        <p className={s.hint}>{users.self}</p>
        <Button variant="primary" icon="plus" onClick={() => setAdding(true)}>
          {users.add}
        </Button>
      </div>
      {data === undefined && error === null && <WaitingTable head={<Head />} columns={5} rows={3} />}
      {data === undefined && error !== null && (
        <ErrorState error={error} needs="admin" onRetry={() => void refetch()} />
      )}
      {data !== undefined && (
        <div ref={frame} className={t.frame}>
          <table className={t.table}>
            <Head />
            <tbody>
              {data.items.map((user) => (
                <UserRow key={user.name} user={user} onPassword={setMade} />
              ))}
            </tbody>
          </table>
        </div>
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

function Head(): ReactNode {
  const { users } = useText().settings;
  return (
    <thead>
      <tr>
        <th scope="col">{users.name}</th>
        <th scope="col" className={s.roleColumn}>
          {users.role}
        </th>
        <th scope="col" className={s.timeColumn}>
          {users.lastLogin}
        </th>
        <th scope="col" className={s.timeColumn}>
          {users.created}
        </th>
        <td className={s.userButtonsColumn} />
      </tr>
    </thead>
  );
}
