// A table of any length in a frame of fixed height: only the rows in sight are in the document, further pages are fetched
// as one scrolls, j and k walk, Enter opens.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useFormat } from '../i18n/i18n-context.tsx';
import { cx } from './class-names.ts';
import { useHotkeys } from './hotkeys.ts';
import { stepIndex } from './key-matcher.ts';
import { places, Skeleton } from './states.tsx';
import x from './text.module.css';
import s from './virtual-table.module.css';

const ROW_PX = 52;
const HEAD_PX = 34;
const OVERSCAN = 10;
const LOAD_AHEAD = 20;
const WAITING_ROWS = 12;

export interface Column<Item> {
  readonly key: string;
  readonly label: string;
  /** A track of the grid: `96px`, `minmax(0, 1fr)`. */
  readonly width: string;
  readonly right?: boolean;
  /** Left out of tables narrower than 1 000 px, than 740 px, or than 480 px; otherwise always there. */
  readonly room?: 'wide' | 'medium' | 'small';
  readonly renderCell: (item: Item) => ReactNode;
}

/** A column of numbers; what is none stands back. */
export function countColumn<Item>(
  column: Omit<Column<Item>, 'right' | 'renderCell'>,
  countOf: (item: Item) => number,
): Column<Item> {
  return { ...column, right: true, renderCell: (item) => <Count value={countOf(item)} /> };
}

function Count({ value }: { readonly value: number }): ReactNode {
  const format = useFormat();
  return <span className={cx(value === 0 && x.muted)}>{format.number(value)}</span>;
}

/** What a list that is fetched page by page offers. */
export interface PagedList {
  readonly isPending: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** The first column holds the row's link; the link carries `data-row`. */
export function VirtualTable<Item>(props: {
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly list: PagedList;
  readonly openKey?: string | undefined;
  readonly onOpen: (item: Item, isWalking: boolean) => void;
  /** In the place of the rows when there are none. */
  readonly empty: ReactNode;
}): ReactNode {
  const { columns, items, keyOf, list, openKey, onOpen } = props;
  const [cursor, setCursor] = useState('');
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  });
  const visible = rows.getVirtualItems();
  const lastIndex = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  useEffect(() => {
    if (!hasNextPage || isFetchingNextPage || isFetchNextPageError) return;
    if (items.length > 0 && lastIndex >= items.length - LOAD_AHEAD) void fetchNextPage();
  }, [lastIndex, items.length, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  function move(step: number): void {
    const from = items.findIndex((item) => keyOf(item) === (openKey ?? cursor));
    const index = stepIndex(from, step, items.length);
    const next = items[index];
    if (next === undefined) return;
    setCursor(keyOf(next));
    rows.scrollToIndex(index, { align: 'auto' });
    if (openKey !== undefined) onOpen(next, true);
    else
      requestAnimationFrame(() =>
        frame.current?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"] [data-row]`)?.focus(),
      );
  }
  useHotkeys({ j: () => move(1), k: () => move(-1) });
  if (!list.isPending && items.length === 0) return <div className={s.frame}>{props.empty}</div>;
  const tracks = {
    '--wide': tracksOf(columns),
    '--medium': tracksOf(columns.filter(({ room }) => room !== 'wide')),
    '--small': tracksOf(columns.filter(({ room }) => room === undefined || room === 'small')),
    '--tiny': tracksOf(columns.filter(({ room }) => room === undefined)),
  };
  return (
    <div className={s.frame} style={tracks as Record<string, string>}>
      <div ref={frame} className={s.scroller}>
        <div
          role="table"
          aria-label={props.label}
          aria-busy={list.isPending}
          aria-rowcount={hasNextPage ? -1 : items.length + 1}
        >
          <div role="rowgroup" className={s.headGroup}>
            <div role="row" className={cx(s.row, s.head)} aria-rowindex={1} style={{ height: HEAD_PX }}>
              {columns.map((column) => (
                <span key={column.key} role="columnheader" className={classOf(column)}>
                  {column.label}
                </span>
              ))}
            </div>
          </div>
          {list.isPending && <WaitingRows columns={columns} />}
          <div className={s.sizer} role="rowgroup" style={{ height: rows.getTotalSize() }}>
            {visible.map(({ index, start }) => {
              const item = items[index];
              if (item === undefined) return null;
              const isOpen = keyOf(item) === openKey;
              return (
                // The row is a large target for the pointer; the link inside it is what the keyboard uses.
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                <div
                  key={keyOf(item)}
                  role="row"
                  aria-rowindex={index + 2}
                  className={cx(s.row, s.item, isOpen && s.open)}
                  style={{ transform: `translateY(${start - HEAD_PX}px)`, height: ROW_PX }}
                  onFocus={() => setCursor(keyOf(item))}
                  onClick={(event) => {
                    if (!(event.target as Element).closest('a, button, label, input')) onOpen(item, false);
                  }}
                >
                  {columns.map((column) => (
                    <span key={column.key} role="cell" className={cx(s.cell, classOf(column))}>
                      {column.renderCell(item)}
                    </span>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

function tracksOf(columns: readonly { readonly width: string }[]): string {
  return columns.map(({ width }) => width).join(' ');
}

function classOf({ right, room }: Pick<Column<never>, 'right' | 'room'>): string {
  return cx(right && s.right, room !== undefined && s[room]);
}

function WaitingRows<Item>({ columns }: { readonly columns: readonly Column<Item>[] }): ReactNode {
  return places(WAITING_ROWS).map((row) => (
    <div key={row} className={s.row} role="presentation" style={{ height: ROW_PX }}>
      {columns.map((column, at) => (
        <span key={column.key} className={classOf(column)}>
          <Skeleton width={`${72 - ((row + at) % 4) * 11}%`} />
        </span>
      ))}
    </div>
  ));
}
