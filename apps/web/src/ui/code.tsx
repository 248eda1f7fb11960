// Code on screen: rule conditions and JSON, lightly coloured.
import { type ReactNode, useMemo } from 'react';
import { cx } from './class-names.ts';
import s from './code.module.css';
import { cutCondition, cutJson, type Piece } from './highlight.ts';

function Pieces({ pieces }: { readonly pieces: readonly Piece[] }): ReactNode {
  return pieces.map((piece, index) => (
    // The pieces of a text never move.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={index} className={piece.kind === 'plain' ? undefined : s[piece.kind]}>
      {piece.text}
    </span>
  ));
}

export function ConditionCode({
  source,
  label,
}: {
  readonly source: string;
  readonly label: string;
}): ReactNode {
  const pieces = useMemo(() => cutCondition(source), [source]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={cx(s.code, s.wrap)} tabIndex={0} role="region" aria-label={label}>
      <Pieces pieces={pieces} />
    </pre>
  );
}

export function JsonCode({ value, label }: { readonly value: unknown; readonly label: string }): ReactNode {
  const pieces = useMemo(() => cutJson(JSON.stringify(value, null, 2)), [value]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={s.code} tabIndex={0} role="region" aria-label={label}>
      <Pieces pieces={pieces} />
    </pre>
  );
}
