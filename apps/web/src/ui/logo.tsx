// The mark: a honeycomb cell whose centre is a stoma, the pore that two guard cells open and close.
import type { ReactNode } from 'react';
import s from './ui.module.css';

const HEXAGON = 'M16 1.8 28.3 8.9v14.2L16 30.2 3.7 23.1V8.9z';
const GUARD_CELLS =
  'M14.6 7.4C10 8.7 7.6 12 7.6 16s2.4 7.3 7 8.6c-2-2.5-3-5.3-3-8.6s1-6.1 3-8.6zM17.4 7.4c4.6 1.3 7 4.6 7 8.6s-2.4 7.3-7 8.6c2-2.5 3-5.3 3-8.6s-1-6.1-3-8.6z';

export function Logo({ size = 24 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d={HEXAGON} className={s.logoCell} />
      <path d={GUARD_CELLS} className={s.logoPore} />
    </svg>
  );
}

/** The same motif in outline, for empty states. */
export function Motif({ size = 56 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <path d={HEXAGON} className={s.motifCell} />
      <path d={GUARD_CELLS} className={s.motifPore} />
    </svg>
  );
}
