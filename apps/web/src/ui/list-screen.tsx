// The parts of a screen with a list that fills it: tool bar, filters in force, facets beside the results.
import { type ReactNode, useState } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { cx } from './class-names.ts';
import { WaitingFacet } from './facet-list.tsx';
import { Icon } from './icon.tsx';
import s from './list-screen.module.css';

/** As high as the window, so that the list scrolls and not the page. */
export function ListScreen({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={s.page}>{children}</div>;
}

export function ToolBar({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={s.toolBar}>{children}</div>;
}

/** Facets on the left, what passes them on the right. */
export function FacetedResults(props: {
  readonly facets: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={s.columns}>
      {props.facets}
      <div className={s.results}>{props.children}</div>
    </div>
  );
}

/** The column of facets, behind a button on a phone; grey bars stand in while they are on their way. */
export function FacetColumn(props: {
  readonly label: string;
  readonly isWaiting: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <aside className={s.facets} aria-label={props.label}>
      <button type="button" className={s.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? 'close' : 'plus'} size={14} />
        {props.label}
      </button>
      <div className={cx(s.facetBody, !isOpen && s.closed)}>
        {props.isWaiting ? [0, 1, 2, 3].map((at) => <WaitingFacet key={at} />) : props.children}
      </div>
    </aside>
  );
}

/** What scrolls by itself; such regions must be reachable by keyboard. */
export function ScrollingRegion(props: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={s.scrolling} tabIndex={0} role="region" aria-label={props.label}>
      {props.children}
    </div>
  );
}

/** The line of filters in force. */
export function FilterLine({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={s.chips}>{children}</div>;
}

/** One filter in force; a click takes it out. */
export function FilterChip(props: {
  readonly name: string;
  readonly value: string;
  readonly onRemove: () => void;
}): ReactNode {
  const text = useText();
  const { name, value, onRemove } = props;
  return (
    <button
      type="button"
      className={s.chip}
      aria-label={text.events.removeFilter(`${name}: ${value}`)}
      title={value}
      onClick={onRemove}
    >
      <span className={s.chipKey}>{name}</span>
      <span className={s.chipValue}>{value}</span>
      <Icon name="close" size={12} />
    </button>
  );
}
