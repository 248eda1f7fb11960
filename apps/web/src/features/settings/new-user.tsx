// The form for a new user. The server makes the first password, which is shown once.
import { type ReactNode, useState } from 'react';
import { useCreateUser } from '../../api/mutations.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { ROLES, type Role } from './roles.ts';
import type { MadePassword } from './users-section.tsx';

const NAME = /^[a-z0-9]([a-z0-9._@-]*[a-z0-9])?$/;

export function NewUser(props: {
  readonly taken: readonly string[];
  readonly onCreated: (made: MadePassword) => void;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText();
  const { users } = text.settings;
  const create = useCreateUser();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const isTaken = props.taken.includes(name);
  const isValid = NAME.test(name);
  const ready = isValid && !isTaken && !create.isPending;
  const nameError = isTaken ? users.nameTaken : name !== '' && !isValid ? users.invalidName : undefined;

  function submit(): void {
    create.mutate(
      { name, role },
      { onSuccess: ({ user, password }) => props.onCreated({ userName: user.name, password }) },
    );
  }
  return (
    <FormModal
      title={users.add}
      action={text.common.add}
      isReady={ready}
      error={create.error}
      onSubmit={submit}
      onClose={props.onClose}
    >
      <TextField
        label={users.name}
        hint={users.nameHint}
        error={nameError}
        maxLength={64}
        required
        value={name}
        onChange={(event) => setName(event.target.value.trim())}
      />
      <SelectField
        label={users.role}
        hint={users.roleHint[role]}
        value={role}
        options={ROLES.map((one) => ({ value: one, label: text.role[one] }))}
        onChange={(value) => setRole(ROLES.find((one) => one === value) ?? role)}
      />
    </FormModal>
  );
}
