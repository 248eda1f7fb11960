// The editor of one file that is there, or of a new one. Holds what is typed until it is saved.
import type { RuleFileDocument } from '@guardcell/contract';
import type { RuleLoadProblem } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/client.ts';
import { useDeleteRuleFile, useWriteRuleFile } from '../../api/mutations.ts';
import { rulesQuery, vocabularyQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { useExplanation } from '../../ui/form-problem.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Badge, Banner, PageHead } from '../../ui/page.tsx';
import { useToast } from '../../ui/toast.tsx';
import { BenchPanel } from './bench-panel.tsx';
import type { CodeEditor, Fault } from './code-editor.ts';
import { CodeField } from './code-field.tsx';
import s from './editor.module.css';
import { isFileName } from './editor-search.ts';
import { type CheckState, FaultList } from './fault-list.tsx';
import { ReviewChange } from './review-change.tsx';

const BUSY_RETRY_MS = 1500;

export interface EditorScreenProps {
  readonly mayWrite: boolean;
  /** What is saved; undefined for a new file. */
  readonly document: RuleFileDocument | undefined;
  readonly start: { readonly name: string; readonly content: string };
  readonly line?: number | undefined;
  readonly onReload: () => Promise<RuleFileDocument | undefined>;
}

export function EditorScreen({
  mayWrite,
  document: opened,
  start,
  line,
  onReload,
}: EditorScreenProps): ReactNode {
  const text = useText();
  const { editor: words } = text.workbench;
  const navigate = useNavigate();
  const toast = useToast();
  const explanation = useExplanation();
  const write = useWriteRuleFile();
  const remove = useDeleteRuleFile();
  const [saved, setSaved] = useState(opened);
  const [content, setContent] = useState(start.content);
  const [shortName, setShortName] = useState(start.name);
  const [check, setCheck] = useState<CheckState>({ kind: 'checking' });
  const [dialog, setDialog] = useState<'review' | 'remove' | undefined>();
  const code = useRef<CodeEditor>(undefined);
  const current = useRef(content);
  current.current = content;

  const name = saved?.file.name ?? `custom/${shortName}`;
  const readOnly = !mayWrite || (saved !== undefined && !saved.file.editable);
  const isChanged = saved === undefined ? content !== start.content || mayWrite : content !== saved.content;
  const nameWrong = saved === undefined && shortName !== '' && !isFileName(shortName);
  const maySave = !readOnly && (saved !== undefined || isFileName(shortName));
  const leaving = useRef(false);
  useBlocker({
    shouldBlockFn: () =>
      !leaving.current &&
      !readOnly &&
      current.current !== (saved?.content ?? start.content) &&
      // The browser's own question: it also stands when the tab is closed.
      !window.confirm(words.unsaved),
    enableBeforeUnload: () => !readOnly && current.current !== (saved?.content ?? start.content),
  });

  const { data: vocabulary } = useQuery(vocabularyQuery);
  const { data: library } = useQuery(rulesQuery);
  const completion = useMemo(
    () =>
      vocabulary === undefined
        ? undefined
        : {
            vocabulary,
            tags: [...new Set(library?.items.flatMap((rule) => [...rule.tags, ...rule.mitre]) ?? [])].sort(),
          },
    [vocabulary, library],
  );

  const checkText = useCallback(
    async (typed: string): Promise<readonly Fault[]> => {
      setCheck((before) => (before.kind === 'done' ? { ...before, isOld: true } : before));
      const result = await validate(name, typed);
      if (result === undefined) {
        setCheck({ kind: 'failed' });
        return [];
      }
      setCheck({ kind: 'done', rules: result.rules, problems: result.problems, isOld: false });
      return result.problems.filter((problem) => problem.file === name).map(faultOf);
    },
    [name],
  );

  function save(draft: boolean): void {
    write.mutate(
      { name, content, draft, version: saved?.version },
      {
        onSuccess(next) {
          setSaved(next);
          setDialog(undefined);
          toast({ tone: 'good', title: draft ? words.drafted(next.file.name) : words.saved(next.file.name) });
          leaving.current = true;
          void navigate({ to: '/rules/editor', search: { file: next.file.name }, replace: true }).finally(
            () => {
              leaving.current = false;
            },
          );
        },
        onError: () => setDialog(undefined),
      },
    );
  }

  function askToSave(): void {
    if (maySave && isChanged) setDialog('review');
  }

  async function loadTheirs(keepMine: boolean): Promise<void> {
    const next = await onReload();
    if (next === undefined) return;
    setSaved(next);
    write.reset();
    if (!keepMine) code.current?.setContent(next.content);
    else setDialog('review');
  }

  const isStale = write.error instanceof ApiError && write.error.code === 'GC_STALE';
  return (
    <div className={s.page}>
      <PageHead
        title={saved === undefined ? words.newTitle : saved.file.name}
        note={<States {...{ saved, content, readOnly }} />}
      >
        {!readOnly && saved !== undefined && (
          <Button variant="quiet" icon="trash" onClick={() => setDialog('remove')}>
            {saved.isDraft && saved.file.published ? words.discardDraft : words.remove}
          </Button>
        )}
        {readOnly && mayWrite && saved !== undefined && (
          <Button icon="copy" onClick={() => void navigate({ to: '/rules/editor', search: { copy: name } })}>
            {text.workbench.copyToCustom}
          </Button>
        )}
        {!readOnly && (
          <>
            <Button disabled={!maySave || write.isPending} onClick={() => save(true)}>
              {words.saveDraft}
            </Button>
            <Button variant="primary" disabled={!maySave || write.isPending} onClick={askToSave}>
              {words.publish}
            </Button>
          </>
        )}
      </PageHead>
      {isStale && (
        <Banner
          tone="warn"
          title={words.staleTitle}
          action={
            <span className={s.row}>
              <Button size="small" onClick={() => void loadTheirs(false)}>
                {words.showTheirs}
              </Button>
              <Button size="small" onClick={() => void loadTheirs(true)}>
                {words.keepMine}
              </Button>
            </span>
          }
        >
          {words.staleText}
        </Banner>
      )}
      {write.error !== null && !isStale && (
        <Banner tone="bad" title={words.refused}>
          {explanation(write.error)}
        </Banner>
      )}
      {saved === undefined && (
        <div className={s.name}>
          <TextField
            label={words.name}
            hint={words.nameHint}
            error={nameWrong ? words.nameWrong : undefined}
            value={shortName}
            placeholder="my-rules.yaml"
            maxLength={90}
            onChange={(event) => setShortName(event.target.value.trim())}
          />
        </div>
      )}
      <div className={s.columns}>
        <section className={s.editor} aria-label={words.label(name)}>
          <CodeField
            label={words.label(name)}
            content={content}
            readOnly={readOnly}
            completion={completion}
            onChange={setContent}
            onCheck={checkText}
            onSave={askToSave}
            onReady={(made) => {
              code.current = made;
              if (line !== undefined) made.goTo(line, 1);
            }}
          />
          <FaultList check={check} onOpen={(at) => code.current?.goTo(at.line, at.column)} own={name} />
        </section>
        <BenchPanel name={name} content={content} />
      </div>
      {dialog === 'review' && (
        <ReviewChange
          before={saved?.content ?? ''}
          after={content}
          isBusy={write.isPending}
          onClose={() => setDialog(undefined)}
          onConfirm={() => save(false)}
        />
      )}
      {dialog === 'remove' && saved !== undefined && (
        <Modal
          title={words.removeTitle(name)}
          onClose={() => setDialog(undefined)}
          footer={
            <>
              <Button onClick={() => setDialog(undefined)}>{text.common.cancel}</Button>
              <Button
                variant="danger"
                disabled={remove.isPending}
                onClick={() =>
                  remove.mutate(
                    { name, draft: saved.isDraft && saved.file.published },
                    {
                      onSuccess() {
                        leaving.current = true;
                        toast({ tone: 'good', title: words.deleted(name) });
                        void navigate({ to: '/rules/files' });
                      },
                      onError(error) {
                        setDialog(undefined);
                        toast({ tone: 'bad', title: words.refused, detail: explanation(error) });
                      },
                    },
                  )
                }
              >
                {saved.isDraft && saved.file.published ? words.discardDraft : words.remove}
              </Button>
            </>
          }
        >
          <p>{words.removeText}</p>
        </Modal>
      )}
    </div>
  );
}

function States(props: {
  readonly saved: RuleFileDocument | undefined;
  readonly content: string;
  readonly readOnly: boolean;
}): ReactNode {
  const text = useText();
  const { editor: words, files } = text.workbench;
  const { saved, content, readOnly } = props;
  return (
    <span className={s.row}>
      {readOnly && <Badge title={words.readOnly}>{files.readOnly}</Badge>}
      {saved?.isDraft === true && <Badge tone="accent">{words.isDraft}</Badge>}
      {saved !== undefined && !saved.isDraft && <Badge tone="good">{files.published}</Badge>}
      {!readOnly && saved !== undefined && content !== saved.content && (
        <Badge tone="warn">{words.unsaved}</Badge>
      )}
    </span>
  );
}

function faultOf(problem: RuleLoadProblem): Fault {
  return {
    line: problem.line,
    column: problem.column,
    isError: problem.level === 'error',
    message: problem.hint === '' ? problem.message : `${problem.message}\n${problem.hint}`,
  };
}

interface Checked {
  readonly rules: number;
  readonly problems: readonly RuleLoadProblem[];
}

/** Undefined when the server cannot say; one that is busy is asked once more. */
async function validate(name: string, content: string, again = true): Promise<Checked | undefined> {
  try {
    return await call('validateRules', { body: { name, content, library: true } });
  } catch (thrown) {
    if (!again || !(thrown instanceof ApiError) || thrown.status !== 429) return undefined;
    await new Promise((done) => setTimeout(done, BUSY_RETRY_MS));
    return validate(name, content, false);
  }
}
