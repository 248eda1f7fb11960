// The change line by line, before it is loaded.
import { type ReactNode, useMemo } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import x from '../../ui/text.module.css';
import { type DiffLine, shortDiff } from '../rules/line-diff.ts';
import s from './editor.module.css';

const SIGN = { same: ' ', added: '+', removed: '−', skipped: '⋯' } as const;

export function ReviewChange(props: {
  readonly before: string;
  readonly after: string;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}): ReactNode {
  const { before, after, isBusy, onClose, onConfirm } = props;
  const text = useText();
  const { editor: words } = text.workbench;
  const lines = useMemo(() => shortDiff(before, after), [before, after]);
  const count = (kind: DiffLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  return (
    <Modal
      title={words.review}
      wide
      onClose={onClose}
      footer={
        <>
          <span className={s.reviewNote}>{words.reviewText}</span>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button variant="primary" disabled={isBusy} onClick={onConfirm}>
            {words.publishNow}
          </Button>
        </>
      }
    >
      {lines.length === 0 ? (
        <p>{words.noChange}</p>
      ) : (
        <>
          <p className={s.faint}>{words.lines(count('added'), count('removed'))}</p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className={s.diff} tabIndex={0} role="region" aria-label={words.review}>
            {lines.map((line) => (
              <div
                key={`${line.kind} ${line.before} ${line.after}`}
                className={s.diffLine}
                data-kind={line.kind}
              >
                <span className={s.lineNumber}>{line.before || ''}</span>
                <span className={s.lineNumber}>{line.after || ''}</span>
                <span aria-hidden="true">{SIGN[line.kind]}</span>
                {(line.kind === 'added' || line.kind === 'removed') && (
                  <span className={x.srOnly}>{words[line.kind]}</span>
                )}
                <code>{line.kind === 'skipped' ? words.skipped : line.text}</code>
              </div>
            ))}
          </div>
        </>
      )}
    </Modal>
  );
}
