// Form fields: label, hint and error are tied to the control for screen readers.
import { type ComponentProps, type ReactNode, type Ref, useId } from 'react';
import { cx } from './class-names.ts';
import s from './field.module.css';
import { Icon } from './icon.tsx';

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

function Frame(props: FieldProps & { readonly id: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className={s.field}>
      <label htmlFor={props.id} className={s.label}>
        {props.label}
      </label>
      {props.children}
      {props.error !== undefined && (
        <p id={`${props.id}-error`} className={s.error}>
          {props.error}
        </p>
      )}
      {props.hint !== undefined && props.error === undefined && (
        <p id={`${props.id}-hint`} className={s.hint}>
          {props.hint}
        </p>
      )}
    </div>
  );
}

function described(id: string, props: FieldProps): { 'aria-describedby'?: string; 'aria-invalid'?: true } {
  if (props.error !== undefined) return { 'aria-describedby': `${id}-error`, 'aria-invalid': true };
  return props.hint === undefined ? {} : { 'aria-describedby': `${id}-hint` };
}

export function TextField({
  label,
  hint,
  error,
  className,
  ...rest
}: FieldProps & ComponentProps<'input'>): ReactNode {
  const id = useId();
  const field = { label, hint, error };
  return (
    <Frame {...field} id={id}>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        {...rest}
        {...described(id, field)}
        id={id}
        className={cx(s.input, className)}
      />
    </Frame>
  );
}

export function TextAreaField({
  label,
  hint,
  error,
  className,
  ...rest
}: FieldProps & ComponentProps<'textarea'>): ReactNode {
  const id = useId();
  const field = { label, hint, error };
  return (
    <Frame {...field} id={id}>
      <textarea
        spellCheck={false}
        {...rest}
        {...described(id, field)}
        id={id}
        className={cx(s.input, s.area, className)}
      />
    </Frame>
  );
}

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly value: string;
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean | undefined;
}

export function SelectField(props: FieldProps & SelectProps): ReactNode {
  const id = useId();
  return (
    <Frame {...props} id={id}>
      <span className={s.selectFrame}>
        <select
          id={id}
          className={s.input}
          value={props.value}
          disabled={props.disabled}
          onChange={(event) => props.onChange(event.target.value)}
          {...described(id, props)}
        >
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="chevronDown" />
      </span>
    </Frame>
  );
}

/** A select without a visible label, for tool bars. */
export function InlineSelect(props: SelectProps & { readonly label: string }): ReactNode {
  return (
    <span className={s.selectFrame}>
      <select
        className={cx(s.input, s.inline, props.value !== '' && s.chosen)}
        aria-label={props.label}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevronDown" />
    </span>
  );
}

/** The search box of a screen; `/` puts the cursor into it. */
export function SearchBox(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
  readonly wide?: boolean;
}): ReactNode {
  return (
    <span className={cx(s.search, props.wide && s.searchWide)} role="search">
      <Icon name="search" />
      <input
        ref={props.ref}
        data-search
        type="search"
        aria-label={props.label}
        placeholder={props.label}
        autoComplete="off"
        spellCheck={false}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (props.value === '') event.currentTarget.blur();
          else props.onChange('');
        }}
      />
      <kbd className={s.key} aria-hidden="true">
        /
      </kbd>
    </span>
  );
}

export function Switch(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
  readonly title?: string | undefined;
  /** Shows the label beside the switch. */
  readonly withLabel?: boolean;
}): ReactNode {
  return (
    <label className={s.switch} title={props.title}>
      <input
        type="checkbox"
        role="switch"
        aria-label={props.label}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span className={s.track} aria-hidden="true" />
      {props.withLabel && <span>{props.label}</span>}
    </label>
  );
}

/** One of a few, all visible. */
export function Segments<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, ReactNode])[];
  readonly onChange: (value: Value) => void;
}): ReactNode {
  const name = useId();
  return (
    <div className={s.segments} role="radiogroup" aria-label={props.label}>
      {props.options.map(([value, label]) => (
        <label key={value} className={s.segment}>
          <input
            type="radio"
            name={name}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}
