// Pause, resume and rate of the live tail.
import type { ReactNode } from 'react';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { defined } from '../../routes/search-params.ts';
import { Button } from '../../ui/button.tsx';
import { useHotkeys } from '../../ui/hotkeys.ts';
import { Dot } from '../../ui/page.tsx';
import s from './events.module.css';
import type { EventsSearch } from './events-search.ts';
import type { Tail } from './use-tail.ts';

interface Props {
  readonly search: EventsSearch;
  readonly tail: Tail;
  readonly onChange: (next: EventsSearch) => void;
}

export function TailControls({ search, tail, onChange }: Props): ReactNode {
  const text = useText();
  const format = useFormat();
  const toggle = (): void => {
    if (tail.possible) onChange(defined({ ...search, tail: tail.paused ? undefined : ('paused' as const) }));
  };
  useHotkeys({ p: toggle });
  const rate = tail.perSecond < 10 ? Math.round(tail.perSecond * 10) / 10 : Math.round(tail.perSecond);
  return (
    <div className={s.tail}>
      <span className={s.tailState} title={tail.possible ? undefined : text.events.liveOff}>
        <Dot tone={tail.possible && !tail.paused ? 'good' : 'plain'} />
        {tail.paused && tail.possible ? text.events.paused : text.events.tail}
        {tail.possible && <span className={s.rate}>{text.events.rate(format.number(rate))}</span>}
      </span>
      <Button
        size="small"
        variant="quiet"
        icon={tail.paused ? 'play' : 'pause'}
        disabled={!tail.possible}
        aria-pressed={tail.paused}
        onClick={toggle}
      >
        {tail.paused ? text.events.resume : text.events.pause}
      </Button>
    </div>
  );
}
