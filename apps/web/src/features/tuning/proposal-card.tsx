// One proposed exception: what it says, how risky it is and why, what it would have silenced and what would remain.
import type { RuleExceptionView, TuneProposal } from '@guardcell/contract';
import type { ReactNode } from 'react';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge } from '../../ui/page.tsx';
import s from './tuning.module.css';

const TUPLES_SHOWN = 5;
const TONES = { low: 'good', medium: 'accent', high: 'bad', unknown: 'plain' } as const;

export function ProposalCard(props: {
  readonly proposal: TuneProposal;
  readonly isFirst: boolean;
  readonly isApplied: boolean;
  readonly isBusy: boolean;
  readonly onApply: () => void;
}): ReactNode {
  const { proposal, isFirst, isApplied, isBusy, onApply } = props;
  const text = useText();
  const allowed = useCan('admin');
  const { tuning } = text.workbench;
  const { exception, preview, risk, notes } = proposal;
  const share = preview.looked === 0 ? 0 : preview.silenced / preview.looked;
  return (
    <article className={s.card} data-risk={risk} aria-label={exception.name}>
      <header className={s.cardHead}>
        <Badge tone={TONES[risk]}>{tuning.risk[risk]}</Badge>
        <strong>{tuning.silences(preview.silenced, preview.looked)}</strong>
      </header>
      <span className={s.meter} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {notes.length > 0 && (
        <ul className={s.notes}>
          {notes.map((note) => (
            <li key={note}>{tuning.note[note]}</li>
          ))}
        </ul>
      )}
      <p className={s.label}>{tuning.condition}</p>
      <Values exception={exception} />
      {preview.unknown > 0 && <p className={s.faint}>{tuning.unknown(preview.unknown)}</p>}
      {preview.total > preview.looked && (
        <p className={s.faint}>{tuning.partial(preview.looked, preview.total)}</p>
      )}
      {preview.problem !== '' && <p className={s.problem}>{preview.problem}</p>}
      <details className={s.examples} open={isFirst}>
        <summary>{tuning.preview}</summary>
        <Examples
          title={tuning.stillFires}
          messages={preview.remainingExamples.map((alert) => alert.message)}
          empty={tuning.allSilenced}
        />
        <Examples
          title={tuning.silenced}
          messages={preview.silencedExamples.map((alert) => alert.message)}
          empty="—"
        />
      </details>
      <footer className={s.cardFoot}>
        <span className={s.faint}>{tuning.where}</span>
        <Button
          variant={isFirst ? 'primary' : 'default'}
          disabled={!allowed || isBusy || isApplied}
          title={allowed ? undefined : tuning.needAdmin}
          icon={isApplied ? 'check' : 'plus'}
          onClick={onApply}
        >
          {isBusy ? tuning.applying : isApplied ? tuning.applied(exception.name) : tuning.apply}
        </Button>
      </footer>
    </article>
  );
}

/** The tuples, one block each: a field, how it is compared, and with what. */
function Values({ exception }: { readonly exception: RuleExceptionView }): ReactNode {
  const text = useText();
  const { tuning } = text.workbench;
  const shown = exception.values.slice(0, TUPLES_SHOWN);
  return (
    <div className={s.tuples}>
      {shown.map((tuple, at) => (
        // Tuples never move.
        // oxlint-disable-next-line react/no-array-index-key
        <dl key={at} className={s.tuple}>
          {exception.fields.map((field, column) => (
            <div key={field}>
              <dt>
                <code>{field}</code>
              </dt>
              <dd>
                <code className={s.comp}>{exception.comps[column]}</code>{' '}
                <code>{valueText(tuple[column])}</code>
              </dd>
            </div>
          ))}
        </dl>
      ))}
      {exception.values.length > shown.length && (
        <p className={s.faint}>{tuning.moreValues(exception.values.length - shown.length)}</p>
      )}
    </div>
  );
}

function valueText(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : `(${(value ?? []).join(', ')})`;
}

function Examples(props: {
  readonly title: string;
  readonly messages: readonly string[];
  readonly empty: string;
}): ReactNode {
  const { title, messages, empty } = props;
  return (
    <>
      <p className={s.label}>{title}</p>
      {messages.length === 0 ? (
        <p className={s.faint}>{empty}</p>
      ) : (
        <ul className={s.messages}>
          {messages.map((message, at) => (
            // Several alerts may say the same.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={at}>{message}</li>
          ))}
        </ul>
      )}
    </>
  );
}
