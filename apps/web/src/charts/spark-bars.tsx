// A row of small bars: how a count went over the last days. The sentence beside it says the same to everybody.
import type { ReactNode } from 'react';
import s from './charts.module.css';

const WIDTH = 8;
const GAP = 2;
const HEIGHT = 20;

export function SparkBars(props: { readonly values: readonly number[]; readonly label: string }): ReactNode {
  const { values, label } = props;
  const most = Math.max(1, ...values);
  const width = values.length * (WIDTH + GAP) - GAP;
  return (
    <svg
      className={s.spark}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      {values.map((value, at) => {
        const height = value === 0 ? 1 : Math.max(2, Math.round((value / most) * HEIGHT));
        return (
          <rect
            // The days never change places.
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            x={at * (WIDTH + GAP)}
            y={HEIGHT - height}
            width={WIDTH}
            height={height}
            rx={1}
            data-empty={value === 0}
          />
        );
      })}
    </svg>
  );
}
