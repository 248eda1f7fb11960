// Why something was refused, in the server's words, which are in the language of the console: above the button of a form,
// as a toast where there is no form, or wherever a screen shows it.
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../i18n/i18n-context.tsx';
import s from './form-modal.module.css';
import { useToast } from './toast.tsx';

function explain(error: unknown, unreachable: string): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 0) return unreachable;
  const fields = Object.entries(error.fields)
    .filter(([, message]) => !error.message.includes(message))
    .map(([pointer, message]) => `${pointer}: ${message}`);
  return [error.message, ...fields, error.hint, `(${error.code})`].filter((part) => part !== '').join(' ');
}

/** Says why, with what to do about it and the code. */
export function useExplanation(): (error: unknown) => string {
  const { error: texts } = useText();
  return (error) => explain(error, `${texts.unreachable}. ${texts.unreachableHint}`);
}

export function FormProblem({ error }: { readonly error: unknown }): ReactNode {
  const explanation = useExplanation();
  if (error === null || error === undefined) return null;
  return (
    <p className={s.problem} role="alert">
      {explanation(error)}
    </p>
  );
}

export function useFailureToast(): (error: unknown) => void {
  const text = useText();
  const toast = useToast();
  const explanation = useExplanation();
  return (error) => toast({ tone: 'bad', title: text.settings.notDone, detail: explanation(error) });
}
