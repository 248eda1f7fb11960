// The code editor as a component: made once, told what changes, taken down with the screen.
import { type ReactNode, useEffect, useRef } from 'react';
import { type CodeEditor, createCodeEditor, type Fault } from './code-editor.ts';
import type { CompletionData } from './complete.ts';
import s from './editor.module.css';

export interface CodeFieldProps {
  readonly label: string;
  /** To start with. From then on the editor has the text: what it reports comes back too late to be put in again. */
  readonly content: string;
  readonly readOnly: boolean;
  readonly completion: CompletionData | undefined;
  readonly onChange: (content: string) => void;
  readonly onCheck: (content: string) => Promise<readonly Fault[]>;
  readonly onSave: () => void;
  readonly onReady: (editor: CodeEditor) => void;
}

export function CodeField(props: CodeFieldProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(undefined);
  const latest = useRef(props);
  latest.current = props;
  // biome-ignore lint: the editor lives as long as the screen; it asks for the newest of everything else
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = createCodeEditor(host.current, {
      label: props.label,
      content: props.content,
      readOnly: props.readOnly,
      onChange: (content) => latest.current.onChange(content),
      check: (content) => latest.current.onCheck(content),
      completion: () => latest.current.completion,
      onSave: () => latest.current.onSave(),
    });
    editor.current = made;
    latest.current.onReady(made);
    return () => made.destroy();
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  useEffect(() => editor.current?.setReadOnly(props.readOnly), [props.readOnly]);
  return <div ref={host} className={s.code} />;
}
