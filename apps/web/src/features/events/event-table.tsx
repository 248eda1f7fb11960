// The list of alerts: virtual rows, older pages as one scrolls, new ones on top; j/k and Enter work everywhere.
import type { Alert } from '@guardcell/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { mergeAlerts } from '../../api/live-buffer.ts';
import { eventsQuery } from '../../api/queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { useHotkeys } from '../../ui/hotkeys.ts';
import { Icon } from '../../ui/icon.tsx';
import { stepIndex } from '../../ui/key-matcher.ts';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, places, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { ClockTime } from '../../ui/time.tsx';
import v from '../../ui/virtual-table.module.css';
import { useRuleTitles } from '../rules/rule-titles.ts';
import { AUDIT_SOURCE } from './audit-sections.tsx';
import s from './events.module.css';
import { activeFilters, apiFilter, clearFilters, type EventsSearch } from './events-search.ts';
import { SCAN_SOURCE, scanFacts } from './scan-facts.ts';
import type { Tail } from './use-tail.ts';

const ROW_PX = 48;
const OVERSCAN = 12;
const LOAD_AHEAD = 20;
const AWAY_PX = 24;

interface Props {
  readonly search: EventsSearch;
  readonly tail: Tail;
  readonly openId: string | undefined;
}

export function EventTable({ search, tail, openId }: Props): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const list = useInfiniteQuery(eventsQuery(useMemo(() => apiFilter(search), [search])));
  const fetched = useItems(list);
  const alerts = useMemo(() => mergeAlerts(tail.shown, fetched), [tail.shown, fetched]);
  const [cursor, setCursor] = useState('');
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: alerts.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => alerts[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  useEffect(() => {
    if (!hasNextPage || isFetchingNextPage || isFetchNextPageError) return;
    if (alerts.length > 0 && lastIndex >= alerts.length - LOAD_AHEAD) void fetchNextPage();
  }, [lastIndex, alerts.length, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  function open(alert: Alert): void {
    void navigate({
      to: '/events/$eventId',
      params: { eventId: alert.id },
      search,
      replace: openId !== undefined,
    });
  }
  function move(step: number): void {
    const from = alerts.findIndex((alert) => alert.id === (openId ?? cursor));
    const next = alerts[stepIndex(from, step, alerts.length)];
    if (next === undefined) return;
    setCursor(next.id);
    const index = alerts.indexOf(next);
    rows.scrollToIndex(index, { align: 'auto' });
    if (openId !== undefined) open(next);
    else
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>(`[id="row-${CSS.escape(next.id)}"]`)?.focus(),
      );
  }
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
  });
  function onScroll(): void {
    const away = (frame.current?.scrollTop ?? 0) > AWAY_PX;
    tail.setAway(away);
    if (!away && tail.waiting.length > 0 && !tail.paused) tail.release();
  }
  const nothing = !list.isPending && alerts.length === 0;
  return (
    <div className={s.tableFrame}>
      {tail.waiting.length > 0 && (
        <button
          type="button"
          className={s.freshPill}
          aria-label={text.events.freshShow(tail.waiting.length)}
          onClick={() => {
            tail.release();
            frame.current?.scrollTo({ top: 0 });
          }}
        >
          <Icon name="arrowUp" size={12} />
          {text.events.fresh(tail.waiting.length)}
        </button>
      )}
      <p className={x.srOnly} role="status" aria-live="polite">
        {tail.waiting.length > 0 ? text.events.announce(tail.waiting.length) : ''}
      </p>
      <div
        className={s.grid}
        role="table"
        aria-label={text.events.title}
        aria-rowcount={hasNextPage ? -1 : alerts.length + 1}
      >
        <div role="rowgroup">
          <div role="row" className={cx(s.row, s.headRow)} aria-rowindex={1}>
            {(['time', 'severity', 'event', 'container', 'process'] as const).map((key) => (
              <span key={key} role="columnheader">
                {text.events.column[key]}
              </span>
            ))}
          </div>
        </div>
        <div ref={frame} className={v.scroller} role="rowgroup" onScroll={onScroll}>
          {list.isPending && <LoadingRows />}
          <div className={v.sizer} role="presentation" style={{ height: rows.getTotalSize() }}>
            {items.map((item) => {
              const alert = alerts[item.index];
              if (alert === undefined) return null;
              return (
                <AlertRow
                  key={item.key}
                  alert={alert}
                  index={item.index}
                  top={item.start}
                  isOpen={alert.id === openId}
                  search={search}
                  onOpen={open}
                  onFocus={setCursor}
                />
              );
            })}
          </div>
        </div>
      </div>
      {nothing &&
        (list.isError ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <Nothing search={search} />
        ))}
      {tail.dropped > 0 && <p className={s.tableNote}>{text.events.tailCapped(tail.dropped)}</p>}
    </div>
  );
}

