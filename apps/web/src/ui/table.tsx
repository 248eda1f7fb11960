// A framed table: its rows are walked with j and k, grey bars stand in while they are on their way, "more" fetches on.
import { type ReactNode, useRef } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import { useRowKeys } from './row-keys.ts';
import { places, Skeleton } from './states.tsx';
import t from './table.module.css';

export interface TableColumn {
  /** Empty for a column of buttons. */
  readonly label: string;
  /** `104` in pixels, or `24%`; an equal share of the rest without one. */
  readonly width?: string;
  readonly right?: boolean;
  /** Left out of narrow windows; its cells carry `t.wide`. */
  readonly wide?: boolean;
}

export function Table(props: {
  readonly columns: readonly TableColumn[];
  /** How many rows of grey bars to show in the place of the rows; 0 when the rows are here. */
  readonly waiting: number;
  readonly children: ReactNode;
  /** What stands below the rows. */
  readonly after?: ReactNode;
}): ReactNode {
  const { columns } = props;
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
  // On a phone each cell says itself what it is: the style sheet puts these before the cells.
  const labels = Object.fromEntries(
    columns.map(({ label }, at) => [`--label-${at + 1}`, JSON.stringify(label)]),
  );
  return (
    <div ref={frame} className={t.frame}>
      <table className={t.table} style={labels} aria-busy={props.waiting > 0}>
        <colgroup>
          {columns.map(({ label, width, wide }) => (
            <col key={label} className={cx(wide && t.wide)} {...(width !== undefined && { width })} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ label, right, wide }) =>
              label === '' ? (
                <td key={label} />
              ) : (
                <th key={label} scope="col" className={cx(right && t.right, wide && t.wide)}>
                  {label}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {places(props.waiting).map((row) => (
            <tr key={row}>
              {columns.map(({ label, wide }, cell) => (
                <td key={label} className={cx(wide && t.wide)}>
                  <Skeleton width={`${68 - ((row + cell) % 3) * 12}%`} />
                </td>
              ))}
            </tr>
          ))}
          {props.waiting === 0 && props.children}
        </tbody>
      </table>
      {props.after}
    </div>
  );
}

/** A row that opens on a click anywhere but on its own links and buttons, and on Enter. */
export function OpenRow(props: {
  readonly isOpen?: boolean;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <tr
      data-row
      data-open={props.isOpen}
      tabIndex={-1}
      className={t.row}
      onClick={(event) => {
        if (!(event.target instanceof Element) || event.target.closest('a, button') === null) props.onOpen();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) props.onOpen();
      }}
    >
      {props.children}
    </tr>
  );
}

/** The button that fetches the next page of a list, while there is one. */
export function MoreRows(props: {
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}): ReactNode {
  const text = useText();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = props.list;
  if (!hasNextPage) return null;
  return (
    <div className={t.more}>
      <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {isFetchingNextPage ? text.common.loading : text.common.more}
      </Button>
    </div>
  );
}
