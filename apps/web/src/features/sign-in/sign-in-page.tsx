// Sign-in: clear errors, and where the first password is.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { call, setCsrfToken } from '../../api/client.ts';
import { sessionQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Logo } from '../../ui/logo.tsx';
import { PreferencesMenu } from '../shell/menus.tsx';
import s from './sign-in.module.css';

/** Where to go after signing in: only addresses of this console. */
function safeNext(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/sign-in') ? next : '/';
}

export function SignInPage(): ReactNode {
  const text = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/sign-in' });
  const [username, setUsername] = useState('admin');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  // Nothing that the last person saw stays in memory.
  useEffect(() => client.clear(), [client]);
  useEffect(() => {
    document.title = `${text.signIn.title} · Guardcell`;
  }, [text]);

  async function signIn(): Promise<void> {
    const session = await call('login', { body: { username, password } });
    setCsrfToken(session.csrfToken);
    client.clear();
    client.setQueryData(sessionQuery.queryKey, session);
    await navigate({ href: safeNext(next) });
  }
  function explain(error: unknown): string {
    if (!(error instanceof ApiError)) return String(error);
    if (error.status === 0) return `${text.error.unreachable}. ${text.error.unreachableHint}`;
    if (error.status === 401) return text.signIn.wrong;
    if (error.status !== 429) return error.message;
    return error.retryAfterSeconds > 0
      ? text.signIn.limited(error.retryAfterSeconds)
      : text.signIn.limitedSoon;
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    signIn()
      .catch((error: unknown) => setProblem(explain(error)))
      .finally(() => setBusy(false));
  }
  return (
    <div className={s.page}>
      <div className={s.corner}>
        <PreferencesMenu />
      </div>
      <main className={s.main}>
        <div className={s.brand}>
          <Logo size={44} />
          <div>
            <p className={s.name}>{text.app.name}</p>
            <p className={s.tagline}>{text.app.tagline}</p>
          </div>
        </div>
        <form className={s.form} onSubmit={onSubmit}>
          <h1>{text.signIn.title}</h1>
          <p className={problem === '' ? s.note : s.problem} role="alert">
            {problem || (next !== undefined && next !== '/' ? text.signIn.next : '')}
          </p>
          <TextField
            label={text.signIn.username}
            name="username"
            autoComplete="username"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
          <TextField
            label={text.signIn.password}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            // The user name is filled in; the password is what is left to type.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button type="submit" variant="primary" disabled={busy || username === '' || password === ''}>
            {busy ? text.signIn.working : text.signIn.submit}
          </Button>
        </form>
        <section className={s.help}>
          <h2>{text.signIn.firstTitle}</h2>
          <p>{text.signIn.first}</p>
        </section>
      </main>
    </div>
  );
}
