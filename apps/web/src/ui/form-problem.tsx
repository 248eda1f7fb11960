// Why a form was refused, above its button; and the same as a toast where there is no form.
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../i18n/i18n-context.tsx';
import s from './form-modal.module.css';
import { useToast } from './toast.tsx';

function explain(error: unknown, unreachable: string): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 0) return unreachable;
  const fields = Object.entries(error.fields).map(([pointer, message]) => `${pointer}: ${message}`);
  return [error.message, ...fields, error.hint, `(${error.code})`].filter((part) => part !== '').join(' ');
}

export function FormProblem({ error }: { readonly error: unknown }): ReactNode {
  const text = useText();
  if (error === null || error === undefined) return null;
  return (
    <p className={s.problem} role="alert">
      {explain(error, `${text.error.unreachable}. ${text.error.unreachableHint}`)}
    </p>
  );
}

export function useFailureToast(): (error: unknown) => void {
  const text = useText();
  const toast = useToast();
  return (error) =>
    toast({ tone: 'bad', title: text.settings.notDone, detail: explain(error, text.error.unreachable) });
}
