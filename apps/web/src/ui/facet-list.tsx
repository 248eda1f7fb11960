// Values with their counts: a click filters by one, another click takes the filter out.
import { type ReactNode, useState } from 'react';
import { useFormat, useText } from '../i18n/i18n-context.tsx';
import { cx } from './class-names.ts';
import s from './facet-list.module.css';
import { Icon } from './icon.tsx';
import { Skeleton, WaitingLines } from './states.tsx';

const SHOWN = 5;

export interface FacetEntry {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

/** Nothing when there are no values. Chosen values that nothing has any more stay, with 0. */
export function FacetList(props: {
  readonly title: string;
  readonly entries: readonly FacetEntry[];
  readonly chosen: readonly string[];
  /** How people read a value that nothing has any more. */
  readonly labelOf: (value: string) => string;
  readonly onToggle: (value: string) => void;
}): ReactNode {
  const text = useText();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const { entries, chosen } = props;
  const known = new Set(entries.map(({ value }) => value));
  const absent = chosen.filter((value) => !known.has(value));
  const values = [...absent.map((value) => ({ value, label: props.labelOf(value), count: 0 })), ...entries];
  if (values.length === 0) return null;
  const most = Math.max(1, ...values.map((entry) => entry.count));
  const shown = all ? values : values.slice(0, SHOWN);
  return (
    <section className={s.facet}>
      <h2>{props.title}</h2>
      <ul>
        {shown.map((entry) => {
          const on = chosen.includes(entry.value);
          return (
            <li key={entry.value}>
              <button
                type="button"
                className={cx(s.value, on && s.on)}
                aria-pressed={on}
                title={entry.label}
                onClick={() => props.onToggle(entry.value)}
              >
                <span className={s.bar} style={{ width: `${(entry.count / most) * 100}%` }} />
                <span className={s.mark}>{on && <Icon name="check" size={12} />}</span>
                <span className={s.label}>{entry.label}</span>
                <span className={s.count}>{format.compact(entry.count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {values.length > SHOWN && (
        <button type="button" className={s.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? text.common.showLess : `${text.common.showAll} (${values.length})`}
        </button>
      )}
    </section>
  );
}

/** The geometry of a facet whose values are on their way. */
export function WaitingFacet(): ReactNode {
  return (
    <div className={s.facet}>
      <Skeleton width={80} />
      <WaitingLines widths={[70, 55, 60, 40]} height={18} />
    </div>
  );
}
