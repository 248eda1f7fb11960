// What is wrong with the rule files: where, what, and what to do; errors first.
import type { RuleLoadProblem } from '@guardcell/core';
import { type ReactNode, useState } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge, Card } from '../../ui/page.tsx';
import s from './rules.module.css';

const SHOWN = 4;

export function LoadProblems({ problems }: { readonly problems: readonly RuleLoadProblem[] }): ReactNode {
  const text = useText();
  const [all, setAll] = useState(false);
  const sorted = problems.toSorted((a, b) => Number(b.level === 'error') - Number(a.level === 'error'));
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  return (
    <Card title={text.rules.problems(problems.length)} className={s.problems} flush>
      <p className={s.problemsNote}>{text.rules.problemsHint}</p>
      <ul>
        {shown.map((problem) => (
          <li
            key={`${problem.code} ${problem.file}:${problem.line}:${problem.column} ${problem.item} ${problem.message}`}
            className={s.problem}
          >
            <span>
              <Badge tone={problem.level === 'error' ? 'bad' : 'warn'}>
                {text.rules.level[problem.level]}
              </Badge>
            </span>
            <div>
              <p className={s.problemText}>
                {problem.item !== '' && <strong>{problem.item}: </strong>}
                {problem.message}
              </p>
              {problem.hint !== '' && (
                <p className={s.problemText}>
                  {text.common.hint}: {problem.hint}
                </p>
              )}
              <p className={s.problemFacts}>
                <code>{place(problem)}</code> · {problem.code}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {problems.length > SHOWN && (
        <div className={s.problemsMore}>
          <Button size="small" variant="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? text.common.showLess : text.common.showAll}
          </Button>
        </div>
      )}
    </Card>
  );
}

/** `file:line:column`, as editors and terminals understand it; without what is not known. */
export function place({ file, line, column }: { file: string; line: number; column?: number }): string {
  return [file, line, column].filter((part) => part !== undefined && part !== 0 && part !== '').join(':');
}
