// What is wrong with the text, below the editor: each problem leads to its place.
import type { RuleLoadProblem } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge, Dot } from '../../ui/page.tsx';
import { place } from '../rules/load-problems.tsx';
import s from './editor.module.css';

export type CheckState =
  | { readonly kind: 'checking' }
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'done';
      readonly rules: number;
      readonly problems: readonly RuleLoadProblem[];
      /** The text has changed since. */
      readonly isOld: boolean;
    };

const SHOWN = 50;

export function FaultList(props: {
  readonly check: CheckState;
  /** Name of the file in the editor; problems of others are told with their place. */
  readonly own: string;
  readonly onOpen: (problem: RuleLoadProblem) => void;
}): ReactNode {
  const { check, own, onOpen } = props;
  const text = useText();
  const { editor: words } = text.workbench;
  const problems = check.kind === 'done' ? check.problems : [];
  const errors = problems.filter(({ level }) => level === 'error').length;
  const sorted = problems.toSorted(
    (a, b) => Number(b.level === 'error') - Number(a.level === 'error') || a.line - b.line,
  );
  return (
    <div className={s.faults}>
      <p className={s.status} role="status">
        {check.kind === 'checking' && words.checking}
        {check.kind === 'failed' && words.checkFailed}
        {check.kind === 'done' && (
          <span className={s.row}>
            <Dot tone={errors > 0 ? 'bad' : problems.length > 0 ? 'warn' : 'good'} />
            {problems.length === 0
              ? words.clean(check.rules)
              : words.faults(errors, problems.length - errors)}
          </span>
        )}
        <span className={s.keys}>{words.keys}</span>
      </p>
      {sorted.length > 0 && (
        <ul className={s.faultItems} aria-label={words.problems}>
          {sorted.slice(0, SHOWN).map((problem) => (
            <li key={`${problem.code} ${place(problem)} ${problem.item} ${problem.message}`}>
              <button
                type="button"
                className={s.fault}
                disabled={problem.file !== own}
                onClick={() => onOpen(problem)}
              >
                <Badge tone={problem.level === 'error' ? 'bad' : 'warn'}>
                  {text.rules.level[problem.level]}
                </Badge>
                <span className={s.faultText}>
                  {problem.message}
                  {problem.hint !== '' && <span className={s.faint}> — {problem.hint}</span>}
                </span>
                <span className={s.faint}>
                  {problem.file === own ? words.goTo(problem.line) : place(problem)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
