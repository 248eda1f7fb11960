// Buttons: one primary a page, the rest quiet.
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import s from './button.module.css';
import { cx } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'default' | 'quiet' | 'danger';
  readonly size?: 'small' | 'medium';
  readonly icon?: IconName;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = 'default',
  size = 'medium',
  icon,
  className,
  children,
  ...rest
}: Props): ReactNode {
  return (
    <button type="button" {...rest} className={cx(s.button, s[variant], s[size], className)}>
      {icon !== undefined && <Icon name={icon} size={size === 'small' ? 14 : 16} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<Props, 'icon' | 'children'> {
  readonly icon: IconName;
  readonly label: string;
}

/** A button that is only an icon; the label is read aloud and shown on hover. */
export function IconButton({
  icon,
  label,
  variant = 'quiet',
  size = 'medium',
  className,
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={cx(s.button, s[variant], s[size], s.iconOnly, className)}
    >
      <Icon name={icon} size={size === 'small' ? 14 : 16} />
    </button>
  );
}
