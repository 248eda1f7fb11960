// The ancestry of the process that acted, oldest first, each generation one step further in.
import type { AlertProcess } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { cx } from '../../ui/class-names.ts';
import { Badge } from '../../ui/page.tsx';
import x from '../../ui/text.module.css';
import { ClockTime } from '../../ui/time.tsx';
import s from './alert.module.css';

const STEP_PX = 18;
const MAX_DEPTH = 12;

/** `processes`: the one that acted first, then its ancestors. */
export function ProcessTree({ processes }: { readonly processes: readonly AlertProcess[] }): ReactNode {
  const text = useText();
  const oldestFirst = processes.toReversed();
  return (
    <ol className={s.tree}>
      {oldestFirst.map((process, index) => {
        const acted = index === oldestFirst.length - 1;
        return (
          <li
            key={`${process.pid} ${process.startedAt}`}
            className={cx(s.process, acted && s.acted)}
            style={{ marginLeft: Math.min(index, MAX_DEPTH) * STEP_PX }}
          >
            <div className={s.processHead}>
              <strong>{process.name}</strong>
              <span className={x.muted}>{text.alert.pid(process.pid, process.vpid)}</span>
              <span className={x.muted}>{process.user || process.uid}</span>
              {acted && <Badge tone="accent">{text.alert.actor}</Badge>}
              {process.startedAt !== '' && (
                <span className={s.started}>
                  <ClockTime time={process.startedAt} />
                </span>
              )}
            </div>
            <code className={s.cmdline}>{process.cmdline || process.exe}</code>
            {acted && (
              <span className={s.exe}>
                {process.exe}
                {process.cwd !== '' && ` · ${text.alert.cwd} ${process.cwd}`}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
