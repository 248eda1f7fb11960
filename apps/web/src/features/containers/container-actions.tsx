// Everything that was done to one container, newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { actionsQuery } from '../../api/queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { MoreRows } from '../../ui/table.tsx';
import { ActionList } from '../response/action-state.tsx';

export function ContainerActions({ containerId }: { readonly containerId: string }): ReactNode {
  const text = useText();
  const list = useInfiniteQuery(actionsQuery({ container: containerId }));
  const records = useItems(list);
  if (list.isError && list.data === undefined) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.isPending && records.length === 0) return <EmptyState title={text.containers.noActionsYet} />;
  return (
    <Card title={text.containers.tab.actions}>
      {list.isPending ? <Skeleton width="60%" /> : <ActionList records={records} />}
      <MoreRows list={list} />
    </Card>
  );
}
