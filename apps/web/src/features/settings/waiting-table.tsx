// A table's geometry while its rows are on their way.
import type { ReactNode } from 'react';
import { places, Skeleton } from '../../ui/states.tsx';
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
          {places(props.rows).map((row) => (
            <tr key={row}>
              {places(props.columns).map((cell) => (
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
