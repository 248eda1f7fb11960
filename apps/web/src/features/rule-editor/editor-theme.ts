// The editor's look, made of the console's tokens: they reach into the shadow root and follow light and dark.
import { HighlightStyle } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const highlightStyle: HighlightStyle = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-field)' },
  { tag: [tags.string, tags.attributeValue], color: 'var(--code-string)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--text-muted)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.bool, tags.null], color: 'var(--code-keyword)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--text-muted)' },
]);

export const editorTheme: Extension = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--text-default)',
    backgroundColor: 'transparent',
    fontSize: '13px',
  },
  '&.cm-focused': { outline: 'none' },
  // Ligatures would show `!=` as one sign that nobody can type.
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    fontVariantLigatures: 'none',
    lineHeight: '20px',
    overflow: 'auto',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text-strong)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor': { borderLeftColor: 'var(--text-strong)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--text-muted)',
    border: '0',
    paddingLeft: '4px',
  },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--surface-hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfe2ff, #24436e) !important',
  },
  '.cm-matchingBracket': {
    backgroundColor: 'var(--surface-selected)',
    outline: '1px solid var(--border-default)',
  },
  '.cm-c-field': { color: 'var(--code-field)' },
  '.cm-c-keyword': { color: 'var(--code-keyword)', fontWeight: '500' },
  '.cm-c-operator': { color: 'var(--code-operator)' },
  '.cm-c-string': { color: 'var(--code-string)' },
  '.cm-tooltip': {
    border: '1px solid var(--border-default)',
    borderRadius: 'var(--radius-md)',
    backgroundColor: 'var(--surface-overlay)',
    color: 'var(--text-default)',
    boxShadow: 'var(--shadow-overlay)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '12px',
    maxHeight: '18em',
    minWidth: '280px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', display: 'flex', gap: '12px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--surface-selected)',
    color: 'var(--text-strong)',
  },
  '.cm-completionLabel': { flex: '1' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent-text)' },
  '.cm-completionDetail': { color: 'var(--text-muted)', fontStyle: 'normal', marginLeft: '0' },
  '.cm-tooltip.cm-completionInfo': {
    padding: '8px 10px',
    maxWidth: '320px',
    fontFamily: 'var(--font-sans)',
    fontSize: '12px',
    lineHeight: '18px',
  },
  '.cm-diagnostic': {
    padding: '6px 10px',
    fontFamily: 'var(--font-sans)',
    fontSize: '12px',
    whiteSpace: 'pre-line',
  },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad-fill)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--severity-high-fill)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad-fill) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--severity-high-fill) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lint-marker': {
    width: '8px',
    height: '8px',
    margin: '6px 0 0 3px',
    borderRadius: '50%',
    content: 'none',
  },
  '.cm-lint-marker-error': { content: 'none', backgroundColor: 'var(--bad-fill)' },
  '.cm-lint-marker-warning': { content: 'none', backgroundColor: 'var(--severity-high-fill)' },
  '.cm-panels': { backgroundColor: 'var(--surface-sunken)', color: 'var(--text-default)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--border-default)' },
});
