// What stands in the place of vulnerabilities when there are none: an error, a filter that is too narrow, or a beginning.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { isFiltered, type VulnerabilitySearch } from './vulnerability-search.ts';

export function NothingFound(props: {
  readonly search: VulnerabilitySearch;
  readonly list: {
    readonly isError: boolean;
    readonly error: unknown;
    readonly refetch: () => Promise<unknown>;
  };
}): ReactNode {
  const { vulnerabilities, common } = useText();
  const { search, list } = props;
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (isFiltered(search)) {
    return (
      <EmptyState
        title={vulnerabilities.empty}
        hint={vulnerabilities.emptyHint}
        action={
          <Link to="/vulnerabilities" search={search.by === undefined ? {} : { by: search.by }}>
            <Button tabIndex={-1}>{common.clearAll}</Button>
          </Link>
        }
      />
    );
  }
  return (
    <EmptyState
      title={vulnerabilities.emptyAll}
      hint={vulnerabilities.emptyAllHint}
      action={
        <Link to="/images/registries/new">
          <Button tabIndex={-1}>{vulnerabilities.addRegistry}</Button>
        </Link>
      }
    />
  );
}
