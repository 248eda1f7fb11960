// One response rule: made, changed or deleted when it comes from the console, only shown when it comes from a file.
import type { ResponseRule } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useDeleteResponse, usePutResponse } from '../../api/mutations.ts';
import { responsesQuery } from '../../api/queries.ts';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { useExplanation } from '../../ui/form-problem.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Banner, Mono } from '../../ui/page.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import { useToast } from '../../ui/toast.tsx';
import s from './response.module.css';
import { draftOf, draftProblems, EMPTY_DRAFT, inputOf, type ResponseDraft } from './response-draft.ts';
import { ResponseForm } from './response-form.tsx';

export function NewResponseDrawer(): ReactNode {
  return <Editor key="new" rule={undefined} />;
}

export function ResponseDrawer(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const { responseName } = useParams({ from: '/app/response/rules/$responseName' });
  const { data } = useQuery(responsesQuery);
  const rule = data?.items.find((one) => one.name === responseName);
  if (rule !== undefined) return <Editor key={rule.name} rule={rule} />;
  return (
    <Drawer
      label={text.response.form.view}
      itemKey={responseName}
      title={<h2>{responseName}</h2>}
      onClose={() => void navigate({ to: '/response' })}
    >
      {data === undefined ? <Skeleton width="60%" /> : <EmptyState title={text.error.notFound} />}
    </Drawer>
  );
}

/** What the server said about the draft. */
type Verdict = { readonly ok: true } | { readonly ok: false; readonly message: string };

function Editor({ rule }: { readonly rule: ResponseRule | undefined }): ReactNode {
  const text = useText();
  const { form } = text.response;
  const navigate = useNavigate();
  const toast = useToast();
  const explanation = useExplanation();
  const isAdmin = useCan('admin');
  const put = usePutResponse();
  const remove = useDeleteResponse();
  const { data } = useQuery(responsesQuery);
  const [draft, setDraft] = useState<ResponseDraft>(rule === undefined ? EMPTY_DRAFT : draftOf(rule));
  const [tried, setTried] = useState(false);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [removing, setRemoving] = useState(false);
  const readOnly = !isAdmin || rule?.origin.kind === 'file';
  const problems = draftProblems(draft);
  const taken = rule === undefined && data?.items.some((one) => one.name === draft.name.trim()) === true;
  const close = (): void => void navigate({ to: '/response' });

  function send(dryRun: boolean): void {
    setTried(true);
    setVerdict(null);
    if (Object.keys(problems).length > 0 || taken) return;
    put.mutate(
      { rule: inputOf(draft), dryRun },
      {
        onSuccess: () => {
          if (dryRun) {
            setVerdict({ ok: true });
            return;
          }
          toast({ tone: 'good', title: form.saved(draft.name.trim()) });
          close();
        },
        onError: (error) => setVerdict({ ok: false, message: explanation(error) }),
      },
    );
  }
  const title = rule === undefined ? form.create : readOnly ? form.view : form.edit;
  const footer = readOnly ? undefined : (
    <>
      <Button variant="primary" disabled={put.isPending} onClick={() => send(false)}>
        {text.common.save}
      </Button>
      <Button disabled={put.isPending} onClick={() => send(true)}>
        {form.check}
      </Button>
      <Button variant="quiet" onClick={close}>
        {text.common.cancel}
      </Button>
      {rule !== undefined && (
        <Button variant="quiet" icon="trash" onClick={() => setRemoving(true)}>
          {text.common.remove}
        </Button>
      )}
    </>
  );
  return (
    <Drawer
      label={title}
      itemKey={rule?.name ?? 'new'}
      title={<h2>{rule?.name ?? title}</h2>}
      onClose={close}
      {...(footer !== undefined && { footer })}
    >
      {rule?.origin.kind === 'file' && (
        <Banner tone="plain" title={text.response.readOnly}>
          <Mono wrap>{rule.origin.path}</Mono>
        </Banner>
      )}
      <ResponseForm
        draft={draft}
        problems={tried ? problems : {}}
        isNew={rule === undefined}
        readOnly={readOnly}
        onChange={(next) => {
          setDraft(next);
          setVerdict(null);
        }}
      />
      {tried && taken && <p className={s.problem}>{form.nameTaken}</p>}
      {verdict !== null && (
        <p className={verdict.ok ? s.accepted : s.problem} role="status">
          {verdict.ok ? form.checked : verdict.message}
        </p>
      )}
      {removing && rule !== undefined && (
        <Modal
          title={form.removeTitle(rule.name)}
          onClose={() => setRemoving(false)}
          footer={
            <>
              <Button onClick={() => setRemoving(false)}>{text.common.cancel}</Button>
              <Button
                variant="danger"
                disabled={remove.isPending}
                onClick={() =>
                  remove.mutate(rule.name, {
                    onSuccess: () => {
                      toast({ tone: 'good', title: form.removed(rule.name) });
                      close();
                    },
                    onError: (error) => {
                      setRemoving(false);
                      setVerdict({ ok: false, message: explanation(error) });
                    },
                  })
                }
              >
                {text.common.remove}
              </Button>
            </>
          }
        >
          <p>{form.removeText}</p>
        </Modal>
      )}
    </Drawer>
  );
}
