// A value with more behind it: pointing at it or reaching it by keyboard shows a small panel above everything else.
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import s from './hint.module.css';

const GAP_PX = 6;
const EDGE_PX = 8;

export function Hint(props: {
  /** What is read aloud for the value. */
  readonly label: string;
  readonly panel: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLSpanElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = panel.current;
    const place = button.current?.getBoundingClientRect();
    if (!isOpen || shown === null || place === undefined) return;
    shown.showPopover();
    const { width, height } = shown.getBoundingClientRect();
    const fitsBelow = place.bottom + GAP_PX + height < window.innerHeight - EDGE_PX;
    shown.style.left = `${Math.max(EDGE_PX, Math.min(place.left, window.innerWidth - width - EDGE_PX))}px`;
    shown.style.top = `${fitsBelow ? place.bottom + GAP_PX : place.top - GAP_PX - height}px`;
  }, [isOpen]);
  const close = (): void => setOpen(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={s.value}
        aria-label={props.label}
        aria-describedby={isOpen ? id : undefined}
        onPointerEnter={() => setOpen(true)}
        onPointerLeave={close}
        onFocus={() => setOpen(true)}
        onBlur={close}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !isOpen) return;
          event.stopPropagation();
          close();
        }}
      >
        {props.children}
      </button>
      {isOpen && (
        <span ref={panel} id={id} role="tooltip" popover="manual" className={s.panel}>
          {props.panel}
        </span>
      )}
    </>
  );
}
