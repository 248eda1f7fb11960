// The code editor: CodeMirror in a shadow root. There its styles are constructed style sheets, which the content
// security policy allows; a style element in the page it would refuse.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { type CompletionData, candidatesAt } from './complete.ts';
import { conditionMarks } from './condition-marks.ts';
import { cursorContext } from './cursor-context.ts';
import { editorTheme, highlightStyle } from './editor-theme.ts';

/** A problem in the text; lines and columns from 1, 0 where they are not known. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly isError: boolean;
  readonly message: string;
}

export interface CodeEditorOptions {
  readonly label: string;
  readonly content: string;
  readonly readOnly: boolean;
  readonly onChange: (content: string) => void;
  /** Asked when the typing pauses; what it finds is shown in the text. */
  readonly check: (content: string) => Promise<readonly Fault[]>;
  readonly completion: () => CompletionData | undefined;
  readonly onSave: () => void;
}

export interface CodeEditor {
  /** Replaces the text; reported as a change. */
  setContent(content: string): void;
  setReadOnly(readOnly: boolean): void;
  goTo(line: number, column: number): void;
  focus(): void;
  destroy(): void;
}

const CHECK_PAUSE_MS = 450;
const SHOWN_MAX = 200;

const TYPES: Readonly<Record<string, string>> = {
  field: 'property',
  operator: 'keyword',
  event: 'enum',
  macro: 'function',
  list: 'variable',
  transformer: 'method',
  keyword: 'keyword',
  key: 'property',
  value: 'constant',
};

function completionSource(data: () => CompletionData | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const known = data();
    if (known === undefined) return null;
    const at = cursorContext(context.state.doc.toString(), context.pos);
    if (at.word === '' && !context.explicit && at.field === '') return null;
    const options = candidatesAt(at, known)
      .slice(0, SHOWN_MAX)
      .map(
        ({ label, kind, detail, info, insert }, index): Completion => ({
          label,
          type: TYPES[kind] ?? 'text',
          ...(detail !== '' && { detail }),
          ...(info !== '' && { info }),
          ...(insert !== undefined && { apply: insert }),
          boost: -Math.min(index, 99),
        }),
      );
    if (options.length === 0) return null;
    return { from: at.from, options, filter: false };
  };
}

/** The place of a fault: from its column to the end of the word, or the line's text when the column is not known. */
function place(state: EditorState, { line, column }: Fault): { from: number; to: number } {
  const row = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  if (column <= 0) return { from: row.from + (row.text.length - row.text.trimStart().length), to: row.to };
  const from = Math.min(row.from + column - 1, row.to);
  const word = /^[\w.%-]+|^\S/.exec(state.doc.sliceString(from, row.to))?.[0].length ?? 0;
  return { from, to: Math.min(from + Math.max(word, 1), row.to) };
}

function diagnostic(state: EditorState, fault: Fault): Diagnostic {
  return {
    ...place(state, fault),
    severity: fault.isError ? 'error' : 'warning',
    message: fault.message,
  };
}

/** Puts an editor into `host`, which must have no shadow root yet or one of ours. */
export function createCodeEditor(host: HTMLElement, options: CodeEditorOptions): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const readOnly = new Compartment();
  const locked = (value: boolean): Extension => [
    EditorState.readOnly.of(value),
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      'aria-readonly': String(value),
      tabindex: '0',
    }),
  ];
  const save = (): boolean => {
    options.onSave();
    return true;
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  function checkNow(): void {
    const { doc } = view.state;
    void options.check(doc.toString()).then((faults) => {
      // What was typed meanwhile is checked on its own.
      if (view.state.doc !== doc) return;
      view.dispatch(
        setDiagnostics(
          view.state,
          faults.map((fault) => diagnostic(view.state, fault)),
        ),
      );
    });
  }
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.content,
      extensions: [
        lineNumbers(),
        lintGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('  '),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        yaml(),
        conditionMarks,
        syntaxHighlighting(highlightStyle),
        editorTheme,
        autocompletion({
          override: [completionSource(options.completion)],
          icons: false,
          maxRenderedOptions: 60,
        }),
        keymap.of([
          { key: 'Mod-s', run: save, preventDefault: true },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...searchKeymap,
          ...defaultKeymap,
        ]),
        readOnly.of(locked(options.readOnly)),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          options.onChange(update.state.doc.toString());
          clearTimeout(pause);
          pause = setTimeout(checkNow, CHECK_PAUSE_MS);
        }),
      ],
    }),
  });
  checkNow();
  return {
    setContent(content) {
      if (content === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: content } });
    },
    setReadOnly: (value) => view.dispatch({ effects: readOnly.reconfigure(locked(value)) }),
    goTo(line, column) {
      const { from } = place(view.state, { line, column, isError: true, message: '' });
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      view.focus();
    },
    focus: () => view.focus(),
    destroy() {
      clearTimeout(pause);
      view.destroy();
    },
  };
}
