// Who is signed in, and their password.
import { type ReactNode, useState } from 'react';
import { useChangePassword } from '../../api/mutations.ts';
import { useSession } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormProblem } from '../../ui/form-problem.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { DateTime } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useSignOut } from '../shell/menus.tsx';
import s from './settings.module.css';

const MIN_LENGTH = 12;

export function AccountSection(): ReactNode {
  const text = useText();
  const session = useSession();
  const signOut = useSignOut();
  return (
    <div className={s.pair}>
      <Card
        title={text.settings.session.title}
        aside={
          <Button size="small" icon="signOut" onClick={signOut}>
            {text.app.signOut}
          </Button>
        }
      >
        {session !== undefined && (
          <Facts
            items={[
              [text.settings.session.user, session.user.name],
              [text.settings.session.role, text.role[session.user.role]],
              [text.settings.session.expires, <DateTime key="expires" time={session.expiresAt} />],
            ]}
          />
        )}
      </Card>
      {session?.user.kind === 'user' && <PasswordCard userName={session.user.name} />}
    </div>
  );
}

function PasswordCard({ userName }: { readonly userName: string }): ReactNode {
  const text = useText().settings.password;
  const toast = useToast();
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const isShort = next !== '' && next.length < MIN_LENGTH;
  const differs = again !== '' && again !== next;
  const ready = current !== '' && next.length >= MIN_LENGTH && again === next && !change.isPending;

  function submit(): void {
    change.mutate(
      { current, next },
      {
        onSuccess: () => {
          setCurrent('');
          setNext('');
          setAgain('');
          toast({ tone: 'good', title: text.done });
        },
      },
    );
  }
  return (
    <Card title={text.title}>
      <form
        className={s.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) submit();
        }}
      >
        {/* Tells password managers whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={userName} readOnly hidden />
        <TextField
          label={text.current}
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <TextField
          label={text.next}
          hint={text.hint}
          error={isShort ? text.short : undefined}
          type="password"
          autoComplete="new-password"
          maxLength={1000}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
        <TextField
          label={text.again}
          error={differs ? text.differ : undefined}
          type="password"
          autoComplete="new-password"
          maxLength={1000}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
        <FormProblem error={change.error} />
        <div className={s.buttons}>
          <Button type="submit" variant="primary" disabled={!ready}>
            {text.submit}
          </Button>
        </div>
      </form>
    </Card>
  );
}
