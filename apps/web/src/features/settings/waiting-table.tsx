// A table's geometry while its rows are on their way.
import type { ReactNode } from 'react';
import { Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';

export function WaitingTable(props: {
  readonly head: ReactNode;
  readonly columns: number;
  readonly rows: number;
}): ReactNode {
  return (
    <div className={t.frame} aria-busy="true">
      <table className={t.table}>
        {props.head}
        <tbody>
          {Array.from({ length: props.rows }, (_row, row) => (
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={row}>
              {Array.from({ length: props.columns }, (_cell, cell) => (
                // oxlint-disable-next-line react/no-array-index-key
                <td key={cell}>
                  <Skeleton width={`${68 - ((row + cell) % 3) * 12}%`} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
