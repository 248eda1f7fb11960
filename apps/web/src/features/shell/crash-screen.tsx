// What is shown instead of a screen that failed or does not exist.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';

export function CrashScreen({ error }: { readonly error: unknown }): ReactNode {
  const text = useText();
  const reload = (): void => window.location.reload();
  if (error instanceof ApiError) return <ErrorState error={error} onRetry={reload} />;
  return (
    <main>
      <EmptyState
        title={text.error.crash}
        hint={`${text.error.crashHint} ${error instanceof Error ? error.message : String(error)}`}
        action={<Button onClick={reload}>{text.error.reload}</Button>}
      />
    </main>
  );
}

export function MissingScreen(): ReactNode {
  const text = useText();
  return (
    <EmptyState
      title={text.error.notFound}
      hint={text.error.notFoundHint}
      action={<Link to="/">{text.nav.overview}</Link>}
    />
  );
}
