// The fields of a registry.
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Switch, TextAreaField, TextField } from '../../ui/field.tsx';
import s from './registries.module.css';
import { LIMITS, type RegistryDraft, type RegistryProblem } from './registry-draft.ts';

interface Props {
  readonly draft: RegistryDraft;
  readonly problems: ReadonlySet<RegistryProblem>;
  readonly isNew: boolean;
  /** A password is kept on the platform. */
  readonly passwordSet: boolean;
  readonly disabled: boolean;
  readonly onChange: (draft: RegistryDraft) => void;
}

export function RegistryForm(props: Props): ReactNode {
  const { draft, problems, disabled, onChange } = props;
  const { registries } = useText();
  const wrong = (problem: RegistryProblem, message: string): string | undefined =>
    problems.has(problem) ? message : undefined;
  return (
    <div className={s.form}>
      <TextField
        label={registries.address}
        hint={registries.addressHint}
        error={wrong('url', registries.badAddress)}
        type="url"
        disabled={disabled}
        value={draft.url}
        onChange={(event) => onChange({ ...draft, url: event.target.value })}
      />
      <TextField
        label={registries.name}
        error={wrong('name', registries.badName) ?? wrong('taken', registries.taken)}
        maxLength={100}
        disabled={disabled || !props.isNew}
        value={draft.name}
        onChange={(event) => onChange({ ...draft, name: event.target.value.trim() })}
      />
      <Credentials {...props} />
      <Filters {...props} />
      <div className={s.group}>
        <Switch
          withLabel
          label={registries.schedule}
          checked={draft.enabled}
          disabled={disabled}
          onChange={(enabled) => onChange({ ...draft, enabled })}
        />
        <div className={s.two}>
          <TextField
            label={registries.every}
            error={wrong('everyMinutes', registries.badNumber(...LIMITS.everyMinutes))}
            inputMode="numeric"
            disabled={disabled || !draft.enabled}
            value={draft.everyMinutes}
            onChange={(event) => onChange({ ...draft, everyMinutes: event.target.value.trim() })}
          />
        </div>
      </div>
    </div>
  );
}

function Credentials({ draft, passwordSet, disabled, onChange }: Props): ReactNode {
  const { registries } = useText();
  return (
    <div className={s.group}>
      <div className={s.two}>
        <TextField
          label={registries.user}
          hint={registries.userHint}
          maxLength={300}
          disabled={disabled}
          value={draft.username}
          onChange={(event) => onChange({ ...draft, username: event.target.value })}
        />
        <TextField
          label={registries.password}
          hint={passwordSet ? registries.passwordKept : registries.passwordNew}
          type="password"
          autoComplete="new-password"
          disabled={disabled || draft.dropPassword}
          value={draft.password}
          onChange={(event) => onChange({ ...draft, password: event.target.value })}
        />
      </div>
      {passwordSet && (
        <Switch
          withLabel
          label={registries.forgetPassword}
          checked={draft.dropPassword}
          disabled={disabled}
          onChange={(dropPassword) => onChange({ ...draft, dropPassword, password: '' })}
        />
      )}
      <TextAreaField
        label={registries.ca}
        hint={registries.caHint}
        rows={3}
        disabled={disabled}
        value={draft.ca}
        onChange={(event) => onChange({ ...draft, ca: event.target.value })}
      />
      <Switch
        withLabel
        label={registries.insecure}
        title={registries.insecureHint}
        checked={draft.allowInsecure}
        disabled={disabled}
        onChange={(allowInsecure) => onChange({ ...draft, allowInsecure })}
      />
    </div>
  );
}

function Filters({ draft, problems, disabled, onChange }: Props): ReactNode {
  const { registries } = useText();
  return (
    <div className={s.group}>
      <TextAreaField
        label={registries.repositories}
        hint={registries.repositoriesHint}
        rows={3}
        disabled={disabled}
        value={draft.repositories}
        onChange={(event) => onChange({ ...draft, repositories: event.target.value })}
      />
      <div className={s.two}>
        <TextAreaField
          label={registries.exclude}
          hint={registries.excludeHint}
          rows={2}
          disabled={disabled}
          value={draft.exclude}
          onChange={(event) => onChange({ ...draft, exclude: event.target.value })}
        />
        <TextAreaField
          label={registries.tags}
          hint={registries.tagsHint}
          rows={2}
          disabled={disabled}
          value={draft.tags}
          onChange={(event) => onChange({ ...draft, tags: event.target.value })}
        />
      </div>
      <div className={s.two}>
        <TextField
          label={registries.newestTags}
          hint={registries.newestHint}
          error={problems.has('newestTags') ? registries.badNumber(...LIMITS.newestTags) : undefined}
          inputMode="numeric"
          disabled={disabled}
          value={draft.newestTags}
          onChange={(event) => onChange({ ...draft, newestTags: event.target.value.trim() })}
        />
      </div>
    </div>
  );
}
