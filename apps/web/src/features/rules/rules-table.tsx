// The rules as rows; j/k walk through them, Enter opens one.
import type { RuleView } from '@guardcell/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { SparkBars } from '../../charts/spark-bars.tsx';
import { useI18n, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { useHotkeys } from '../../ui/hotkeys.ts';
import { stepIndex } from '../../ui/key-matcher.ts';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, places, Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import { RuleSwitch } from './rule-switch.tsx';
import { localText } from './rule-titles.ts';
import s from './rules.module.css';
import { alertsOfWeek, type RulesSearch } from './rules-search.ts';

const CHIPS = 2;
const WAITING_ROWS = 12;

export function RulesTable(props: {
  readonly rules: readonly RuleView[];
  readonly total: number;
  readonly search: RulesSearch;
  readonly openName: string | undefined;
}): ReactNode {
  const { rules, total, search, openName } = props;
  const text = useText();
  const navigate = useNavigate();
  const frame = useRef<HTMLDivElement>(null);

  function open(name: string): void {
    void navigate({
      to: '/rules/$ruleName',
      params: { ruleName: name },
      search,
      replace: openName !== undefined,
    });
  }
  function move(step: number): void {
    const links = [...(frame.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const from = rules.findIndex(
      (rule, index) =>
        rule.name === openName || (openName === undefined && links[index] === document.activeElement),
    );
    const index = stepIndex(from, step, rules.length);
    const next = rules[index];
    if (next === undefined) return;
    links[index]?.closest('tr')?.scrollIntoView({ block: 'nearest' });
    if (openName === undefined) links[index]?.focus({ preventScroll: true });
    else open(next.name);
  }
  useHotkeys({ j: () => move(1), k: () => move(-1) });

  if (total === 0) return <EmptyState title={text.rules.emptyAll} hint={text.rules.emptyAllHint} />;
  if (rules.length === 0) {
    return (
      <EmptyState
        title={text.rules.empty}
        hint={text.rules.emptyHint}
        action={
          <Button onClick={() => void navigate({ to: '/rules', search: {} })}>{text.common.clearAll}</Button>
        }
      />
    );
  }
  return (
    <div ref={frame} className={t.frame}>
      <table className={t.table}>
        <Head />
        <tbody>
          {rules.map((rule) => (
            <RuleRow
              key={rule.name}
              rule={rule}
              search={search}
              isOpen={rule.name === openName}
              onOpen={open}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head(): ReactNode {
  const text = useText();
  const { column } = text.rules;
  return (
    <thead>
      <tr>
        <th scope="col">{column.rule}</th>
        <th scope="col" className={s.severityColumn}>
          {column.severity}
        </th>
        <th scope="col" className={s.mitreColumn}>
          {column.mitre}
        </th>
        <th scope="col" className={cx(s.alertsColumn, t.right)}>
          {column.alerts}
        </th>
        <th scope="col" className={s.weekColumn}>
          {text.workbench.week}
        </th>
        <th scope="col" className={s.lastColumn}>
          {text.workbench.lastFired}
        </th>
        <th scope="col" className={s.stateColumn}>
          {column.enabled}
        </th>
      </tr>
    </thead>
  );
}

function RuleRow(props: {
  readonly rule: RuleView;
  readonly search: RulesSearch;
  readonly isOpen: boolean;
  readonly onOpen: (name: string) => void;
}): ReactNode {
  const { rule, search, isOpen, onOpen } = props;
  const { text, language, format } = useI18n();
  const title = localText(rule.title, language) || rule.name;
  return (
    // The row is a large target for the pointer; the link inside it is what the keyboard and screen readers use.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr
      className={t.row}
      data-open={isOpen}
      onClick={(event) => {
        if (!(event.target as Element).closest('a, button, label, input')) onOpen(rule.name);
      }}
    >
      <td>
        <div className={cx(t.main, !rule.enabled && s.off)}>
          <Link
            data-row
            to="/rules/$ruleName"
            params={{ ruleName: rule.name }}
            search={search}
            replace={isOpen}
            className={s.title}
            aria-label={text.rules.open(title)}
          >
            {title}
          </Link>
        </div>
        <div className={x.sub}>{localText(rule.description, language)}</div>
      </td>
      <td>
        <SeverityLabel severity={rule.severity} />
      </td>
      <td>
        <span className={s.chips}>
          {rule.mitre.slice(0, CHIPS).map((technique) => (
            <Link
              key={technique}
              to="/rules"
              search={{ ...search, mitre: technique }}
              className={s.chip}
              title={text.rules.filterBy(technique)}
              tabIndex={-1}
            >
              {technique}
            </Link>
          ))}
          {rule.mitre.length > CHIPS && (
            <span className={s.moreChips} title={rule.mitre.slice(CHIPS).join(', ')}>
              +{rule.mitre.length - CHIPS}
            </span>
          )}
        </span>
      </td>
      <td className={t.right}>
        {rule.alerts24h === 0 ? (
          <span className={x.muted}>0</span>
        ) : (
          <Link
            to="/events"
            search={{ rule: [rule.name], since: '24h' }}
            className={s.count}
            aria-label={text.rules.seeAlerts(rule.alerts24h)}
          >
            {format.number(rule.alerts24h)}
          </Link>
        )}
      </td>
      <td>
        <SparkBars values={rule.alertsByDay} label={text.workbench.weekOf(alertsOfWeek(rule))} />
      </td>
      <td>
        {rule.lastFiredAt === '' ? (
          <span className={x.muted} title={text.workbench.never}>
            —
          </span>
        ) : (
          <Ago time={rule.lastFiredAt} />
        )}
      </td>
      <td>
        <RuleSwitch rule={rule} />
      </td>
    </tr>
  );
}

/** The table's geometry while the library is on its way. */
export function WaitingRules(): ReactNode {
  return (
    <div className={t.frame} aria-busy="true">
      <table className={t.table}>
        <Head />
        <tbody>
          {places(WAITING_ROWS).map((index) => (
            <tr key={index}>
              <td>
                <div className={t.main}>
                  <Skeleton width={`${44 - (index % 4) * 6}%`} />
                </div>
                <div className={x.sub}>
                  <Skeleton width={`${82 - (index % 3) * 12}%`} height={10} />
                </div>
              </td>
              <td>
                <Skeleton width={64} />
              </td>
              <td>
                <Skeleton width={72} height={22} round />
              </td>
              <td className={t.right}>
                <Skeleton width={28} />
              </td>
              <td>
                <Skeleton width={68} height={20} />
              </td>
              <td>
                <Skeleton width={84} />
              </td>
              <td>
                <Skeleton width={32} height={18} round />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
