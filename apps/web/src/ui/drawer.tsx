// The details panel at the right. Not modal: the list beside it stays usable, so that j/k walk through it.
import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { IconButton } from './button.tsx';
import s from './drawer.module.css';
import { useHotkeys } from './hotkeys.ts';

interface Props {
  /** Read aloud when it opens. */
  readonly label: string;
  readonly title: ReactNode;
  readonly onClose: () => void;
  /** Buttons beside the close button. */
  readonly tools?: ReactNode;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
  /** Changes when another item is shown, so that the panel starts at its top. */
  readonly itemKey: string;
}

export function Drawer({ label, title, onClose, tools, footer, children, itemKey }: Props): ReactNode {
  const text = useText();
  const panel = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useHotkeys({ Escape: onClose });
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  // biome-ignore lint: the key is the trigger
  useEffect(() => {
    // Newer browsers return a promise here, which an effect must not.
    void body.current?.scrollTo({ top: 0 });
  }, [itemKey]);
  return (
    <aside ref={panel} className={s.drawer} aria-label={label} tabIndex={-1}>
      <header className={s.header}>
        <div className={s.title}>{title}</div>
        <div className={s.tools}>
          {tools}
          <IconButton icon="close" label={text.common.close} onClick={onClose} />
        </div>
      </header>
      {/* Scrollable regions must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={body} className={s.body} tabIndex={0} role="region" aria-label={label}>
        {children}
      </div>
      {footer !== undefined && <footer className={s.footer}>{footer}</footer>}
    </aside>
  );
}

/** A part of a drawer or page with its heading. */
export function Section(props: {
  readonly title: string;
  readonly hint?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={s.section}>
      <div className={s.sectionHead}>
        <h3>{props.title}</h3>
        {props.aside}
      </div>
      {props.hint !== undefined && <p className={s.sectionHint}>{props.hint}</p>}
      {props.children}
    </section>
  );
}
