// A line of tabs that are links. Where they do not fit, the line scrolls, and the current one is in sight.
import { type ReactNode, useEffect, useRef } from 'react';
import u from './ui.module.css';

export function TabRow(props: {
  readonly label: string;
  /** Which one is current, so that a change is noticed. */
  readonly current: string;
  readonly children: ReactNode;
}): ReactNode {
  const row = useRef<HTMLElement>(null);
  const { current } = props;
  useEffect(() => {
    row.current
      ?.querySelector(`[aria-current='page']`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <nav ref={row} className={u.tabs} aria-label={props.label}>
      {props.children}
    </nav>
  );
}
