// Colours conditions inside YAML: to YAML they are one text, to a reader they are fields, tests and words.

import { RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { cutCondition } from '../../ui/highlight.ts';

const MARKS: Readonly<Record<string, Decoration>> = Object.fromEntries(
  ['keyword', 'field', 'string', 'operator'].map((kind) => [
    kind,
    Decoration.mark({ class: `cm-c-${kind}` }),
  ]),
);
const KEY = /^(\s*)(?:- )?([\w-]+):(.*)$/;

/** Marks of what is on screen; the key that a first visible line belongs to is looked for above it. */
function marksOf(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    let inCondition = false;
    let indent = 0;
    let at = view.state.doc.lineAt(from).number;
    for (; at > 1; at -= 1) {
      if (KEY.test(view.state.doc.line(at).text)) break;
    }
    for (; at <= view.state.doc.lines; at += 1) {
      const line = view.state.doc.line(at);
      if (line.from > to) break;
      const { text } = line;
      const key = KEY.exec(text);
      const ownIndent = text.length - text.trimStart().length;
      let start = 0;
      if (key !== null && (!inCondition || ownIndent <= indent)) {
        inCondition = key[2] === 'condition';
        indent = ownIndent;
        start = text.length - (key[3] ?? '').length;
      }
      if (!inCondition || text.trimStart().startsWith('#')) continue;
      let place = line.from + start;
      for (const piece of cutCondition(text.slice(start))) {
        const mark = MARKS[piece.kind];
        if (mark !== undefined) builder.add(place, place + piece.text.length, mark);
        place += piece.text.length;
      }
    }
  }
  return builder.finish();
}

export const conditionMarks: ViewPlugin<{ marks: DecorationSet; update(update: ViewUpdate): void }> =
  ViewPlugin.define(
    (view) => ({
      marks: marksOf(view),
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) this.marks = marksOf(update.view);
      },
    }),
    { decorations: (plugin) => plugin.marks },
  );
