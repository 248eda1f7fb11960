// Drop-down menus and popovers: Radix primitives in this console's clothes. Never modal, because Radix's scroll lock
// writes a style element that the CSP forbids.
import * as Dropdown from '@radix-ui/react-dropdown-menu';
import * as RadixPopover from '@radix-ui/react-popover';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import s from './menu.module.css';

export function Menu(props: {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
}): ReactNode {
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger asChild>{props.trigger}</Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content
          className={s.surface}
          align={props.align ?? 'end'}
          sideOffset={6}
          collisionPadding={8}
        >
          {props.children}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}

export function MenuItem(props: {
  readonly icon?: IconName;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Dropdown.Item className={s.item} onSelect={props.onSelect}>
      {props.icon !== undefined && <Icon name={props.icon} />}
      {props.children}
    </Dropdown.Item>
  );
}

/** One of several; the chosen one has a check mark. */
export function MenuChoice<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
}): ReactNode {
  return (
    <Dropdown.RadioGroup
      value={props.value}
      onValueChange={(value) => {
        const found = props.options.find(([option]) => option === value);
        if (found !== undefined) props.onChange(found[0]);
      }}
    >
      <Dropdown.Label className={s.label}>{props.label}</Dropdown.Label>
      {props.options.map(([value, name]) => (
        <Dropdown.RadioItem key={value} value={value} className={s.item}>
          <span className={s.mark}>
            <Dropdown.ItemIndicator>
              <Icon name="check" />
            </Dropdown.ItemIndicator>
          </span>
          {name}
        </Dropdown.RadioItem>
      ))}
    </Dropdown.RadioGroup>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }): ReactNode {
  return <Dropdown.Label className={s.label}>{children}</Dropdown.Label>;
}

export function MenuLine(): ReactNode {
  return <Dropdown.Separator className={s.line} />;
}

export function Popover(props: {
  readonly trigger: ReactNode;
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <RadixPopover.Root open={props.open} onOpenChange={props.onOpenChange}>
      <RadixPopover.Trigger asChild>{props.trigger}</RadixPopover.Trigger>
      <RadixPopover.Portal>
        <RadixPopover.Content
          className={s.surface}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={props.label}
        >
          {props.children}
        </RadixPopover.Content>
      </RadixPopover.Portal>
    </RadixPopover.Root>
  );
}