function Nothing({ search }: { readonly search: EventsSearch }): ReactNode {
  const text = useText();
  const filtered = activeFilters(search).length > 0 || search.q !== undefined || search.until !== undefined;
  if (!filtered) return <EmptyState title={text.events.emptyAll} hint={text.events.emptyAllHint} />;
  return (
    <EmptyState
      title={text.events.empty}
      hint={text.events.emptyHint}
      action={
        <Link to="/events" search={clearFilters(search)}>
          <Button tabIndex={-1}>{text.common.clearAll}</Button>
        </Link>
      }
    />
  );
}

function LoadingRows(): ReactNode {
  return places(12).map((index) => (
    <div key={index} className={s.row} role="presentation" style={{ height: ROW_PX }}>
      <Skeleton width={64} />
      <Skeleton width={72} />
      <Skeleton width={`${70 - (index % 4) * 9}%`} />
      <Skeleton width="70%" />
      <Skeleton width="60%" />
    </div>
  ));
}

interface RowProps {
  readonly alert: Alert;
  readonly index: number;
  readonly top: number;
  readonly isOpen: boolean;
  readonly search: EventsSearch;
  readonly onOpen: (alert: Alert) => void;
  readonly onFocus: (id: string) => void;
}

function AlertRow({ alert, index, top, isOpen, search, onOpen, onFocus }: RowProps): ReactNode {
  const text = useText();
  const titleOf = useRuleTitles();
  const title = titleOf(alert.rule);
  return (
    // The row is a large target for the pointer; the link inside it is what the keyboard and screen readers use.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      aria-rowindex={index + 2}
      className={cx(s.row, v.item, isOpen && v.open)}
      style={{ transform: `translateY(${top}px)`, height: ROW_PX }}
      onClick={(event) => {
        if (!(event.target as Element).closest('a, button')) onOpen(alert);
      }}
    >
      <span role="cell" className={s.timeCell}>
        <ClockTime time={alert.time} />
      </span>
      <span role="cell">
        <SeverityLabel severity={alert.severity} />
      </span>
      <span role="cell" className={s.twoLines}>
        <Link
          id={`row-${alert.id}`}
          to="/events/$eventId"
          params={{ eventId: alert.id }}
          search={search}
          data-row
          className={x.name}
          aria-label={text.events.open(title)}
          onFocus={() => onFocus(alert.id)}
        >
          {title}
        </Link>
        <span className={x.sub}>{alert.message}</span>
      </span>
      <Cells alert={alert} />
    </div>
  );
}

function Cells({ alert }: { readonly alert: Alert }): ReactNode {
  if (alert.source === AUDIT_SOURCE) return <RequestCells alert={alert} />;
  return alert.source === SCAN_SOURCE ? <FindingCells alert={alert} /> : <ProcessCells alert={alert} />;
}

/** Where and what, of an alert about a finding of a scan. */
function FindingCells({ alert }: { readonly alert: Alert }): ReactNode {
  const { artifact, artifactName, vulnerabilities, package: name } = scanFacts(alert);
  return (
    <>
      <span role="cell" className={s.twoLines}>
        {artifact === '' ? (
          <span>{artifactName}</span>
        ) : (
          <Link to="/images/$imageId" params={{ imageId: artifact }} className={x.link} tabIndex={-1}>
            {artifactName}
          </Link>
        )}
        <span className={x.sub}>{alert.container.name || alert.hostname}</span>
      </span>
      <span role="cell" className={s.twoLines}>
        <span className={s.mono}>{name || alert.event.type}</span>
        <span className={x.sub}>{vulnerabilities.join(', ')}</span>
      </span>
    </>
  );
}

/** Where and who, of an alert about the Kubernetes API. */
function RequestCells({ alert }: { readonly alert: Alert }): ReactNode {
  const { namespace, pod } = alert.container;
  const { verb = '', resource = '', name = '' } = alert.event.args;
  return (
    <>
      <span role="cell" className={s.twoLines}>
        <span>{[namespace, pod || name].filter((part) => part !== '').join('/') || resource}</span>
        <span className={x.sub}>{alert.hostname}</span>
      </span>
      <span role="cell" className={s.twoLines}>
        <span className={s.mono}>{`${verb} ${resource}`}</span>
        <span className={x.sub}>{alert.process.user}</span>
      </span>
    </>
  );
}

function ProcessCells({ alert }: { readonly alert: Alert }): ReactNode {
  return (
    <>
      <span role="cell" className={s.twoLines}>
        <Link
          to="/containers/$containerId"
          params={{ containerId: alert.container.id }}
          className={x.link}
          tabIndex={-1}
        >
          {alert.container.name || alert.container.id.slice(0, 12)}
        </Link>
        <span className={x.sub}>{alert.container.image || alert.hostname}</span>
      </span>
      <span role="cell" className={s.twoLines}>
        <span className={s.mono}>{alert.process.name}</span>
        <span className={x.sub}>
          {alert.process.user || alert.process.uid} · {alert.process.pid}
        </span>
      </span>
    </>
  );
}
