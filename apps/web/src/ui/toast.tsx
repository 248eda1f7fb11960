// Short messages about what has just happened, with a way to undo it. Read aloud politely.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { Button, IconButton } from './button.tsx';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';
import s from './toast.module.css';

export interface Toast {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOW_MS = 8000;
const SHOW_BAD_MS = 20_000;
const MAX_SHOWN = 4;
const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const text = useText();
  const [toasts, setToasts] = useState<readonly (Toast & { readonly id: number })[]>([]);
  const nextId = useRef(1);
  const close = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), []);
  const show = useCallback(
    (toast: Toast) => {
      const id = nextId.current++;
      setToasts((all) => [...all.slice(1 - MAX_SHOWN), { ...toast, id }]);
      setTimeout(() => close(id), toast.tone === 'bad' ? SHOW_BAD_MS : SHOW_MS);
    },
    [close],
  );
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      {children}
      <div className={s.stack} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={cx(s.toast, s[toast.tone])}>
            <Icon name={toast.tone === 'bad' ? 'warning' : toast.tone === 'good' ? 'check' : 'info'} />
            <div className={s.texts}>
              <div className={s.title}>{toast.title}</div>
              {toast.detail !== undefined && toast.detail !== '' && (
                <div className={s.detail}>{toast.detail}</div>
              )}
            </div>
            {toast.action !== undefined && (
              <Button
                size="small"
                onClick={() => {
                  close(toast.id);
                  toast.action?.run();
                }}
              >
                {toast.action.label}
              </Button>
            )}
            <IconButton icon="close" size="small" label={text.common.close} onClick={() => close(toast.id)} />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
