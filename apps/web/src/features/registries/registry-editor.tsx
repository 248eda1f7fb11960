// The drawer in which a registry is made or changed; "try it" asks the platform before anything is saved.
import type { Registry, RegistryCheck } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useCheckRegistry, usePutRegistry } from '../../api/scan-mutations.ts';
import { registriesQuery } from '../../api/scan-queries.ts';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { FormProblem } from '../../ui/form-problem.tsx';
import { Mono } from '../../ui/page.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { useToast } from '../../ui/toast.tsx';
import s from './registries.module.css';
import {
  draftOf,
  EMPTY_DRAFT,
  nameOf,
  type RegistryDraft,
  registryInput,
  registryProblems,
} from './registry-draft.ts';
import { RegistryForm } from './registry-form.tsx';

export function NewRegistryDrawer(): ReactNode {
  return <Editor registry={undefined} />;
}

export function EditRegistryDrawer(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const { registryName } = useParams({ from: '/app/images/registries/named/$registryName/edit' });
  const { data } = useQuery(registriesQuery);
  const registry = data?.items.find(({ name }) => name === registryName);
  if (registry !== undefined) return <Editor key={registry.name} registry={registry} />;
  return (
    <Drawer
      label={text.registries.edit(registryName)}
      itemKey={registryName}
      title={<h2>{registryName}</h2>}
      onClose={() => void navigate({ to: '/images/registries' })}
    >
      {data === undefined ? <Skeleton width="60%" /> : <EmptyState title={text.error.notFound} />}
    </Drawer>
  );
}

function Editor({ registry }: { readonly registry: Registry | undefined }): ReactNode {
  const text = useText();
  const { registries } = text;
  const navigate = useNavigate();
  const toast = useToast();
  const isAdmin = useCan('admin');
  const put = usePutRegistry();
  const check = useCheckRegistry();
  const { data } = useQuery(registriesQuery);
  const [draft, setDraft] = useState<RegistryDraft>(registry === undefined ? EMPTY_DRAFT : draftOf(registry));
  const [isNamed, setNamed] = useState(registry !== undefined);
  const [tried, setTried] = useState(false);
  const taken = registry === undefined ? (data?.items.map(({ name }) => name) ?? []) : [];
  const problems = registryProblems(draft, taken);
  const title = registry === undefined ? registries.add : registries.edit(registry.name);
  function close(): void {
    if (registry === undefined) void navigate({ to: '/images/registries' });
    else
      void navigate({
        to: '/images/registries/named/$registryName',
        params: { registryName: registry.name },
      });
  }
  /** What is sent; undefined while something in the form is wrong. */
  function ready(): { name: string; input: ReturnType<typeof registryInput> } | undefined {
    setTried(true);
    return problems.size > 0 ? undefined : { name: draft.name, input: registryInput(draft) };
  }
  function save(): void {
    const wanted = ready();
    if (wanted === undefined || put.isPending) return;
    put.mutate(wanted, {
      onSuccess: ({ name }) => {
        toast({ tone: 'good', title: registries.saved(name) });
        void navigate({ to: '/images/registries/named/$registryName', params: { registryName: name } });
      },
    });
  }
  function tryIt(): void {
    const wanted = ready();
    if (wanted !== undefined) check.mutate(wanted);
  }
  return (
    <Drawer
      label={title}
      itemKey={registry?.name ?? 'new'}
      title={<h2>{title}</h2>}
      onClose={close}
      footer={
        isAdmin ? (
          <>
            <Button variant="primary" disabled={put.isPending} onClick={save}>
              {text.common.save}
            </Button>
            <Button disabled={check.isPending} onClick={tryIt}>
              {check.isPending ? registries.trying : registries.tryIt}
            </Button>
            <Button variant="quiet" onClick={close}>
              {text.common.cancel}
            </Button>
          </>
        ) : (
          <span className={x.muted}>{registries.onlyAdmin}</span>
        )
      }
    >
      <RegistryForm
        draft={draft}
        problems={tried ? problems : new Set()}
        isNew={registry === undefined}
        passwordSet={registry?.passwordSet === true}
        disabled={!isAdmin}
        onChange={(next) => {
          check.reset();
          if (next.name !== draft.name) setNamed(true);
          const follows = !isNamed && next.name === draft.name && next.url !== draft.url;
          setDraft(follows ? { ...next, name: nameOf(next.url) } : next);
        }}
      />
      <FormProblem error={put.error ?? check.error} />
      {check.data !== undefined && <Verdict verdict={check.data} />}
    </Drawer>
  );
}

function Verdict({ verdict }: { readonly verdict: RegistryCheck }): ReactNode {
  const { registries } = useText();
  return (
    <div className={cx(s.verdict, !verdict.ok && s.refused)} role="status">
      <strong>{verdict.ok ? registries.tried : registries.failed}</strong>
      {verdict.detail !== '' && (
        <p>{`${verdict.detail}${verdict.code === '' ? '' : ` (${verdict.code})`}`}</p>
      )}
      {verdict.ok && (
        <p>
          {verdict.repositories.length === 0 ? registries.triedNone : registries.triedRepositories}{' '}
          <Mono>{verdict.repositories.join(', ')}</Mono>
        </p>
      )}
    </div>
  );
}
