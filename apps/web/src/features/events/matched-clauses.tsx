// The clauses of the rule that held, with what the rule wanted beside what the event had.
import type { MatchedClause } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { markParts } from '../../ui/highlight.ts';
import s from './alert.module.css';

/** The part of the actual value that made the clause hold, where that can be shown. */
function needleOf(clause: MatchedClause): string {
  if (clause.operator.startsWith('not ')) return '';
  const first = clause.expected.replace(/^[("']+|[)"']+$/g, '');
  if (clause.actual.toLowerCase().includes(first.toLowerCase())) return first;
  const listed = first.split(',').map((one) => one.trim().replace(/^["']|["']$/g, ''));
  return listed.find((one) => one !== '' && clause.actual.includes(one)) ?? '';
}

export function MatchedClauses({ clauses }: { readonly clauses: readonly MatchedClause[] }): ReactNode {
  const text = useText();
  if (clauses.length === 0) return <p className={s.faint}>{text.alert.noClauses}</p>;
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
                  : markParts(clause.actual, needleOf(clause)).map((part) =>
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
