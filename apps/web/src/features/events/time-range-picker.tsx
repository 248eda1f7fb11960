// The time range: named ranges that follow the clock, or two fixed times.
import { type ReactNode, useState } from 'react';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/menu.tsx';
import s from './events.module.css';
import { type EventsSearch, namedRange, RANGES, rangeOf, withRange } from './events-search.ts';

interface Props {
  readonly search: EventsSearch;
  readonly onChange: (next: EventsSearch) => void;
}

/** `YYYY-MM-DDTHH:mm` in the browser's zone, as a datetime-local input wants it. */
function localInput(ms: number): string {
  const shifted = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

export function TimeRangePicker({ search, onChange }: Props): ReactNode {
  const text = useText();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const named = namedRange(search);
  const { fromMs, toMs } = rangeOf(search, Date.now());
  const label =
    named === undefined
      ? `${format.dateTime(fromMs)} – ${search.until === undefined ? text.range.toNow : format.dateTime(toMs)}`
      : text.range.relative[named];
  function choose(next: EventsSearch): void {
    setOpen(false);
    onChange(next);
  }
  return (
    <Popover
      label={text.range.label}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button icon="clock" aria-label={`${text.range.label}: ${label}`}>
          {label}
          <Icon name="chevronDown" size={14} />
        </Button>
      }
    >
      <div className={s.rangePanel}>
        <ul className={s.rangeList}>
          {RANGES.map((range) => (
            <li key={range}>
              <button
                type="button"
                className={cx(s.rangeItem, range === named && s.rangeCurrent)}
                aria-pressed={range === named}
                onClick={() => choose(withRange(search, range))}
              >
                {text.range.relative[range]}
              </button>
            </li>
          ))}
        </ul>
        <AbsoluteForm
          fromMs={fromMs}
          toMs={toMs}
          onApply={(since, until) => choose(withRange(search, since, until))}
        />
      </div>
    </Popover>
  );
}

function AbsoluteForm(props: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly onApply: (since: string, until: string) => void;
}): ReactNode {
  const text = useText();
  const [from, setFrom] = useState(localInput(props.fromMs));
  const [to, setTo] = useState(localInput(props.toMs));
  const wrong = !(Date.parse(from) < Date.parse(to));
  return (
    <form
      className={s.rangeForm}
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) props.onApply(new Date(from).toISOString(), new Date(to).toISOString());
      }}
    >
      <p className={s.rangeTitle}>{text.range.absolute}</p>
      <TextField
        label={text.range.from}
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <TextField
        label={text.range.to}
        type="datetime-local"
        value={to}
        error={wrong ? text.range.invalid : undefined}
        onChange={(event) => setTo(event.target.value)}
      />
      <Button type="submit" disabled={wrong}>
        {text.range.apply}
      </Button>
    </form>
  );
}
