// Alerts over time as stacked bars: hover tells the numbers, dragging zooms, a click opens one bar; the same as a table.
import { SEVERITIES } from '@guardcell/core';
import { type PointerEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useFormat, useText } from '../i18n/i18n-context.tsx';
import { SeverityLabel, severityFill } from '../ui/severity.tsx';
import s from './charts.module.css';
import { type Bucket, layoutStack, rangeOfBrush, tickIndices } from './stack.ts';

interface Props {
  readonly label: string;
  readonly buckets: readonly Bucket[];
  readonly bucketMs: number;
  readonly height: number;
  readonly asTable: boolean;
  /** Called with the chosen time range: a drag, or one bar. */
  readonly onRange: (fromMs: number, toMs: number) => void;
}

const LEFT = 36;
const BOTTOM = 20;
const TOP = 6;
const CLICK_PX = 4;

/** Width of an element, kept up to date. */
function useWidth(): readonly [(node: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(0);
  const [node, setNode] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (node === null) return undefined;
    setWidth(node.clientWidth);
    const observer = new ResizeObserver(() => setWidth(node.clientWidth));
    observer.observe(node);
    return () => observer.disconnect();
  }, [node]);
  return [setNode, width];
}

export function StackedBars(props: Props): ReactNode {
  return props.asTable ? <BucketTable {...props} /> : <BarChart {...props} />;
}

function BarChart({ label, buckets, bucketMs, height, onRange }: Props): ReactNode {
  const format = useFormat();
  const [frame, width] = useWidth();
  const svg = useRef<SVGSVGElement>(null);
  const [hover, setHover] = useState(-1);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const inner = Math.max(0, width - LEFT);
  const plot = height - BOTTOM - TOP;
  const { bars, top, gridLines } = useMemo(() => layoutStack(buckets, inner, plot), [buckets, inner, plot]);
  const spanMs = buckets.length * bucketMs;
  const ticks = tickIndices(buckets.length, Math.max(2, Math.floor(inner / 90)));

  function xOf(event: PointerEvent): number {
    const box = svg.current?.getBoundingClientRect();
    return event.clientX - (box?.left ?? 0) - LEFT;
  }
  function finish(event: PointerEvent): void {
    if (drag === null) return;
    setDrag(null);
    const to = xOf(event);
    const range = rangeOfBrush(
      buckets,
      bucketMs,
      inner,
      drag.from,
      Math.abs(to - drag.from) < CLICK_PX ? drag.from : to,
    );
    if (range !== undefined) onRange(range.fromMs, range.toMs);
  }
  const hovered = hover < 0 ? undefined : bars[hover];
  return (
    <div ref={frame} className={s.frame} style={{ height }}>
      {width > 0 && (
        <svg
          ref={svg}
          width={width}
          height={height}
          className={s.chart}
          role="img"
          aria-label={label}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            setDrag({ from: xOf(event), to: xOf(event) });
          }}
          onPointerMove={(event) => {
            const x = xOf(event);
            setHover(
              x < 0 || x > inner ? -1 : Math.min(bars.length - 1, Math.floor((x / inner) * bars.length)),
            );
            if (drag !== null) setDrag({ from: drag.from, to: x });
          }}
          onPointerUp={finish}
          onPointerCancel={() => setDrag(null)}
          onPointerLeave={() => setHover(-1)}
        >
          <g transform={`translate(${LEFT} ${TOP})`}>
            {gridLines.map((value) => (
              <g key={value} transform={`translate(0 ${plot - (value / top) * plot})`}>
                <line x1={0} x2={inner} className={s.grid} />
                <text x={-8} dy="0.32em" textAnchor="end" className={s.axisText}>
                  {format.compact(value)}
                </text>
              </g>
            ))}
            {hovered !== undefined && (
              <rect x={hovered.x - 1} width={hovered.width + 2} y={0} height={plot} className={s.hover} />
            )}
            {bars.map((bar) => (
              <g key={bar.startMs}>
                {bar.segments.map((segment) => (
                  <rect
                    key={segment.severity}
                    x={bar.x}
                    width={bar.width}
                    y={segment.y}
                    height={segment.height}
                    fill={severityFill(segment.severity)}
                  />
                ))}
              </g>
            ))}
            <line x1={0} x2={inner} y1={plot} y2={plot} className={s.baseline} />
            {ticks.map((index) => (
              <text key={index} x={(index / buckets.length) * inner} y={plot + 15} className={s.axisText}>
                {format.tick(buckets[index]?.startMs ?? 0, spanMs)}
              </text>
            ))}
            {drag !== null && Math.abs(drag.to - drag.from) >= CLICK_PX && (
              <rect
                x={Math.max(0, Math.min(drag.from, drag.to))}
                width={Math.min(inner, Math.abs(drag.to - drag.from))}
                y={0}
                height={plot}
                className={s.brush}
              />
            )}
          </g>
        </svg>
      )}
      {hovered !== undefined && (
        <Tip
          bucket={buckets[hover]}
          bucketMs={bucketMs}
          total={hovered.total}
          left={Math.min(LEFT + hovered.x + hovered.width + 10, width - 190)}
        />
      )}
    </div>
  );
}

function Tip(props: {
  readonly bucket: Bucket | undefined;
  readonly bucketMs: number;
  readonly total: number;
  readonly left: number;
}): ReactNode {
  const format = useFormat();
  const text = useText();
  if (props.bucket === undefined) return null;
  const { counts, startMs } = props.bucket;
  return (
    <div className={s.tip} style={{ left: props.left }} aria-hidden="true">
      <div className={s.tipTime}>{format.dateTime(startMs)}</div>
      {SEVERITIES.filter((severity) => (counts[severity] ?? 0) > 0).map((severity) => (
        <div key={severity} className={s.tipRow}>
          <SeverityLabel severity={severity} />
          <span>{format.number(counts[severity] ?? 0)}</span>
        </div>
      ))}
      <div className={s.tipRow}>
        <span>{text.common.total}</span>
        <strong>{format.number(props.total)}</strong>
      </div>
    </div>
  );
}

function BucketTable({ label, buckets, height }: Props): ReactNode {
  const format = useFormat();
  const text = useText();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={s.tableFrame} style={{ height }} tabIndex={0} role="region" aria-label={label}>
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">{text.common.time}</th>
            {SEVERITIES.map((severity) => (
              <th key={severity} scope="col">
                {text.severity[severity]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket) => (
            <tr key={bucket.startMs}>
              <th scope="row">{format.dateTime(bucket.startMs)}</th>
              {SEVERITIES.map((severity) => (
                <td key={severity}>{format.number(bucket.counts[severity] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
