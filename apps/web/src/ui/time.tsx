// A moment, as age or as clock time, with the exact time on hover.
import type { ReactNode } from 'react';
import { useFormat, useNow, useText } from '../i18n/i18n-context.tsx';

export function Ago({ time }: { readonly time: string | number }): ReactNode {
  const format = useFormat();
  const text = useText();
  const nowMs = useNow();
  if (time === '' || time === 0) return <span>{text.common.never}</span>;
  const iso = typeof time === 'number' ? new Date(time).toISOString() : time;
  return (
    <time dateTime={iso} title={format.dateTime(time)}>
      {format.ago(time, nowMs)}
    </time>
  );
}

export function ClockTime({ time }: { readonly time: string }): ReactNode {
  const format = useFormat();
  const nowMs = useNow();
  return (
    <time dateTime={time} title={format.dateTime(time)}>
      {format.clock(time, nowMs)}
    </time>
  );
}

export function DateTime({ time }: { readonly time: string | number }): ReactNode {
  const format = useFormat();
  return <time>{time === '' || time === 0 ? '—' : format.dateTime(time)}</time>;
}
