// What a screen shows when it has nothing to show: loading, empty, error, no permission.
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../i18n/i18n-context.tsx';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import { Motif } from './logo.tsx';
import s from './states.module.css';

/** The places 0 … count - 1, for things that differ in nothing but their place. */
export function places(count: number): readonly number[] {
  return [...Array(count).keys()];
}

/** A grey bar in the place of text that is coming, of the same size. */
export function Skeleton(props: {
  readonly width?: number | string;
  readonly height?: number;
  readonly round?: boolean;
}): ReactNode {
  return (
    <span
      className={cx(s.skeleton, props.round && s.round)}
      style={{ width: props.width ?? '100%', height: props.height ?? 12 }}
    />
  );
}

/** Lines of text that are on their way, by their widths in percent. */
export function WaitingLines(props: {
  readonly widths: readonly number[];
  readonly height?: number;
}): ReactNode {
  return (
    <div className={s.lines} aria-busy="true">
      {props.widths.map((width) => (
        <Skeleton
          key={width}
          width={`${width}%`}
          {...(props.height !== undefined && { height: props.height })}
        />
      ))}
    </div>
  );
}

export function EmptyState(props: {
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
  readonly compact?: boolean;
}): ReactNode {
  return (
    <div className={cx(s.state, props.compact && s.compact)}>
      <Motif size={props.compact ? 32 : 56} />
      <p className={s.title}>{props.title}</p>
      {props.hint !== undefined && <p className={s.hint}>{props.hint}</p>}
      {props.action}
    </div>
  );
}

/** An error with its code, what to do, and a way to try again; "no permission" and "not found" read as such. */
export function ErrorState(props: {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly compact?: boolean;
  /** The role that a 403 asks for. */
  readonly needs?: 'admin' | 'responder';
}): ReactNode {
  const text = useText();
  const error = props.error instanceof ApiError ? props.error : undefined;
  const message = props.error instanceof Error ? props.error.message : String(props.error);
  let title = text.error.title;
  let hint = [message, error?.hint ?? ''].filter((part) => part !== '').join(' ');
  if (error?.status === 0) {
    title = text.error.unreachable;
    hint = text.error.unreachableHint;
  } else if (error !== undefined && error.status >= 500 && !error.code.startsWith('GC_')) {
    hint = text.error.serverHint;
  } else if (error?.status === 403) {
    title = text.error.forbidden;
    hint = text.error.forbiddenHint(text.role[props.needs ?? 'admin']);
  } else if (error?.status === 404) {
    title = text.error.notFound;
    hint = text.error.notFoundHint;
  }
  const retriable = props.onRetry !== undefined && error?.status !== 403 && error?.status !== 404;
  return (
    <div className={cx(s.state, props.compact && s.compact)} role="alert">
      <Motif size={props.compact ? 32 : 56} />
      <p className={s.title}>{title}</p>
      <p className={s.hint}>{hint}</p>
      {error !== undefined && (
        <p className={s.code}>
          {error.code}
          {error.requestId !== '' && ` · ${text.common.requestId} ${error.requestId}`}
        </p>
      )}
      {retriable && <Button onClick={props.onRetry}>{text.common.retry}</Button>}
    </div>
  );
}
