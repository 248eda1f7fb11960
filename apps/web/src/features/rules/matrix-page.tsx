// The ATT&CK matrix: what the rules that are on see of each technique. A cell leads to its rules in the library.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { rulesQuery } from '../../api/queries.ts';
import { useI18n } from '../../i18n/i18n-context.tsx';
import { ErrorState, places, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { attackQuery } from './attack-data.ts';
import s from './matrix.module.css';
import { buildMatrix, depthOf, type MatrixCell } from './matrix.ts';
import { localText } from './rule-titles.ts';
import { RulesHead } from './rules-head.tsx';

const LEGEND = ['0', '1', '2–3', '4–6', '7+'] as const;
const WAITING = 9;

export function MatrixPage(): ReactNode {
  const { text, format, language } = useI18n();
  const rules = useQuery(rulesQuery);
  const attack = useQuery(attackQuery);
  const isReady = rules.data !== undefined && attack.data !== undefined;
  const error = rules.data === undefined ? rules.error : attack.data === undefined ? attack.error : null;
  const columns = useMemo(
    () =>
      attack.data === undefined
        ? []
        : buildMatrix(rules.data?.items ?? [], attack.data.tactics, attack.data.listed, attack.data.known),
    [rules.data, attack.data],
  );
  const { matrix } = text.workbench;
  const cells = columns.flatMap((column) => column.cells);
  const techniques = new Map(cells.map((cell) => [cell.technique.id, cell]));
  const covered = [...techniques.values()].filter((cell) => cell.enabled > 0).length;
  return (
    <>
      <RulesHead current="matrix" note={isReady ? matrix.coverage(covered, techniques.size) : ''} />
      <div className={s.intro}>
        <p>{matrix.note(attack.data?.version ?? '…')}</p>
        <ul className={s.legend} aria-label={matrix.legend}>
          {LEGEND.map((label, depth) => (
            <li key={label}>
              <span className={s.swatch} data-depth={depth} aria-hidden="true" />
              {label}
            </li>
          ))}
        </ul>
      </div>
      {error !== null ? (
        <ErrorState error={error} onRetry={() => void Promise.all([rules.refetch(), attack.refetch()])} />
      ) : !isReady ? (
        <div className={s.matrix} aria-busy="true">
          {places(WAITING).map((at) => (
            <div key={at} className={s.column}>
              <Skeleton height={34} />
              <Skeleton height={52} />
              <Skeleton height={52} />
            </div>
          ))}
        </div>
      ) : (
        // The matrix is wider than narrow windows; it must scroll by keyboard too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={s.matrix} tabIndex={0} role="region" aria-label={matrix.caption}>
          {columns.map(({ tactic, cells: own, covered: seen }) => (
            <section key={tactic.id} className={s.column} aria-label={localText(tactic.name, language)}>
              <header className={s.tactic}>
                <h2>{localText(tactic.name, language)}</h2>
                <span className={s.tacticCount}>
                  {format.number(seen)}/{format.number(own.length)}
                </span>
              </header>
              <ul className={s.cells}>
                {own.map((cell) => (
                  <li key={cell.technique.id}>
                    <Cell cell={cell} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
    </>
  );
}

function Cell({ cell }: { readonly cell: MatrixCell }): ReactNode {
  const { text, format, language } = useI18n();
  const { matrix } = text.workbench;
  const { technique, enabled, rules, alerts } = cell;
  const name = localText(technique.name, language);
  const label = matrix.cell(technique.id, name, enabled, rules, alerts);
  const body = (
    <>
      <span className={s.name}>{name.replaceAll('/', '/\u200B')}</span>
      <span className={s.facts}>
        <span className={s.id}>{technique.id}</span>
        {rules > 0 && (
          <span className={s.numbers}>
            {alerts > 0 && (
              <span className={s.alerts} aria-hidden="true">
                {format.compact(alerts)}
              </span>
            )}
            <span className={s.count} aria-hidden="true">
              {format.number(enabled)}
            </span>
            <span className={x.srOnly}>{matrix.counts(enabled, rules, alerts)}</span>
          </span>
        )}
      </span>
    </>
  );
  const title = cell.isListed ? label : `${label}. ${matrix.extra}`;
  if (rules === 0) {
    return (
      <div className={s.cell} data-depth={0} title={title}>
        {body}
      </div>
    );
  }
  return (
    <Link
      to="/rules"
      search={{ mitre: technique.id }}
      className={s.cell}
      data-depth={depthOf(enabled)}
      data-extra={!cell.isListed}
      title={title}
    >
      {body}
    </Link>
  );
}
