// Asks before something is taken away for good.
import type { ReactNode } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

export function ConfirmRemoval(props: {
  readonly title: string;
  readonly note: string;
  readonly action: string;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText();
  return (
    <Modal
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{text.common.cancel}</Button>
          <Button variant="danger" disabled={props.isBusy} onClick={props.onConfirm}>
            {props.isBusy ? text.action.running : props.action}
          </Button>
        </>
      }
    >
      <p>{props.note}</p>
    </Modal>
  );
}
