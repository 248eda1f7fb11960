// The rule editor: one file, with completion, problems as one types, a look at the change before it is loaded, and the
// test bench beside it.
import type { RuleFileDocument } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ruleFileQuery } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { PageHead } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { EditorScreen } from './editor-screen.tsx';
import { NEW_FILE, nameForCopy } from './editor-search.ts';

export function EditorPage(): ReactNode {
  const search = useSearch({ from: '/app/rules/editor' });
  const opened = search.file ?? search.copy;
  const { data, error, refetch } = useQuery({
    ...ruleFileQuery(opened ?? ''),
    enabled: opened !== undefined,
    refetchOnMount: 'always',
  });
  const session = useSession();
  const mayWrite = session?.user.role === 'admin';
  if (opened === undefined)
    return (
      <EditorScreen
        key="new"
        mayWrite={mayWrite}
        document={undefined}
        start={{ name: '', content: NEW_FILE }}
        onReload={() => Promise.resolve(undefined)}
      />
    );
  if (data === undefined) {
    return (
      <>
        <PageHead title={opened} />
        {error === null ? (
          <p aria-busy="true">
            <Skeleton width="60%" />
          </p>
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )}
      </>
    );
  }
  const isCopy = search.file === undefined;
  return (
    <EditorScreen
      key={opened + String(isCopy)}
      mayWrite={mayWrite}
      document={isCopy ? undefined : data}
      start={
        isCopy
          ? { name: nameForCopy(opened), content: data.content }
          : { name: opened, content: data.content }
      }
      line={search.line}
      onReload={async (): Promise<RuleFileDocument | undefined> => (await refetch()).data}
    />
  );
}
