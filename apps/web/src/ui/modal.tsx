// A modal on the browser's own <dialog>: focus trap, inert background and Esc come with it.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { IconButton } from './button.tsx';
import { cx } from './class-names.ts';
import s from './modal.module.css';
import x from './text.module.css';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the bottom. */
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  /** Without title bar and padding, for the palette; the title is still read aloud. */
  readonly bare?: boolean;
}

/** Open while mounted. */
export function Modal({ title, onClose, children, footer, wide, bare }: Props): ReactNode {
  const text = useText();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // A click beside the panel closes; the keyboard has Esc, which <dialog> brings.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      className={cx(s.modal, wide && s.wide)}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={s.panel}>
        <header className={bare ? x.srOnly : s.header}>
          <h2 id={titleId}>{title}</h2>
          {!bare && <IconButton icon="close" label={text.common.close} onClick={onClose} size="small" />}
        </header>
        <div className={bare ? s.bareBody : s.body}>{children}</div>
        {footer !== undefined && <footer className={s.footer}>{footer}</footer>}
      </div>
    </dialog>
  );
}
