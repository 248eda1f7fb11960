// The fields of a response rule. Holds no state of its own.
import { ACTION_KINDS, type ActionKind, SEVERITIES, type Severity } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { rulesQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { SelectField, Switch, TextAreaField, TextField } from '../../ui/field.tsx';
import { useRuleTitles } from '../rules/rule-titles.ts';
import { distinct } from '../rules/rules-search.ts';
import s from './response.module.css';
import type { ActionDraft, DraftProblem, ResponseDraft } from './response-draft.ts';

interface Props {
  readonly draft: ResponseDraft;
  readonly problems: Readonly<Record<string, DraftProblem>>;
  readonly isNew: boolean;
  readonly readOnly: boolean;
  readonly onChange: (draft: ResponseDraft) => void;
}

export function ResponseForm({ draft, problems, isNew, readOnly, onChange }: Props): ReactNode {
  const text = useText();
  const { form, invalid } = text.response;
  const { data } = useQuery(rulesQuery);
  const titleOf = useRuleTitles();
  const set = (changes: Partial<ResponseDraft>): void => onChange({ ...draft, ...changes });
  const problem = (field: string): string | undefined => {
    const code = problems[field];
    return code === undefined ? undefined : invalid[code];
  };
  const ruleNames = (data?.items ?? []).map((rule) => rule.name);
  const tags = distinct((data?.items ?? []).map((rule) => rule.tags));
  return (
    <fieldset className={s.form} disabled={readOnly}>
      <TextField
        label={form.name}
        hint={form.nameHint}
        error={problem('name')}
        value={draft.name}
        readOnly={!isNew}
        maxLength={100}
        onChange={(event) => set({ name: event.target.value })}
      />
      <TextField
        label={form.description}
        value={draft.description}
        maxLength={1000}
        onChange={(event) => set({ description: event.target.value })}
      />
      <Switch
        label={form.enabled}
        withLabel
        checked={draft.enabled}
        disabled={readOnly}
        onChange={(enabled) => set({ enabled })}
      />
      <div className={s.group}>
        <h3>{form.trigger}</h3>
        <Picker
          label={form.rules}
          hint={form.rulesHint}
          choices={ruleNames}
          name={titleOf}
          picked={draft.rules}
          onChange={(rules) => set({ rules })}
        />
        <Picker
          label={form.tags}
          hint={form.tagsHint}
          choices={tags}
          name={(tag) => tag}
          picked={draft.tags}
          onChange={(next) => set({ tags: next })}
        />
        <SelectField
          label={form.minSeverity}
          value={draft.minSeverity}
          options={SEVERITIES.map((severity) => ({ value: severity, label: text.severity[severity] }))}
          onChange={(minSeverity) => set({ minSeverity: minSeverity as Severity })}
        />
        <TextAreaField
          label={form.guard}
          hint={form.guardHint}
          value={draft.guard}
          maxLength={4000}
          onChange={(event) => set({ guard: event.target.value })}
        />
      </div>
      <div className={s.group}>
        <h3>{form.actions}</h3>
        {draft.actions.map((action) => (
          <ActionFields
            key={action.key}
            action={action}
            error={problem(`action-${action.key}`)}
            removable={!readOnly}
            onChange={(next) =>
              set({ actions: draft.actions.map((one) => (one.key === action.key ? next : one)) })
            }
            onRemove={() => set({ actions: draft.actions.filter((one) => one.key !== action.key) })}
          />
        ))}
        {problem('actions') !== undefined && <p className={s.problem}>{problem('actions')}</p>}
        {!readOnly && draft.actions.length < 10 && (
          <div>
            <Button
              icon="plus"
              onClick={() =>
                set({
                  actions: [
                    ...draft.actions,
                    {
                      key: 1 + Math.max(0, ...draft.actions.map((one) => one.key)),
                      kind: 'notify',
                      url: '',
                      graceSeconds: '',
                    },
                  ],
                })
              }
            >
              {form.addAction}
            </Button>
          </div>
        )}
      </div>
      <div className={s.group}>
        <h3>{form.limits}</h3>
        <div className={s.two}>
          <TextField
            label={form.cooldown}
            hint={form.cooldownHint}
            error={problem('cooldown')}
            inputMode="numeric"
            value={draft.cooldownSeconds}
            onChange={(event) => set({ cooldownSeconds: event.target.value })}
          />
          <TextField
            label={form.maxTargets}
            hint={form.maxTargetsHint}
            error={problem('maxTargets')}
            inputMode="numeric"
            value={draft.maxTargets}
            onChange={(event) => set({ maxTargets: event.target.value })}
          />
        </div>
        <SelectField
          label={form.mode}
          hint={form.modeHint[draft.mode]}
          value={draft.mode}
          options={(['dry-run', 'enforce'] as const).map((mode) => ({
            value: mode,
            label: text.response.mode[mode],
          }))}
          onChange={(mode) => set({ mode: mode === 'enforce' ? 'enforce' : 'dry-run' })}
        />
      </div>
    </fieldset>
  );
}

/** Several of a list: what is picked, and a select that adds one more. */
function Picker(props: {
  readonly label: string;
  readonly hint: string;
  readonly choices: readonly string[];
  readonly name: (choice: string) => string;
  readonly picked: readonly string[];
  readonly onChange: (picked: readonly string[]) => void;
}): ReactNode {
  const text = useText();
  const rest = props.choices.filter((choice) => !props.picked.includes(choice));
  return (
    <div>
      <SelectField
        label={props.label}
        hint={props.hint}
        value=""
        options={[
          { value: '', label: props.picked.length === 0 ? text.common.any : text.common.add },
          ...rest.map((choice) => ({ value: choice, label: props.name(choice) })),
        ]}
        onChange={(choice) => {
          if (choice !== '') props.onChange([...props.picked, choice]);
        }}
      />
      {props.picked.length > 0 && (
        <div className={s.picked}>
          {props.picked.map((choice) => (
            <span key={choice} className={s.pickedItem}>
              {props.name(choice)}
              <IconButton
                icon="close"
                size="small"
                label={text.events.removeFilter(props.name(choice))}
                onClick={() => props.onChange(props.picked.filter((one) => one !== choice))}
              />
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

function ActionFields(props: {
  readonly action: ActionDraft;
  readonly error: string | undefined;
  readonly removable: boolean;
  readonly onChange: (action: ActionDraft) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const text = useText();
  const { form } = text.response;
  const { action } = props;
  return (
    <div className={s.actionEdit}>
      <div className={s.actionFields}>
        <SelectField
          label={text.response.history.column.action}
          value={action.kind}
          options={ACTION_KINDS.map((kind) => ({ value: kind, label: text.action.kind[kind] }))}
          onChange={(kind) => props.onChange({ ...action, kind: kind as ActionKind })}
        />
        {action.kind === 'notify' && (
          <TextField
            label={form.url}
            hint={form.urlHint}
            error={props.error}
            type="url"
            value={action.url}
            onChange={(event) => props.onChange({ ...action, url: event.target.value })}
          />
        )}
        {action.kind === 'stop' && (
          <TextField
            label={form.graceSeconds}
            error={props.error}
            inputMode="numeric"
            placeholder="10"
            value={action.graceSeconds}
            onChange={(event) => props.onChange({ ...action, graceSeconds: event.target.value })}
          />
        )}
      </div>
      {props.removable && <IconButton icon="trash" label={form.removeAction} onClick={props.onRemove} />}
    </div>
  );
}
