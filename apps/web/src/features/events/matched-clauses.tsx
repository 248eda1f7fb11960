// The clauses of the rule that held, with what the rule wanted beside what the event had. What made the rule fire comes
// first; exclusions that did not apply are folded away, because they are many and say little.
import type { MatchedClause } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { markParts } from '../../ui/highlight.ts';
import x from '../../ui/text.module.css';
import s from './alert.module.css';
import { clauseNeedle } from './clause-needle.ts';

export function MatchedClauses({ clauses }: { readonly clauses: readonly MatchedClause[] }): ReactNode {
  const text = useText();
  if (clauses.length === 0) return <p className={x.muted}>{text.alert.noClauses}</p>;
  const exclusions = clauses.filter((clause) => clause.operator.startsWith('not '));
  const reasons = clauses.filter((clause) => !exclusions.includes(clause));
  return (
    <>
      <ClauseTable clauses={reasons.length === 0 ? exclusions : reasons} />
      {reasons.length > 0 && exclusions.length > 0 && (
        <details className={s.exclusions}>
          <summary>{text.alert.exclusions(exclusions.length)}</summary>
          <ClauseTable clauses={exclusions} />
        </details>
      )}
    </>
  );
}

function ClauseTable({ clauses }: { readonly clauses: readonly MatchedClause[] }): ReactNode {
  const text = useText();
  return (
    <table className={s.clauses}>
      <thead>
        <tr>
          <th scope="col">{text.alert.field}</th>
          <th scope="col">{text.alert.operator}</th>
          <th scope="col">{text.alert.expected}</th>
          <th scope="col">{text.alert.actual}</th>
        </tr>
      </thead>
      <tbody>
        {clauses.map((clause) => (
          <tr key={`${clause.field} ${clause.operator} ${clause.expected}`}>
            <td>
              <code className={s.field}>{clause.field}</code>
              {clause.macros.length > 0 && (
                <span className={s.macro}>{text.alert.viaMacro(clause.macros.join(' › '))}</span>
              )}
            </td>
            <td>
              <code className={s.operator}>{clause.operator}</code>
            </td>
            <td>
              <code>{clause.expected}</code>
            </td>
            <td>
              <code>
                {clause.actual === ''
                  ? '—'
                  : markParts(clause.actual, clauseNeedle(clause)).map((part) =>
                      part.hit ? <mark key={part.text}>{part.text}</mark> : part.text,
                    )}
              </code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
