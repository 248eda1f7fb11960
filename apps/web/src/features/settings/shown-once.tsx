// A secret that is shown this one time, with a button to copy it.
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Modal } from '../../ui/modal.tsx';
import s from './settings.module.css';

export function ShownOnce(props: {
  readonly title: string;
  readonly note: string;
  readonly label: string;
  readonly secret: string;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText();
  return (
    <Modal
      title={props.title}
      onClose={props.onClose}
      wide
      footer={
        <Button variant="primary" onClick={props.onClose}>
          {text.common.close}
        </Button>
      }
    >
      <p>{props.note}</p>
      <div className={s.secret}>
        <code aria-label={props.label}>{props.secret}</code>
        <CopyButton value={props.secret} />
      </div>
    </Modal>
  );
}
