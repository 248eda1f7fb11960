// A modal with a form: Enter in a field does what its button does, why it was refused stands below the fields.
import type { ReactNode } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { Button } from './button.tsx';
import s from './form-modal.module.css';
import { FormProblem } from './form-problem.tsx';
import { Modal } from './modal.tsx';

export function FormModal(props: {
  readonly title: string;
  readonly wide?: boolean;
  /** What the button says. */
  readonly action: string;
  readonly isReady: boolean;
  /** Of an action that takes something away or says no. */
  readonly isDanger?: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { common } = useText();
  const { isReady, onSubmit, onClose } = props;
  return (
    <Modal
      title={props.title}
      onClose={onClose}
      wide={props.wide === true}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            variant={props.isDanger === true ? 'danger' : 'primary'}
            disabled={!isReady}
            onClick={onSubmit}
          >
            {props.action}
          </Button>
        </>
      }
    >
      <form
        className={s.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onSubmit();
        }}
      >
        {props.children}
        <FormProblem error={props.error} />
        {/* Lets Enter in a field submit the form. */}
        <input type="submit" hidden />
      </form>
    </Modal>
  );
}
