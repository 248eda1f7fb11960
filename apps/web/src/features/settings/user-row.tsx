// One user of the list, with what can be done to them; nothing can be done to oneself here.
import { type ReactNode, useState } from 'react';
import { useDeleteUser, useResetPassword, useUpdateUser } from '../../api/mutations.ts';
import { useSession } from '../../api/session.ts';
import type { User } from '../../api/types.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmRemoval } from '../../ui/confirm-removal.tsx';
import { InlineSelect } from '../../ui/field.tsx';
import { useFailureToast } from '../../ui/form-problem.tsx';
import { Badge } from '../../ui/page.tsx';
import t from '../../ui/table.module.css';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { ROLES, type Role } from './roles.ts';
import s from './settings.module.css';
import type { MadePassword } from './users-section.tsx';

export function UserRow(props: {
  readonly user: User;
  readonly onPassword: (made: MadePassword) => void;
}): ReactNode {
  const { user, onPassword } = props;
  const text = useText();
  const { users } = text.settings;
  const session = useSession();
  const isSelf = session?.user.kind === 'user' && session.user.name === user.name;
  const [asking, setAsking] = useState<'reset' | 'remove' | null>(null);
  const close = (): void => setAsking(null);
  return (
    <tr data-row tabIndex={-1} className={s.textRow}>
      <td>
        <span className={s.rowMain}>
          <span className={t.main}>{user.name}</span>
          {isSelf && <Badge tone="accent">{users.you}</Badge>}
        </span>
      </td>
      <td className={s.roleCell}>{isSelf ? text.role[user.role] : <RoleSelect user={user} />}</td>
      <td className={x.muted}>
        <Ago time={user.lastLoginAt} />
      </td>
      <td className={x.muted}>
        <Ago time={user.createdAt} />
      </td>
      <td>
        {!isSelf && (
          <div className={s.rowButtons}>
            <Button
              size="small"
              icon="key"
              aria-label={users.resetOf(user.name)}
              onClick={() => setAsking('reset')}
            >
              {users.reset}
            </Button>
            <IconButton
              size="small"
              icon="trash"
              label={users.removeOf(user.name)}
              onClick={() => setAsking('remove')}
            />
          </div>
        )}
        {asking === 'reset' && <AskReset name={user.name} onPassword={onPassword} onClose={close} />}
        {asking === 'remove' && <AskRemove name={user.name} onClose={close} />}
      </td>
    </tr>
  );
}

function RoleSelect({ user }: { readonly user: User }): ReactNode {
  const text = useText();
  const { users } = text.settings;
  const toast = useToast();
  const fail = useFailureToast();
  const update = useUpdateUser();

  function change(role: Role, canUndo: boolean): void {
    update.mutate(
      { name: user.name, role },
      {
        onSuccess: () =>
          toast({
            tone: 'good',
            title: users.roleChanged(user.name, text.role[role]),
            ...(canUndo && { action: { label: text.common.undo, run: () => change(user.role, false) } }),
          }),
        onError: fail,
      },
    );
  }
  return (
    <InlineSelect
      label={users.roleOf(user.name)}
      value={update.isPending ? update.variables.role : user.role}
      options={ROLES.map((role) => ({ value: role, label: text.role[role] }))}
      onChange={(value) => {
        const role = ROLES.find((one) => one === value);
        if (role !== undefined && !update.isPending) change(role, true);
      }}
    />
  );
}

function AskReset(props: {
  readonly name: string;
  readonly onPassword: (made: MadePassword) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { users } = useText().settings;
  const fail = useFailureToast();
  const reset = useResetPassword();
  return (
    <ConfirmRemoval
      title={users.resetTitle(props.name)}
      note={users.resetText}
      action={users.reset}
      isBusy={reset.isPending}
      onClose={props.onClose}
      onConfirm={() =>
        reset.mutate(props.name, {
          onSuccess: ({ password }) => props.onPassword({ userName: props.name, password }),
          onError: fail,
          onSettled: props.onClose,
        })
      }
    />
  );
}

function AskRemove(props: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const text = useText();
  const { users } = text.settings;
  const toast = useToast();
  const fail = useFailureToast();
  const remove = useDeleteUser();
  return (
    <ConfirmRemoval
      title={users.removeTitle(props.name)}
      note={users.removeText}
      action={text.common.remove}
      isBusy={remove.isPending}
      onClose={props.onClose}
      onConfirm={() =>
        remove.mutate(props.name, {
          onSuccess: () => toast({ tone: 'good', title: users.removed(props.name) }),
          onError: fail,
          onSettled: props.onClose,
        })
      }
    />
  );
}
