// The frame of a screen: heading with its actions, cards, tabs that are links.
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { cx } from './class-names.ts';
import s from './ui.module.css';

/** Heading of a screen; also the title of the browser's tab. */
export function PageHead(props: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${props.title} · Guardcell`;
  }, [props.title]);
  return (
    <header className={s.pageHead}>
      <div className={s.pageTitle}>
        <h1>{props.title}</h1>
        {props.note !== undefined && <span className={s.pageNote}>{props.note}</span>}
      </div>
      {props.children !== undefined && <div className={s.pageTools}>{props.children}</div>}
    </header>
  );
}

export function Card(props: {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
  readonly flush?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={cx(s.card, props.className)}>
      {props.title !== undefined && (
        <header className={s.cardHead}>
          <h2>{props.title}</h2>
          {props.aside}
        </header>
      )}
      <div className={props.flush ? undefined : s.cardBody}>{props.children}</div>
    </section>
  );
}

export interface TabLink {
  readonly key: string;
  readonly label: string;
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** Tabs as links: each has its own address. */
export function TabLinks(props: {
  readonly label: string;
  readonly tabs: readonly TabLink[];
  readonly current: string;
}): ReactNode {
  return (
    <nav className={s.tabs} aria-label={props.label}>
      {props.tabs.map((tab) => (
        <Link
          key={tab.key}
          to={tab.to}
          {...(tab.params !== undefined && { params: tab.params })}
          className={s.tab}
          // Ours says which one is current; the router's would also mark every prefix.
          activeOptions={{ exact: true }}
          aria-current={tab.key === props.current ? 'page' : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}

/** Names and values. */
export function Facts({
  items,
}: {
  readonly items: readonly (readonly [string, ReactNode] | false)[];
}): ReactNode {
  return (
    <dl className={s.facts}>
      {items.map(
        (item) =>
          item !== false && (
            <div key={item[0]} className={s.fact}>
              <dt>{item[0]}</dt>
              <dd>{item[1] === '' ? '—' : item[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

type Tone = 'good' | 'bad' | 'warn' | 'plain' | 'cold' | 'accent';

export function Badge(props: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className={cx(s.badge, s[`tone-${props.tone ?? 'plain'}`])} title={props.title}>
      {props.children}
    </span>
  );
}

/** A coloured dot before a word. */
export function Dot({ tone }: { readonly tone: Tone }): ReactNode {
  return <span className={cx(s.dot, s[`dot-${tone}`])} aria-hidden="true" />;
}

export function Mono({
  children,
  wrap,
}: {
  readonly children: ReactNode;
  readonly wrap?: boolean;
}): ReactNode {
  return <span className={cx(s.mono, wrap && s.wrap)}>{children}</span>;
}

/** A message across the page: why something is not as it should be, and what to do. */
export function Banner(props: {
  readonly tone: 'bad' | 'warn' | 'plain';
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  return (
    <div className={cx(s.banner, s[`banner-${props.tone}`])} role="status">
      <div className={s.bannerText}>
        <strong>{props.title}</strong>
        {props.children}
      </div>
      {props.action}
    </div>
  );
}
