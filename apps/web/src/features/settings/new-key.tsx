// The form for a new API key.

import { type ReactNode, useState } from 'react';
import { useCreateApiKey } from '../../api/mutations.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { KEY_ROLES, type KeyRole } from './roles.ts';

const DEFAULT_DAYS = '90';
const MAX_DAYS = 730;

export function NewKey(props: {
  readonly onCreated: (token: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText();
  const { keys } = text.settings;
  const create = useCreateApiKey();
  const [name, setName] = useState('');
  const [role, setRole] = useState<KeyRole>('viewer');
  const [days, setDays] = useState(DEFAULT_DAYS);
  const daysValid = /^\d{1,4}$/.test(days) && Number(days) >= 1 && Number(days) <= MAX_DAYS;
  const ready = name.trim() !== '' && daysValid && !create.isPending;

  function submit(): void {
    create.mutate(
      { name: name.trim(), role, expiresInDays: Number(days) },
      { onSuccess: ({ token }) => props.onCreated(token) },
    );
  }
  return (
    <FormModal
      title={keys.create}
      action={text.common.create}
      isReady={ready}
      error={create.error}
      onSubmit={submit}
      onClose={props.onClose}
    >
      <TextField
        label={keys.name}
        maxLength={100}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={keys.role}
        hint={text.settings.users.roleHint[role]}
        value={role}
        options={KEY_ROLES.map((one) => ({ value: one, label: text.role[one] }))}
        onChange={(value) => setRole(KEY_ROLES.find((one) => one === value) ?? role)}
      />
      <TextField
        label={keys.days}
        inputMode="numeric"
        error={daysValid ? undefined : keys.invalidDays}
        value={days}
        onChange={(event) => setDays(event.target.value.trim())}
      />
    </FormModal>
  );
}
